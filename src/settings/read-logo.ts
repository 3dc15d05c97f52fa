import { invalid } from "../base/error.ts";
import { type DrawingFault, readDrawing } from "./drawing.ts";
import { type Picture, readBitmap } from "./picture.ts";

export const LOGO_SIZE_LIMIT_BYTES = 1_048_576;
const LEAST_PIXELS = 16;
const MOST_PIXELS = 4_000;

const DRAWING_FAULTS: Record<DrawingFault, (what: string) => string> = {
  not_a_drawing: () => "This SVG cannot be read. Export it again from your drawing program, or use a PNG",
  no_size: () => "This SVG does not say how large it is. Export it with a width and a height, or a view box",
  script: () => "This SVG holds a script. Export it without scripts, or use a PNG",
  handler: (what) => `This SVG holds an action (${what}). Export it without actions, or use a PNG`,
  outside: (what) =>
    `This SVG holds ${what}, which may load something from elsewhere. Export it as plain shapes, or use a PNG`,
  document: () => "This SVG holds another document. Export it as plain shapes, or use a PNG",
  declaration: (what) => `This SVG holds ${what}. Export it as a plain SVG, or use a PNG`,
  too_large: () => "This SVG holds too many shapes. Simplify it, or use a PNG",
};

/** Says what a logo is by its content. Throws `invalid` with the field `logo` for what cannot stand on a payer's page. */
export function readLogo(bytes: Uint8Array): Picture {
  if (bytes.length === 0) throw refuse("The file is empty. Choose another one");
  if (bytes.length > LOGO_SIZE_LIMIT_BYTES)
    throw refuse("The file is larger than 1 MB. Make it smaller and choose it again");
  const bitmap = readBitmap(bytes);
  if (bitmap) return demandSize(bitmap);
  if (!looksLikeText(bytes)) throw refuse("This is no PNG, JPEG or SVG file. Choose another one");
  const drawing = readDrawing(bytes);
  if (!drawing.ok) throw refuse(DRAWING_FAULTS[drawing.fault](drawing.what));
  return demandSize(drawing.picture);
}

function demandSize(picture: Picture): Picture {
  const size = `${picture.width} by ${picture.height} pixels`;
  const isDrawing = picture.mediaType === "image/svg+xml";
  if (!isDrawing && Math.min(picture.width, picture.height) < LEAST_PIXELS)
    throw refuse(
      `The picture has ${size}, which is too small to be read. Use one of at least ${LEAST_PIXELS} by ${LEAST_PIXELS}`,
    );
  if (!isDrawing && Math.max(picture.width, picture.height) > MOST_PIXELS)
    throw refuse(`The picture has ${size}. Make it smaller than ${MOST_PIXELS} by ${MOST_PIXELS}`);
  return picture;
}

function looksLikeText(bytes: Uint8Array): boolean {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const first = [...bytes.subarray(start, start + 200)].find((byte) => byte > 0x20);
  return first === 0x3c;
}

function refuse(words: string) {
  return invalid({ logo: words });
}
