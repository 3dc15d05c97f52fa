type TextReading = { ok: true; text: string } | { ok: false; fault: string };

/** Of the Luhn check: numbers of this many digits may be cards. */
const CARD_DIGITS = /(?<![\d.])(?:\d[ -]?){12,18}\d(?![\d.])/g;
const EXCEL_ERROR = /^#(n\/a|ref!|value!|name\?|div\/0!|null!|num!|spill!|calc!|getting_data)$/i;
/** Zero-width signs, soft hyphens and marks of writing direction: nobody sees them, and searches miss what holds them. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/** Reads a cell of one line: spaces and line breaks become single spaces. Refuses what Excel or a wrong encoding made of it. */
export function readLine(text: string, lengthLimit: number): TextReading {
  const tidy = text.replace(INVISIBLE, "").replace(/\s+/g, " ").trim();
  const fault = damage(tidy);
  if (fault !== undefined) return { ok: false, fault };
  if (tidy.length > lengthLimit) return { ok: false, fault: `Shorten this to ${lengthLimit} characters` };
  return { ok: true, text: tidy };
}

/** Reads a cell of several lines. Its length and its words are the caller's matter. */
export function readLines(text: string): TextReading {
  const tidy = text
    .replace(INVISIBLE, "")
    .replace(/\r\n?/g, "\n")
    .replace(/[^\S\n]+/g, " ")
    .trim();
  const fault = damage(tidy);
  return fault === undefined ? { ok: true, text: tidy } : { ok: false, fault };
}

/** Whether Excel has rounded a long number away: `1.23E+05`. */
export function isShortenedNumber(text: string): boolean {
  return /^\d([.,]\d+)?e\+\d+$/i.test(text);
}

/** The text with the digits of card numbers taken out, but for the last four: no such number is ever stored. */
export function hideCards(text: string): string {
  if (text.length < 13) return text;
  return text.replace(CARD_DIGITS, (found) => {
    const digits = found.replace(/\D/g, "");
    return isCard(digits) ? `${CARD_MARK}${digits.slice(-4)}` : found;
  });
}

const CARD_MARK = "card number removed ··";

function damage(text: string): string | undefined {
  if (EXCEL_ERROR.test(text)) return `Excel shows the error ${text.toUpperCase()} here. Enter the value`;
  if (/^#{3,}$/.test(text)) return "Excel shows ### where a column is too narrow. Enter the value";
  if (text.includes("\ufffd")) return "A letter could not be read. Enter the text again";
  if (CONTROL.test(text)) return "There is a sign in this text that cannot be shown. Enter it again";
  if (text.includes(CARD_MARK)) return "A card number stood here and was not kept. Leave it out";
  return undefined;
}

/** Begins like the cards of a known maker and passes the Luhn check. */
function isCard(digits: string): boolean {
  if (!/^(4|5[1-5]|2[2-7]|3[47]|35|6)/.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits.at(-1 - index));
    const counted = index % 2 === 0 ? digit : digit * 2;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 === 0;
}
