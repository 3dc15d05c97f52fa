import { dayOf, formatLongDay } from "../base/day.ts";
import type { Tx } from "../db/tx.ts";
import type { LinkRow } from "../links/queries.ts";
import type { PaymentRow } from "./facts-queries.ts";
import type { Told } from "./notice-difference.ts";
import { moneyOf, paidOf, stop, toPostings } from "./notice-words.ts";
import { findFailedRefund, findLastDispute } from "./notify-queries.ts";

type About = { link: LinkRow; payment: PaymentRow; timeZone: string };
type ToldOfPayment = Omit<Told, "otherwise">;

/** What is said of a disputed card payment; undefined when nothing is disputed any more. */
export async function tellDispute(tx: Tx, about: About): Promise<ToldOfPayment | undefined> {
  const { link, payment, timeZone } = about;
  if (payment.dispute === "none") return undefined;
  const dispute = await findLastDispute(tx, payment.firm_id, payment.id);
  const fate = {
    open: "is disputed: the payer's bank asks for the money back",
    won: "is no longer disputed: the dispute was won",
    lost: "was charged back: the dispute was lost",
  }[payment.dispute];
  const dueAt = dispute?.evidence_due_at;
  const deadline = dueAt ? ` by ${formatLongDay(dayOf(dueAt, timeZone))}` : " by its deadline";
  return {
    title: `A payment for ${link.reference} ${payment.dispute === "open" ? "is disputed" : `was disputed: ${payment.dispute}`}`,
    paragraphs: [
      `${partOf(payment, dispute?.amount_minor)} by ${payment.payer_name} for ${link.description} ${fate}.`,
      ...(payment.dispute === "open" ? [`An answer is due at the card processor${deadline}.`] : []),
    ],
    ...toPostings(payment),
  };
}

/** What is said of a bank payment that the payer's bank took back, which cannot be contested; undefined when it did not. */
export async function tellReturn(tx: Tx, about: About): Promise<ToldOfPayment | undefined> {
  const { link, payment } = about;
  const dispute = await findLastDispute(tx, payment.firm_id, payment.id);
  if (dispute?.kind !== "bank_return" || payment.dispute === "none") return undefined;
  const isBack = payment.dispute === "won";
  return {
    title: `A bank payment for ${link.reference} ${isBack ? "came back after its return" : "was returned"}`,
    paragraphs: [
      `${partOf(payment, dispute.amount_minor)} by ${payment.payer_name} for ${link.description} ${isBack ? "was returned, and the bank has paid it again" : "was taken back by the payer's bank"}.`,
      isBack
        ? "What was taken out of the matter system is put back."
        : "A returned bank payment cannot be contested. What was posted is taken back in the matter system, and the amount is owed again.",
    ],
    ...toPostings(payment),
  };
}

/** What is said of a refund that did not reach the payer; undefined when each did. */
export async function tellFailedRefund(tx: Tx, about: About): Promise<ToldOfPayment | undefined> {
  const { link, payment } = about;
  const refund = await findFailedRefund(tx, payment.firm_id, payment.id);
  if (!refund) return undefined;
  const why = refund.failure_reason === null ? "" : ` ${stop(refund.failure_reason)}`;
  return {
    title: `A refund for ${link.reference} did not reach the payer`,
    paragraphs: [
      `The refund of ${moneyOf(refund.amount_minor, payment)} of payment ${payment.reference} by ${payment.payer_name} for ${link.description} did not arrive.${why}`,
      refund.turn === 0
        ? "No money left the account."
        : "The money is in the account again, and what was taken out of the matter system is put back.",
      "The payer may believe that it is on its way: refund it again, or agree with them on another way.",
    ],
    label: "Open the payment",
    path: `/payments/${payment.id}`,
    needs: "postings.see",
  };
}

/** `The payment PAY-… of $5.00`, or `$2.00 of payment PAY-…` where only a part of it is meant. */
function partOf(payment: PaymentRow, amountMinor: bigint | undefined): string {
  const isPart = amountMinor !== undefined && amountMinor < payment.amount_minor;
  if (isPart) return `${moneyOf(amountMinor, payment)} of payment ${payment.reference} of ${paidOf(payment)}`;
  return `The payment ${payment.reference} of ${paidOf(payment)}`;
}
