/** A PNG as its first and last bytes say: enough for whoever reads its kind and size. */
export function png(width: number, height: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(64);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, ...letters("IHDR")]);
  new DataView(bytes.buffer).setUint32(16, width);
  new DataView(bytes.buffer).setUint32(20, height);
  bytes.set(letters("IEND"), 56);
  return bytes;
}

/** A JPEG up to its frame header, which stands behind a segment of an application. */
export function jpeg(width: number, height: number, marker = 0xc2): Uint8Array<ArrayBuffer> {
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  return Uint8Array.from([
    0xff,
    0xd8,
    0xff,
    0xe0,
    0,
    4,
    1,
    2,
    0xff,
    0xff,
    marker,
    0,
    17,
    8,
    ...size,
    3,
    0,
    0,
    0,
  ]);
}

/** A drawing with this inside. */
export function svg(inside: string, attributes = 'viewBox="0 0 120 40"'): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${inside}</svg>`);
}

function letters(word: string): number[] {
  return [...word].map((letter) => letter.charCodeAt(0));
}
