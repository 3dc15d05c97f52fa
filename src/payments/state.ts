import type { LinkState } from "../links/state.ts";
import type { CheckoutFacts, PaymentFacts } from "../stripe/port.ts";

export type PaymentState = "processing" | "succeeded" | "failed";

/** A payment only goes forward. What failed may turn out to be paid after all: the processor's word that money came always counts. */
const MOVES = {
  processing: ["succeeded", "failed"],
  failed: ["succeeded"],
  succeeded: [],
} as const satisfies Record<PaymentState, readonly PaymentState[]>;

/** Whether a payment may go from one state to another. Staying where it is is no move. */
export function canMove(from: PaymentState, to: PaymentState): boolean {
  return (MOVES[from] as readonly PaymentState[]).includes(to);
}

/** What the processor's two objects say together. `tried`: an attempt was declined, the payer may try again. */
export type Reading = PaymentState | "tried" | "nothing";

/**
 * Reads a payment with the session it belongs to. While the session is open, a failed attempt is only that; once it is complete there is
 * no further attempt, so what has not succeeded is under way (a bank debit) or has failed. Unknown words are never a success.
 */
export function readingOf(
  payment: Pick<PaymentFacts, "state"> | undefined,
  session: Pick<CheckoutFacts, "status"> | undefined,
): Reading {
  if (!payment) return "nothing";
  if (payment.state === "succeeded" || payment.state === "processing") return payment.state;
  const hasFailed = payment.state === "failed" || payment.state === "cancelled";
  if (session?.status === "complete") return hasFailed ? "failed" : "processing";
  return payment.state === "failed" ? "tried" : "nothing";
}

/** The state that a payment brings its link into; undefined where it says nothing of it. */
export function linkStateAfter(
  payment: { state: PaymentState; amountMinor: bigint },
  link: { state: LinkState; amount_minor: bigint },
): LinkState | undefined {
  switch (payment.state) {
    case "processing":
      return "processing";
    case "succeeded":
      return payment.amountMinor >= link.amount_minor ? "payment_received" : "part_paid";
    case "failed":
      return link.state === "processing" ? "outstanding" : undefined;
  }
}
