/** What the bytes of a file say, or why they say nothing that we could read. */
type FileText = { ok: true; text: string; encoding: Encoding } | { ok: false; reason: string };
type Encoding = "UTF-8" | "UTF-16" | "Windows-1252";

/** How much of a file is looked at to tell what it is. */
const SAMPLE_BYTES = 4_096;
/** In text without a byte order mark, this share of one half of the bytes being zero means UTF-16. */
const UTF16_ZERO_SHARE = 0.3;
/** Text holds next to no control characters; anything else is a program's own format. */
const CONTROL_SHARE_LIMIT = 0.005;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is counted.
const CONTROLS = /[\u0000-\u0008\u000b\u000e-\u0019\u001b-\u001f\u007f-\u009f]/g;

const SAVE_AS_CSV = "Open it in Excel, choose Save As, CSV UTF-8, and upload that file.";
const EXPORT_AS_CSV = "Export it as CSV and upload that file.";

/** What other formats begin with. Old Excel and Word files share one beginning, as do new ones and plain archives. */
const SIGNATURES: readonly { bytes: readonly number[]; at?: number; reason: string }[] = [
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    reason: `This is an Excel workbook or another packed file, not CSV. ${SAVE_AS_CSV}`,
  },
  { bytes: [0x50, 0x4b, 0x05, 0x06], reason: `This is an empty archive, not CSV. ${EXPORT_AS_CSV}` },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], reason: `This is an old Excel or Word file, not CSV. ${SAVE_AS_CSV}` },
  { bytes: [0x25, 0x50, 0x44, 0x46], reason: `This is a PDF, not CSV. ${EXPORT_AS_CSV}` },
  {
    bytes: [0x7b, 0x5c, 0x72, 0x74, 0x66],
    reason: `This is a Word (RTF) document, not CSV. ${EXPORT_AS_CSV}`,
  },
  { bytes: [0x89, 0x50, 0x4e, 0x47], reason: `This is a picture, not CSV. ${EXPORT_AS_CSV}` },
  { bytes: [0xff, 0xd8, 0xff], reason: `This is a picture, not CSV. ${EXPORT_AS_CSV}` },
  { bytes: [0x47, 0x49, 0x46, 0x38], reason: `This is a picture, not CSV. ${EXPORT_AS_CSV}` },
  { bytes: [0x57, 0x45, 0x42, 0x50], at: 8, reason: `This is a picture, not CSV. ${EXPORT_AS_CSV}` },
  { bytes: [0x49, 0x49, 0x2a, 0x00], reason: `This is a picture, not CSV. ${EXPORT_AS_CSV}` },
  { bytes: [0x4d, 0x4d, 0x00, 0x2a], reason: `This is a picture, not CSV. ${EXPORT_AS_CSV}` },
  {
    bytes: [0x1f, 0x8b],
    reason: "This is a packed file (gzip), not CSV. Unpack it and upload what is inside.",
  },
  {
    bytes: [0x37, 0x7a, 0xbc, 0xaf],
    reason: "This is a packed file (7-Zip), not CSV. Unpack it and upload what is inside.",
  },
  {
    bytes: [0x52, 0x61, 0x72, 0x21],
    reason: "This is a packed file (RAR), not CSV. Unpack it and upload what is inside.",
  },
  {
    bytes: [0xff, 0xfe, 0x00, 0x00],
    reason: `This file is in UTF-32, which hardly any program writes. ${SAVE_AS_CSV}`,
  },
  {
    bytes: [0x00, 0x00, 0xfe, 0xff],
    reason: `This file is in UTF-32, which hardly any program writes. ${SAVE_AS_CSV}`,
  },
];

const NO_TEXT = `This is not a text file: it holds bytes that no text has. ${EXPORT_AS_CSV}`;

/**
 * The text of an uploaded file: UTF-8 with or without byte order mark, UTF-16 of either order, else Windows-1252. Refuses what is no
 * text with a sentence for the person who chose it.
 */
export function readFileText(bytes: Uint8Array): FileText {
  if (bytes.length === 0) return refuse("The file is empty.");
  const known = SIGNATURES.find((signature) => beginsWith(bytes, signature.bytes, signature.at ?? 0));
  if (known) return refuse(known.reason);
  const decoded = decode(bytes);
  if (!decoded) return refuse(NO_TEXT);
  const text = decoded.text.replace(/^\ufeff/, "");
  if (text.trim() === "") return refuse("The file is empty.");
  const markup = markupReason(text);
  if (markup !== undefined) return refuse(markup);
  return holdsControls(text) ? refuse(NO_TEXT) : { ok: true, text, encoding: decoded.encoding };
}

function decode(bytes: Uint8Array): { text: string; encoding: Encoding } | undefined {
  const wide = utf16Label(bytes);
  if (wide) return { text: new TextDecoder(wide).decode(bytes).toWellFormed(), encoding: "UTF-16" };
  if (bytes.subarray(0, SAMPLE_BYTES).includes(0)) return undefined;
  const utf8 = decodeUtf8(bytes);
  if (utf8 !== undefined) return { text: utf8, encoding: "UTF-8" };
  return { text: new TextDecoder("windows-1252").decode(bytes), encoding: "Windows-1252" };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** By the byte order mark; without one by where the zero bytes of Latin letters stand. */
function utf16Label(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (beginsWith(bytes, [0xff, 0xfe], 0)) return "utf-16le";
  if (beginsWith(bytes, [0xfe, 0xff], 0)) return "utf-16be";
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const zeros = [0, 0];
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const many = (sample.length / 2) * UTF16_ZERO_SHARE;
  if (odd > many && even === 0) return "utf-16le";
  if (even > many && odd === 0) return "utf-16be";
  return undefined;
}

function markupReason(text: string): string | undefined {
  const start = text.slice(0, SAMPLE_BYTES).trimStart().toLowerCase();
  if (/^(<!doctype html|<html|<head|<body|<table)/.test(start))
    return `This is a web page, even if its name ends in .csv or .xls. ${SAVE_AS_CSV}`;
  if (start.startsWith("<?xml") || start.startsWith("<workbook"))
    return `This is an XML file, not CSV. ${SAVE_AS_CSV}`;
  if (/^(\{\s*"|\[\s*[[{])/.test(start)) return `This is a JSON file, not CSV. ${EXPORT_AS_CSV}`;
  return undefined;
}

function holdsControls(text: string): boolean {
  const sample = text.slice(0, SAMPLE_BYTES);
  return (sample.match(CONTROLS)?.length ?? 0) > sample.length * CONTROL_SHARE_LIMIT;
}

function beginsWith(bytes: Uint8Array, wanted: readonly number[], at: number): boolean {
  return wanted.every((byte, index) => bytes[at + index] === byte);
}

function refuse(reason: string): FileText {
  return { ok: false, reason };
}
