import { amountFaultText, formatMoney, parseAmount, sumMinor } from "../base/money.ts";
import type { UndonePart } from "./left.ts";
import type { PaymentRow } from "./queries.ts";
import { type Undone, waitsForLines } from "./undone-left.ts";

const NOTE_LENGTH_LIMIT = 500;
/** The name of the box of one part, before the part's id. */
export const AMOUNT_FIELD = "amount-";

/** Why nothing of a payment can be refunded, as a sentence; undefined when something can. */
export function whyNoRefund(payment: PaymentRow, undone: Undone): string | undefined {
  if (payment.state === "processing")
    return "The bank payment is still under way. It can be refunded once it has arrived.";
  if (payment.state === "failed") return "This payment did not arrive, so there is nothing to refund.";
  if (undone.disputes.some(({ state }) => state === "lost"))
    return payment.method === "bank_debit"
      ? "The payer’s bank took this payment back. It cannot be refunded: the payer has the money already."
      : "This payment was charged back. It cannot be refunded: the payer has the money already.";
  if (undone.disputes.some(({ state }) => state === "open"))
    return "The payer’s bank disputes this payment. It cannot be refunded before the dispute is won.";
  if (waitsForLines(undone.refunds, undone.disputes))
    return "A part of this payment went back at the card processor. Say first which line that was for.";
  if (undone.lines.every((line) => line.leftMinor === 0n))
    return "Nothing is left to refund: the whole payment is refunded or on its way back.";
  return undefined;
}

/** Amounts as typed, by part of the payment. */
export type TypedAmounts = ReadonlyMap<string, string>;
export type Plan = { parts: UndonePart[]; totalMinor: bigint; errors: Record<string, string> };

/** Reads what was typed for each part. `errors` are by field; the plan is good when there are none. */
export function planParts(
  lines: Undone["lines"],
  typed: TypedAmounts,
  currency: string,
  nothing = "Enter the amount to refund",
): Plan {
  const errors: Record<string, string> = {};
  const parts: UndonePart[] = [];
  for (const line of lines) {
    const text = typed.get(line.allocationId) ?? "";
    if (text === "") continue;
    const field = `${AMOUNT_FIELD}${line.allocationId}`;
    const parsed = parseAmount(text);
    if (!parsed.ok) errors[field] = amountFaultText(parsed.fault);
    else if (parsed.minor > line.leftMinor)
      errors[field] =
        `Enter ${formatMoney({ minor: line.leftMinor, currency })} or less: that is what is left of this line`;
    else if (parsed.minor > 0n) parts.push({ allocationId: line.allocationId, amountMinor: parsed.minor });
  }
  const [first] = lines.filter((line) => line.leftMinor > 0n);
  if (parts.length === 0 && Object.keys(errors).length === 0 && first)
    errors[`${AMOUNT_FIELD}${first.allocationId}`] = nothing;
  return { parts, totalMinor: sumMinor(parts.map((part) => part.amountMinor)), errors };
}

/** What is wrong with the note of a refund, as a sentence; undefined when nothing is. */
export function noteFault(note: string): string | undefined {
  if (note === "") return "Enter the reason; it stays on record";
  return note.length > NOTE_LENGTH_LIMIT ? `Enter ${NOTE_LENGTH_LIMIT} characters at most` : undefined;
}
