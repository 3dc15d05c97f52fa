import { invalid } from "../base/error.ts";
import type { LinkRow } from "../links/queries.ts";
import { readAmount } from "./amounts.ts";
import type { Voice } from "./voice.ts";

/** The processor charges no less. */
const LEAST_CHARGE_MINOR = 50n;
/** RFC 5321, 4.5.3.1.3. */
const ADDRESS_LENGTH_LIMIT = 254;
const ADDRESS = /^[^\s@<>()[\],;:"\\]+@[^\s@<>()[\],;:"\\]+\.[^\s@.<>()[\],;:"\\]+$/;

/** The payer's form as it was typed. */
export type TypedWish = { how: string; other: string; method: string; receipt: string };

/** What the payer wants to pay, checked. */
export type Wish = {
  amountMinor: bigint;
  method: "card" | "bank_debit";
  receiptEmail: string | undefined;
};

/** The values of the form's `method` field. */
const METHOD_VALUES = { card: "card", bank: "bank_debit" } as const;

type Speech = Pick<Voice, "language" | "words" | "money">;
type Offer = Pick<LinkRow, "amount_minor" | "currency" | "part_payment_allowed" | "least_amount_minor">;

/** Checks the form against what the link and its account allow. Throws `invalid` with a sentence for each field. */
export function readWish(offer: Offer, methods: readonly string[], typed: TypedWish, voice: Speech): Wish {
  const { words } = voice;
  const faults: Record<string, string> = {};
  const amount = readPaid(offer, typed, voice);
  if (typeof amount === "string") faults[typed.how === "other" ? "other" : "how"] = amount;
  const method = Object.entries(METHOD_VALUES).find(
    ([value, name]) => value === typed.method && methods.includes(name),
  )?.[1];
  if (!method) faults.method = words.faults.method;
  const isAddress = typed.receipt.length <= ADDRESS_LENGTH_LIMIT && ADDRESS.test(typed.receipt);
  if (typed.receipt !== "" && !isAddress) faults.receipt = words.faults.receipt;
  if (typeof amount === "string" || !method || Object.keys(faults).length > 0) throw invalid(faults);
  return { amountMinor: amount, method, receiptEmail: typed.receipt === "" ? undefined : typed.receipt };
}

/** The least that may be paid instead of the whole. */
export function leastOf(offer: Pick<Offer, "least_amount_minor">): bigint {
  return offer.least_amount_minor ?? LEAST_CHARGE_MINOR;
}

/** The most that may be paid instead of the whole: what is left must be enough to be asked for by a link of its own. */
function mostOf(offer: Pick<Offer, "amount_minor">): bigint {
  return offer.amount_minor - LEAST_CHARGE_MINOR;
}

/** Whether there is an amount besides the whole that may be paid. */
export function takesPart(offer: Offer): boolean {
  return offer.part_payment_allowed && leastOf(offer) <= mostOf(offer);
}

function readPaid(offer: Offer, typed: TypedWish, { language, words, money }: Speech): bigint | string {
  if (typed.how === "full" || (typed.how === "" && !takesPart(offer))) return offer.amount_minor;
  if (typed.how !== "other" || !takesPart(offer)) return words.faults.how;
  const parsed = readAmount(typed.other, language);
  if (!parsed.ok) return words.faults.amount[parsed.fault];
  const least = leastOf(offer);
  if (parsed.minor < least) return words.faults.tooLittle(money(least));
  if (parsed.minor > offer.amount_minor) return words.faults.tooMuch(money(offer.amount_minor));
  const leavesTooLittle = parsed.minor !== offer.amount_minor && parsed.minor > mostOf(offer);
  if (leavesTooLittle) return words.faults.leavesTooLittle(money(offer.amount_minor), money(mostOf(offer)));
  return parsed.minor;
}
