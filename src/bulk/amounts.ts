import { amountFaultText, formatMoney, parseAmount } from "../base/money.ts";
import { LEAST_LINK_MINOR } from "../links/plan.ts";

type AmountReading = { ok: true; minor: bigint } | { ok: false; fault: string };

/** Signs and codes that may stand before or after an amount, with the currencies that they can mean. */
const SIGNS: Record<string, readonly string[]> = {
  us$: ["USD"],
  usd: ["USD"],
  ca$: ["CAD"],
  c$: ["CAD"],
  cad: ["CAD"],
  cdn$: ["CAD"],
  gbp: ["GBP"],
  "£": ["GBP"],
  $: ["USD", "CAD"],
};
const SIGN = /^(us\$|usd|ca\$|cad|cdn\$|c\$|gbp|eur|[$£€¥])\s*/i;
const SIGN_BEHIND = /\s*(us\$|usd|ca\$|cad|cdn\$|c\$|gbp|eur|[$£€¥])$/i;

/**
 * Reads the amount of a cell as people in the United States, Canada and the United Kingdom write it: `$1,234.50`, `1 234,50 $`,
 * `GBP 12`. What could be read in two ways, credits and negative amounts are refused with a reason. Gives minor units.
 */
export function parseCellAmount(text: string, currency: string): AmountReading {
  const typed = text.replace(/[\u00a0\u202f\u2009]/g, " ").trim();
  if (typed === "") return refuse("Enter the amount");
  if (/^[(].*[)]$/.test(typed))
    return refuse("Parentheses mean a negative amount. Enter an amount above zero");
  if (/^[-−–]|[-−–]$|^[$£]\s*[-−–]/.test(typed)) return refuse(amountFaultText("negative"));
  if (/\bcr\.?$/i.test(typed)) return refuse("CR means a credit. Enter an amount above zero");
  const { bare, signs } = takeSigns(typed);
  const wrong = signs.find((sign) => !(SIGNS[sign.toLowerCase()] ?? []).includes(currency));
  if (wrong !== undefined) return refuse(`The account takes ${currency}, not ${wrong}`);
  const plain = plainNumber(bare);
  return typeof plain === "string" ? check(plain, currency) : refuse(plain.fault);
}

function takeSigns(typed: string): { bare: string; signs: string[] } {
  const before = SIGN.exec(typed);
  const rest = before ? typed.slice(before[0].length) : typed;
  const behind = SIGN_BEHIND.exec(rest);
  const bare = behind ? rest.slice(0, -behind[0].length) : rest;
  return {
    bare: bare.replace(/^\+\s*/, ""),
    signs: [before?.[1], behind?.[1]].flatMap((sign) => sign ?? []),
  };
}

/** The number with a point before the decimals and without separators of thousands, where it has one reading only. */
function plainNumber(bare: string): string | { fault: string } {
  if (/^\d+([.,]\d+)?e[+-]?\d+$/i.test(bare))
    return { fault: "Excel has shortened this number. Enter it in full" };
  if (/^\d*\.\d{1,2}$|^\d+\.?$/.test(bare)) return bare.startsWith(".") ? `0${bare}` : bare;
  if (/^\d{1,3}([, '’]\d{3})+(\.\d{0,2})?$/.test(bare) && hasOneSeparator(bare))
    return bare.replace(/[, '’]/g, "");
  if (/^\d+,\d{1,2}$|^\d{1,3}([. ]\d{3})+,\d{1,2}$/.test(bare))
    return bare.replace(/[. ]/g, "").replace(",", ".");
  if (/^\d{1,3}\.\d{3}$/.test(bare))
    return { fault: `${bare} has two readings. Enter it like ${bare.replace(".", ",")}.00` };
  if (/^[\d,. ]+\.\d{3,}$/.test(bare)) return { fault: amountFaultText("too_many_decimals") };
  return { fault: amountFaultText("not_a_number") };
}

function hasOneSeparator(bare: string): boolean {
  return new Set(bare.match(/[, '’]/g)).size === 1;
}

function check(plain: string, currency: string): AmountReading {
  const amount = parseAmount(plain);
  if (!amount.ok) return refuse(amountFaultText(amount.fault));
  if (amount.minor === 0n) return refuse("Enter an amount above zero");
  if (amount.minor < LEAST_LINK_MINOR)
    return refuse(`Enter ${formatMoney({ minor: LEAST_LINK_MINOR, currency })} or more`);
  return amount;
}

function refuse(fault: string): AmountReading {
  return { ok: false, fault };
}
