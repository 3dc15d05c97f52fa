import type { Language } from "../base/language.ts";
import { type AmountFault, parseAmount } from "../base/money.ts";

/** `1 250,50`, `1250,5`, `1.250,50`: digits, perhaps in groups of three, then a comma and one or two decimals. */
const COMMA_DECIMALS = /^(\d{1,3}(?:[ .\u00a0\u202f]\d{3})+|\d{1,12}),(\d{1,2})$/;
const SIGN_BEHIND = /\s*(?:\$|£|CAD|USD|GBP)\s*(?:CA|US)?$/i;
/** `1,250` is a thousand in English and one and a quarter in French. */
const IN_TWO_WAYS = /^\d{1,3}(?:,\d{3})+$/;

/**
 * Reads an amount as a payer types it: the English way everywhere; in Spanish and French also with a decimal comma and the currency
 * behind it. What could be read in two ways is refused. Minor units.
 */
export function readAmount(
  text: string,
  language: Language,
): { ok: true; minor: bigint } | { ok: false; fault: AmountFault } {
  if (language === "en") return parseAmount(text);
  const typed = text.trim().replace(SIGN_BEHIND, "").trim();
  if (language === "fr" && IN_TWO_WAYS.test(typed)) return { ok: false, fault: "not_a_number" };
  const match = COMMA_DECIMALS.exec(typed);
  return parseAmount(match ? `${match[1]?.replace(/\D/g, "")}.${match[2]}` : typed);
}
