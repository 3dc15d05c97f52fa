/** WCAG 2.2, 1.4.3: the least contrast of text in normal size. https://www.w3.org/TR/WCAG22/#contrast-minimum */
export const LEAST_CONTRAST = 4.5;
/** Parts of a hundred by which a colour goes towards black or white in one try. */
const STEP_PERCENT = 4;
const HOVER_PERCENT = 24;
const WASH_PERCENT = 92;

type Rgb = readonly [red: number, green: number, blue: number];
const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];
/** The quiet ground of the payer's pages, `--well` in pay.css: links stand on it. */
const WELL: Rgb = [246, 247, 249];

/** The colours of a payer's page that come from the firm's one colour. All `#rrggbb`. */
export type Brand = {
  colour: string;
  /** Text on the colour: black or white. */
  ink: string;
  /** Links and marks on white: the colour itself where it can be read, else a darker one. */
  accent: string;
  accentHover: string;
  /** The ground of a chosen card; the accent can be read on it too. */
  accentWash: string;
};

/** Whether text is a colour as `#rrggbb`, the one form that settings keep. */
export function isColour(text: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(text);
}

/**
 * Contrast of two colours, 1 to 21, after WCAG 2.2. Both `#rrggbb`; throws a RangeError for anything else.
 * https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
 */
export function contrast(one: string, other: string): number {
  return contrastOf(parse(one), parse(other));
}

/**
 * White or black, for text on a colour, or undefined when neither reaches 4.5:1. White first: it is what most firms
 * print on their colour. The two contrasts multiply to 21, so one of them is always 4.58 or more; the check stays
 * because the rule must hold even if the numbers above are changed.
 */
export function brandInk(colour: string): "#ffffff" | "#000000" | undefined {
  const ground = parse(colour);
  if (contrastOf(ground, WHITE) >= LEAST_CONTRAST) return "#ffffff";
  return contrastOf(ground, BLACK) >= LEAST_CONTRAST ? "#000000" : undefined;
}

/** The nearest darker colour on which white text can be read; the colour itself where it can be read already. */
export function readableUnderWhite(colour: string): string {
  const ground = parse(colour);
  for (let percent = 0; percent < 100; percent++) {
    const tried = mix(ground, BLACK, percent);
    if (contrastOf(tried, WHITE) >= LEAST_CONTRAST) return write(tried);
  }
  return write(BLACK);
}

/** The colours of a payer's page, or undefined when the text is not a colour or no ink can be read on it. */
export function brandOf(colour: string): Brand | undefined {
  if (!isColour(colour)) return undefined;
  const ink = brandInk(colour);
  if (!ink) return undefined;
  const wash = mix(parse(colour), WHITE, WASH_PERCENT);
  const accent = readableOn([wash, WELL, WHITE], parse(colour));
  return {
    colour: colour.toLowerCase(),
    ink,
    accent: write(accent),
    accentHover: write(mix(accent, BLACK, HOVER_PERCENT)),
    accentWash: write(wash),
  };
}

/** The style sheet that carries a brand, for one `<style>` element. Only colours in `#rrggbb` form come through. */
export function brandStyle(brand: Brand): string {
  const tokens = {
    brand: brand.colour,
    "brand-ink": brand.ink,
    accent: brand.accent,
    "accent-hover": brand.accentHover,
    "accent-wash": brand.accentWash,
  };
  return `:root{${Object.entries(tokens)
    .map(([name, colour]) => `--${name}:${write(parse(colour))}`)
    .join(";")}}`;
}

/** Darkens a colour until it can be read on every ground; black ends the search. */
function readableOn(grounds: readonly Rgb[], colour: Rgb): Rgb {
  for (let percent = 0; percent < 100; percent += STEP_PERCENT) {
    const tried = mix(colour, BLACK, percent);
    if (grounds.every((ground) => contrastOf(tried, ground) >= LEAST_CONTRAST)) return tried;
  }
  return BLACK;
}

function contrastOf(one: Rgb, other: Rgb): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** Relative luminance, 0 to 1. https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(colour: Rgb, towards: Rgb, percent: number): Rgb {
  const part = (index: 0 | 1 | 2) =>
    Math.round((colour[index] * (100 - percent) + towards[index] * percent) / 100);
  return [part(0), part(1), part(2)];
}

function parse(text: string): Rgb {
  if (!isColour(text)) throw new RangeError("a colour is written #rrggbb");
  const part = (from: number) => Number.parseInt(text.slice(from, from + 2), 16);
  return [part(1), part(3), part(5)];
}

function write(colour: Rgb): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
