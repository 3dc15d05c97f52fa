import type { Picture } from "./picture.ts";

/**
 * Elements that only draw. What is not listed is refused: scripts, foreign documents, pictures and links from elsewhere, animations
 * (which can set an address later).
 */
const ELEMENTS = new Set(
  `svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath title desc metadata style
  linearGradient radialGradient stop pattern clipPath mask marker filter feBlend feColorMatrix feComponentTransfer feComposite
  feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
  feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence`
    .split(/\s+/)
    .map((name) => name.toLowerCase()),
);
/** What drawing programs write into their files for themselves; browsers ignore it. */
const TOOLS_OWN = /^(sodipodi|inkscape|rdf|cc|dc|sketch|serif|vectornator|i|x|pgf|figma|bx):/;
const TOKEN_LIMIT = 20_000;
const ATTRIBUTE = /([^\s=/>"']+)\s*=\s*("[^"<]*"|'[^'<]*')\s*/y;
const NAME = /^[a-z_][\w.:-]*$/i;

export type DrawingFault =
  | "not_a_drawing"
  | "no_size"
  | "script"
  | "handler"
  | "outside"
  | "document"
  | "declaration"
  | "too_large";

type DrawingResult = { ok: true; picture: Picture } | { ok: false; fault: DrawingFault; what: string };

/**
 * Checks that an SVG only draws: nothing in it runs, nothing comes from elsewhere. A drawing that cannot be read letter by letter is
 * refused, never repaired: what we would read otherwise than a browser could hide something.
 */
export function readDrawing(bytes: Uint8Array): DrawingResult {
  const text = decode(bytes);
  if (text === undefined) return fault("not_a_drawing");
  const walk: Walk = { at: 0, open: [], root: undefined };
  for (let token = 0; walk.at < text.length; token++) {
    if (token >= TOKEN_LIMIT) return fault("too_large");
    const found = step(text, walk);
    if (found) return found;
  }
  if (walk.open.length > 0 || !walk.root) return fault("not_a_drawing");
  const size = sizeOf(walk.root);
  return size ? { ok: true, picture: { mediaType: "image/svg+xml", ...size } } : fault("no_size");
}

type Walk = { at: number; open: string[]; root: Map<string, string> | undefined };
type Refused = Extract<DrawingResult, { ok: false }>;

function decode(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes).trim();
    return /^(<\?xml|<!--|<!DOCTYPE|<svg)/i.test(text) ? text : undefined;
  } catch {
    // Another encoding could be read otherwise by a browser; it is no drawing for us.
    return undefined;
  }
}

/** Reads one piece: text between tags, a comment, a declaration, a tag. */
function step(text: string, walk: Walk): Refused | undefined {
  const { at } = walk;
  if (text[at] !== "<") return readText(text, walk);
  if (text.startsWith("<!--", at)) return skipTo(text, walk, "-->");
  if (text.startsWith("<![CDATA[", at)) return readData(text, walk);
  if (text.startsWith("<!", at)) return readDoctype(text, walk);
  if (text.startsWith("<?", at)) {
    if (!/^<\?xml\s/i.test(text.slice(at, at + 6))) return fault("declaration", "an instruction");
    return skipTo(text, walk, "?>");
  }
  return readTag(text, walk);
}

function readText(text: string, walk: Walk): Refused | undefined {
  const end = text.indexOf("<", walk.at);
  const piece = text.slice(walk.at, end === -1 ? text.length : end);
  walk.at = end === -1 ? text.length : end;
  if (walk.open.length === 0 && piece.trim() !== "") return fault("not_a_drawing");
  return walk.open.at(-1) === "style" ? styleFault(piece) : undefined;
}

function readData(text: string, walk: Walk): Refused | undefined {
  const end = text.indexOf("]]>", walk.at);
  if (end === -1) return fault("not_a_drawing");
  const piece = text.slice(walk.at + 9, end);
  walk.at = end + 3;
  return walk.open.at(-1) === "style" ? styleFault(piece) : undefined;
}

/** The usual one is harmless; one with a part in brackets can define words that stand for anything. */
function readDoctype(text: string, walk: Walk): Refused | undefined {
  const end = text.indexOf(">", walk.at);
  const piece = text.slice(walk.at, end === -1 ? text.length : end);
  if (end === -1 || !/^<!DOCTYPE\s+svg\b/i.test(piece) || piece.includes("["))
    return fault("declaration", "a document type of its own");
  return skipTo(text, walk, ">");
}

function skipTo(text: string, walk: Walk, mark: string): Refused | undefined {
  const end = text.indexOf(mark, walk.at);
  if (end === -1) return fault("not_a_drawing");
  walk.at = end + mark.length;
  return undefined;
}

function readTag(text: string, walk: Walk): Refused | undefined {
  const closing = /<\/([^\s<>]+)\s*>/y;
  closing.lastIndex = walk.at;
  const closed = closing.exec(text)?.[1];
  if (closed !== undefined) {
    walk.at = closing.lastIndex;
    return walk.open.pop() === closed.toLowerCase() ? undefined : fault("not_a_drawing");
  }
  const opening = /<([^\s<>/!?]+)\s*/y;
  opening.lastIndex = walk.at;
  const name = opening.exec(text)?.[1]?.toLowerCase();
  if (name === undefined || !NAME.test(name)) return fault("not_a_drawing");
  const attributes = readAttributes(text, opening.lastIndex);
  if (!attributes) return fault("not_a_drawing");
  const isRoot = walk.open.length === 0;
  if (isRoot && (walk.root || name !== "svg")) return fault("not_a_drawing");
  const found = elementFault(name) ?? attributesFault(attributes.values);
  if (found) return found;
  if (isRoot) walk.root = attributes.values;
  if (!attributes.isClosed) walk.open.push(name);
  walk.at = attributes.end;
  return undefined;
}

function readAttributes(text: string, from: number) {
  const values = new Map<string, string>();
  let at = from;
  for (;;) {
    ATTRIBUTE.lastIndex = at;
    const match = ATTRIBUTE.exec(text);
    if (!match) break;
    const name = (match[1] ?? "").toLowerCase();
    if (values.has(name)) return undefined;
    values.set(name, unreference((match[2] ?? "").slice(1, -1)));
    at = ATTRIBUTE.lastIndex;
  }
  const isClosed = text.startsWith("/>", at);
  if (!isClosed && text[at] !== ">") return undefined;
  return { values, isClosed, end: at + (isClosed ? 2 : 1) };
}

function elementFault(name: string): Refused | undefined {
  if (ELEMENTS.has(name.replace(/^svg:/, "")) || TOOLS_OWN.test(name)) return undefined;
  if (name.endsWith("script") || name.endsWith("handler")) return fault("script");
  if (name.endsWith("foreignobject") || /^(iframe|object|embed|html|body)$/.test(name))
    return fault("document");
  return fault("outside", `the element ${name}`);
}

function attributesFault(values: ReadonlyMap<string, string>): Refused | undefined {
  for (const [name, value] of values) {
    if (/^on|:on/.test(name)) return fault("handler", name);
    if (/(^|:)(href|src|base)$/.test(name) && !value.trim().startsWith("#"))
      return fault("outside", `an address in ${name}`);
    // The names of kinds of elements are addresses that nobody fetches.
    if (name !== "xmlns" && !name.startsWith("xmlns:") && /javascript:|data:/i.test(value.replace(/\s/g, "")))
      return fault("script");
    const found = name === "style" || value.includes("(") ? styleFault(value) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** Styles may only point into the drawing itself. A backslash can hide any word. */
function styleFault(style: string): Refused | undefined {
  const plain = unreference(style).toLowerCase();
  if (
    plain.includes("\\") ||
    /@import|expression\s*\(|-moz-binding|behavior\s*:|image-set\s*\(|image\s*\(/.test(plain)
  )
    return fault("outside", "a style that loads something");
  const isOutside = [...plain.matchAll(/url\s*\(\s*(['"]?)/g)].some(
    (match) => plain[(match.index ?? 0) + match[0].length] !== "#",
  );
  return isOutside ? fault("outside", "a style that loads something") : undefined;
}

/** The numbered and the five named references; others need a declaration, which is refused. */
function unreference(text: string): string {
  const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text
    .replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, (_whole, hex?: string, decimal?: string) => {
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : "";
    })
    .replace(/&(amp|lt|gt|quot|apos);/g, (_whole, name: string) => named[name] ?? "");
}

/** In pixels: as width and height say, else as the view box does. */
function sizeOf(root: ReadonlyMap<string, string>): { width: number; height: number } | undefined {
  const length = (name: string) =>
    Number(/^\s*(\d+(?:\.\d+)?)\s*(?:px)?\s*$/.exec(root.get(name) ?? "")?.[1]);
  const box = (root.get("viewbox") ?? "")
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const [width, height] =
    length("width") > 0 && length("height") > 0
      ? [length("width"), length("height")]
      : [box[2] ?? 0, box[3] ?? 0];
  return width > 0 && height > 0 ? { width: Math.ceil(width), height: Math.ceil(height) } : undefined;
}

function fault(kind: DrawingFault, what = ""): Refused {
  return { ok: false, fault: kind, what };
}
