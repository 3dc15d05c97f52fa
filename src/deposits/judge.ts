import type { DepositLineRow } from "./queries.ts";

type Kind = DepositLineRow["kind"];
export type LineProblem = NonNullable<DepositLineRow["problem"]>;

/** What the processor says moved. Minor units; what goes out is below zero. */
export type Moved = { kind: Kind; grossMinor: bigint; feeMinor: bigint; netMinor: bigint };

/** What our books hold about the same thing; each is undefined where they hold nothing. */
export type Known = {
  payment: { amountMinor: bigint; feeMinor: bigint; hasArrived: boolean; isDisputed: boolean } | undefined;
  refund: { amountMinor: bigint; hasFailed: boolean } | undefined;
  dispute: { amountMinor: bigint } | undefined;
  /** The deposit that came back from the bank. */
  returned: { amountMinor: bigint } | undefined;
};

/** What a line should have brought by our books, and what is wrong where that is something else. */
export type Judgement = { expectedMinor: bigint; problem: LineProblem | null };

/**
 * Holds one line against our books. Fees and adjustments are the processor's alone to say, so they are taken as they stand; all else
 * must be found in our books with the same amount. What our books do not know is expected to bring nothing.
 */
export function judge(moved: Moved, known: Known): Judgement {
  switch (moved.kind) {
    case "payment":
      return judgePayment(moved, known.payment);
    case "refund":
    case "refund_failure":
      return judgeRefund(moved, known);
    case "dispute":
    case "dispute_reversal":
      return judgeDispute(moved, known);
    case "fee":
    case "adjustment":
      return { expectedMinor: moved.netMinor, problem: null };
    case "returned_deposit":
      return compare(moved, known.returned?.amountMinor, "not_returned");
    case "other":
      return { expectedMinor: 0n, problem: "unknown_kind" };
  }
}

function judgePayment(moved: Moved, payment: Known["payment"]): Judgement {
  if (!payment?.hasArrived) return { expectedMinor: 0n, problem: "not_ours" };
  const expectedMinor = payment.amountMinor - payment.feeMinor;
  if (payment.amountMinor !== moved.grossMinor) return { expectedMinor, problem: "amount_differs" };
  return { expectedMinor, problem: payment.feeMinor === moved.feeMinor ? null : "fee_differs" };
}

function judgeRefund(moved: Moved, { payment, refund }: Known): Judgement {
  if (!payment) return { expectedMinor: 0n, problem: "not_ours" };
  const isBack = moved.kind === "refund_failure";
  if (!refund || (isBack && !refund.hasFailed)) return { expectedMinor: 0n, problem: "not_refunded" };
  return compare(moved, isBack ? refund.amountMinor : -refund.amountMinor, "not_refunded");
}

function judgeDispute(moved: Moved, { payment, dispute }: Known): Judgement {
  if (!payment) return { expectedMinor: 0n, problem: "not_ours" };
  // A bank debit may come back without a dispute of its own: then the payment says that it was taken back.
  if (!dispute)
    return payment.isDisputed
      ? { expectedMinor: moved.netMinor, problem: null }
      : { expectedMinor: 0n, problem: "not_disputed" };
  const isBack = moved.kind === "dispute_reversal";
  return compare(moved, isBack ? dispute.amountMinor : -dispute.amountMinor, "not_disputed");
}

/** The fee beside it is the processor's to say; the amount must be ours. */
function compare(moved: Moved, ours: bigint | undefined, missing: LineProblem): Judgement {
  if (ours === undefined) return { expectedMinor: 0n, problem: missing };
  const expectedMinor = ours - moved.feeMinor;
  return { expectedMinor, problem: ours === moved.grossMinor ? null : "amount_differs" };
}
