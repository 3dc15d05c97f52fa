/** A picture as its bytes say, whatever its file is called. */
export type Picture = {
  mediaType: "image/png" | "image/jpeg" | "image/svg+xml";
  width: number;
  height: number;
};

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PNG_END = "IEND";
const JPEG_SEGMENTS_LIMIT = 1_000;

/** Reads kind and size, in pixels, of a PNG or JPEG from its own bytes. Undefined for anything else and for one that is cut off. */
export function readBitmap(bytes: Uint8Array): Picture | undefined {
  return readPng(bytes) ?? readJpeg(bytes);
}

/** https://www.w3.org/TR/png-3/#11IHDR */
function readPng(bytes: Uint8Array): Picture | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 45 || !PNG_SIGNATURE.every((byte, index) => bytes[index] === byte)) return undefined;
  if (wordAt(bytes, 12) !== "IHDR" || wordAt(bytes, bytes.length - 8) !== PNG_END) return undefined;
  return { mediaType: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
}

/** The size stands in the frame header, behind any number of other segments. https://www.w3.org/Graphics/JPEG/itu-t81.pdf B.2.2 */
function readJpeg(bytes: Uint8Array): Picture | undefined {
  if (bytes.length < 4 || bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  for (let segment = 0; segment < JPEG_SEGMENTS_LIMIT; segment++) {
    if (at + 9 > bytes.length || bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    // Fill bytes may stand before a marker.
    if (marker === 0xff) at += 1;
    else if (isFrameHeader(marker))
      return { mediaType: "image/jpeg", height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    else at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** SOF0 to SOF15 without the tables DHT, JPG and DAC, which lie between them. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function wordAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
