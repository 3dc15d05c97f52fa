import type Stripe from "stripe";
import { readPages } from "./pages.ts";
import { demandList, demandObject, idOf, instantOf, METADATA, readCurrency, readMinor } from "./read.ts";

/** A refund as the processor has it. Amounts in minor units. */
export type RefundFacts = {
  refundId: string;
  /** Our row, where it was asked for here. */
  ourId: string | undefined;
  state: "pending" | "succeeded" | "failed" | "cancelled";
  amountMinor: bigint;
  currency: string;
  /** Whether the account's balance shows the money as gone. */
  isGone: boolean;
  /** Why it failed, as a code of the processor. */
  failureCode: string | undefined;
  createdAt: Date;
};

/** A dispute, an inquiry or a returned bank debit as the processor has it. */
export type DisputeFacts = {
  disputeId: string;
  state: "inquiry" | "open" | "won" | "lost" | "closed";
  amountMinor: bigint;
  currency: string;
  /** A code of the processor, such as `fraudulent`. */
  reason: string;
  isGone: boolean;
  evidenceDueAt: Date | undefined;
  openedAt: Date;
};

/** What was undone of one payment, the oldest first. */
export type UndoneFacts = { refunds: RefundFacts[]; disputes: DisputeFacts[] };

export type RefundRequest = {
  /** The stored refund's id: idempotency key and metadata. */
  refundId: string;
  processorAccount: string;
  paymentIntentId: string;
  amountMinor: bigint;
  isDuplicate: boolean;
};

/** More parts than this are refunded of one payment by nobody. */
const REFUND_PAGES_LIMIT = 10;
const DISPUTES_LIMIT = 100;

/**
 * Asks for a refund. The key covers a repetition for a day at least; a later one looks first (see payments/ask-refund.ts).
 * https://docs.stripe.com/api/refunds/create
 */
export async function createRefund(client: Stripe, request: RefundRequest): Promise<RefundFacts> {
  const refund = await client.refunds.create(
    {
      payment_intent: request.paymentIntentId,
      amount: Number(request.amountMinor),
      reason: request.isDuplicate ? "duplicate" : "requested_by_customer",
      metadata: { [METADATA.refund]: request.refundId },
    },
    { idempotencyKey: request.refundId, stripeAccount: request.processorAccount },
  );
  return readRefund(refund);
}

/** Everything that was undone of a payment, whoever asked for it. */
export async function findUndone(
  client: Stripe,
  stripeAccount: string,
  paymentIntentId: string,
): Promise<UndoneFacts> {
  const ofPayment = { payment_intent: paymentIntentId };
  const refunds = await readPages(REFUND_PAGES_LIMIT, (place) =>
    client.refunds.list({ ...ofPayment, ...place }, { stripeAccount }),
  );
  const disputes = await client.disputes.list({ ...ofPayment, limit: DISPUTES_LIMIT }, { stripeAccount });
  demandList(disputes);
  return {
    refunds: refunds.map(readRefund).reverse(),
    disputes: disputes.data.map(readDispute).reverse(),
  };
}

/** A refund as the product sees it. Throws `unreadable`. */
function readRefund(refund: Stripe.Refund): RefundFacts {
  demandObject(refund, "refund", "");
  const state = readRefundState(refund.status);
  const hasLeft = idOf(refund.balance_transaction) !== undefined;
  return {
    refundId: refund.id,
    ourId: refund.metadata?.[METADATA.refund],
    state,
    amountMinor: readMinor(refund.amount),
    currency: readCurrency(refund.currency),
    // A refund that waits for money in the balance has moved none; one that failed gave it back.
    isGone: state === "succeeded" || (state === "pending" && hasLeft),
    failureCode: refund.failure_reason,
    createdAt: instantOf(refund.created),
  };
}

/** A word that is not known is taken for one that waits: it reserves its amount, and a later word decides. */
function readRefundState(status: string | null): RefundFacts["state"] {
  if (status === "succeeded" || status === "failed") return status;
  return status === "canceled" ? "cancelled" : "pending";
}

/** A dispute as the product sees it. Throws `unreadable`. */
function readDispute(dispute: Stripe.Dispute): DisputeFacts {
  demandObject(dispute, "dispute", "");
  const state = readDisputeState(dispute.status);
  const moved = (dispute.balance_transactions ?? []).reduce((sum, movement) => sum + movement.amount, 0);
  const dueAt = dispute.evidence_details?.due_by;
  return {
    disputeId: dispute.id,
    state,
    amountMinor: readMinor(dispute.amount),
    currency: readCurrency(dispute.currency),
    reason: dispute.reason,
    // The balance decides, not the word: money moves at other moments than the state. What is lost is gone in any case.
    isGone: moved < 0 || state === "lost",
    evidenceDueAt: dueAt ? instantOf(dueAt) : undefined,
    openedAt: instantOf(dispute.created),
  };
}

/** A word that is not known is taken for an open dispute: a person looks. https://docs.stripe.com/api/disputes/object */
function readDisputeState(status: string): DisputeFacts["state"] {
  switch (status) {
    case "won":
    case "lost":
      return status;
    case "warning_needs_response":
    case "warning_under_review":
      return "inquiry";
    case "warning_closed":
    case "prevented":
      return "closed";
    default:
      return "open";
  }
}
