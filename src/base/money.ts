/** An amount in minor units (cents) of one currency. Never a floating-point number. */
export type Money = { minor: bigint; currency: string };

/** Currencies that firms of this product bill in, all with two decimals. */
export const CURRENCIES = ["USD", "CAD", "GBP"] as const;

const ENGLISH = "en-US";
const MINOR_DIGITS = 2;
const MINOR_PER_MAJOR = 100n;
/** 999,999.99: the largest amount that the card processor takes in one charge. */
export const LARGEST_AMOUNT_MINOR = 99_999_999n;

const SYMBOLS: Record<string, string> = { USD: "$", CAD: "CA$", GBP: "£" };

export type AmountFault = "empty" | "not_a_number" | "too_many_decimals" | "negative" | "too_large";

/**
 * Reads an amount as people type it: `1250`, `1,250.00`, `$1 250.00`. Takes text, gives minor units or the reason why not.
 * A comma is only a thousands separator here; what could be read in two ways is refused.
 */
export function parseAmount(text: string): { ok: true; minor: bigint } | { ok: false; fault: AmountFault } {
  const typed = text
    .trim()
    .replace(/^(?:US|CA)?[$£]\s*|^(?:USD|CAD|GBP)\s*/i, "")
    .trim();
  if (typed === "") return { ok: false, fault: "empty" };
  if (/^[-−(]/.test(typed)) return { ok: false, fault: "negative" };
  const match = /^(\d{1,15}|[1-9]\d{0,2}(?:[, \u00a0\u202f]\d{3}){1,4})(?:\.(\d*))?$/.exec(typed);
  if (!match?.[1]) return { ok: false, fault: "not_a_number" };
  const decimals = match[2] ?? "";
  if (decimals.length > MINOR_DIGITS) return { ok: false, fault: "too_many_decimals" };
  const minor =
    BigInt(match[1].replace(/\D/g, "")) * MINOR_PER_MAJOR + BigInt(decimals.padEnd(MINOR_DIGITS, "0"));
  return minor > LARGEST_AMOUNT_MINOR ? { ok: false, fault: "too_large" } : { ok: true, minor };
}

/** Words for a fault of `parseAmount`, to show beside the field. `example` shows the form that is understood. */
export function amountFaultText(fault: AmountFault): string {
  const words: Record<AmountFault, string> = {
    empty: "Enter the amount",
    not_a_number: "Enter the amount in figures, like 1,250.00",
    too_many_decimals: "Enter the amount with at most two decimals, like 1,250.00",
    negative: "Enter an amount above zero",
    too_large: "Enter an amount of 999,999.99 or less",
  };
  return words[fault];
}

/** `125000n` becomes `1,250.00`: what stands in an input, without a currency sign. */
export function formatDecimal(minor: bigint): string {
  const sign = minor < 0n ? "−" : "";
  const positive = minor < 0n ? -minor : minor;
  const whole = (positive / MINOR_PER_MAJOR).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  const rest = (positive % MINOR_PER_MAJOR).toString().padStart(MINOR_DIGITS, "0");
  return `${sign}${whole}.${rest}`;
}

/**
 * `{ 125000n, USD }` becomes `$1,250.00`, with a real minus sign when negative. In another locale as people write it there:
 * `1 250,00 $ US` in `fr-CA`.
 */
export function formatMoney(money: Money, locale = ENGLISH): string {
  if (!locale.startsWith("en")) return formatAbroad(money, locale);
  const text = formatDecimal(money.minor);
  const symbol = SYMBOLS[money.currency] ?? `${money.currency} `;
  return text.startsWith("−") ? `−${symbol}${text.slice(1)}` : `${symbol}${text}`;
}

/** The formatter reads the decimal text itself, so that no floating-point number comes in between. */
function formatAbroad(money: Money, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency: money.currency });
  return format.format(toDecimalText(money.minor) as `${number}`);
}

/** Minor units as the plain decimal that machines read: `-1250.00`. */
export function toDecimalText(minor: bigint): string {
  return formatDecimal(minor).replaceAll(",", "").replace("−", "-");
}

/** Adds up minor units. Gives 0n for none. */
export function sumMinor(amounts: Iterable<bigint>): bigint {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
}
