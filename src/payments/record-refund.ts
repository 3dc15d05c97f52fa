import { record } from "../audit/record.ts";
import { newId } from "../base/id.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import type { RefundFacts } from "../stripe/undone.ts";
import { isOut, turnAfter } from "./dispute-state.ts";
import type { PaymentRow } from "./queries.ts";
import type { UndoneChange } from "./record-undone.ts";
import { canMoveRefund } from "./refund-state.ts";
import { failureWords } from "./refund-words.ts";
import { tellOfFailedRefund, tellRefund } from "./tell-refund.ts";
import { layFromOutside } from "./undone-left.ts";
import { insertRefund, insertUndoneParts, type RefundRow, updateRefund } from "./undone-queries.ts";

const ACTIONS = {
  pending: "refund.pending",
  succeeded: "refund.succeeded",
  failed: "refund.failed",
  cancelled: "refund.cancelled",
} as const satisfies Record<RefundFacts["state"], string>;

/** Brings one refund in line with what the processor says of it. The caller holds the payment's lock. */
export async function recordRefund(
  tx: Tx,
  who: FirmContext,
  payment: PaymentRow,
  known: readonly RefundRow[],
  fact: RefundFacts,
): Promise<UndoneChange> {
  const row =
    known.find((refund) => refund.processor_refund_id === fact.refundId) ??
    known.find((refund) => refund.id === fact.ourId && refund.processor_refund_id === null);
  if (!row) return await recordForeign(tx, who, payment, fact);
  const moves = row.state !== fact.state;
  if (moves && !canMoveRefund(row.state, fact.state)) {
    who.log.error("a refund made a move that there is not", {
      refundId: row.id,
      from: row.state,
      to: fact.state,
    });
    return "none";
  }
  const turn = turnAfter(row.turn, fact.isGone);
  if (!moves && turn === row.turn && row.processor_refund_id !== null) return "none";
  const updated = await updateRefund(tx, who.firmId, row.id, {
    state: fact.state,
    processor_refund_id: fact.refundId,
    turn,
    ...(turn === row.turn ? {} : { moved_at: turn === 1 ? fact.createdAt : who.now() }),
    failure_reason: reasonOf(fact),
    read_at: who.now(),
    updated_at: who.now(),
  });
  if (moves) await note(tx, who, payment, updated, row.state);
  return turn === row.turn ? "word" : "money";
}

/** A refund that was made at the processor's own screens. One that failed before we heard of it moved nothing that we know of. */
async function recordForeign(
  tx: Tx,
  who: FirmContext,
  payment: PaymentRow,
  fact: RefundFacts,
): Promise<UndoneChange> {
  if (fact.state === "failed" || fact.state === "cancelled") return "none";
  const laid = await layFromOutside(tx, who.firmId, payment.id, fact.amountMinor);
  const turn = turnAfter(0, fact.isGone);
  const row = await insertRefund(tx, {
    firm_id: who.firmId,
    id: newId(),
    payment_id: payment.id,
    origin: "processor",
    state: fact.state,
    processor_refund_id: fact.refundId,
    amount_minor: fact.amountMinor,
    currency: fact.currency,
    turn,
    moved_at: isOut(turn) ? fact.createdAt : null,
    is_laid: laid !== undefined,
    excess_minor: laid?.excessMinor ?? 0n,
    read_at: who.now(),
    created_at: who.now(),
    updated_at: who.now(),
  });
  const about = { firmId: who.firmId, paymentId: payment.id, refundId: row.id };
  await insertUndoneParts(tx, about, laid?.parts ?? []);
  await note(tx, who, payment, row, undefined);
  return isOut(turn) ? "money" : "word";
}

async function note(
  tx: Tx,
  who: FirmContext,
  payment: PaymentRow,
  refund: RefundRow,
  before: RefundRow["state"] | undefined,
): Promise<void> {
  await record(tx, who, {
    action: ACTIONS[refund.state as RefundFacts["state"]],
    objectKind: "refund",
    objectId: refund.id,
    linkId: payment.link_id,
    ...(before === undefined ? {} : { before: { state: before } }),
    after: {
      state: refund.state,
      amountMinor: refund.amount_minor,
      currency: refund.currency,
      payment: payment.reference,
      atProcessor: refund.origin === "processor",
      laid: refund.is_laid,
      ...(refund.failure_reason === null ? {} : { reason: refund.failure_reason }),
    },
  });
  if (refund.state === "succeeded") await tellRefund(tx, who, payment, refund);
  if (refund.state === "failed" || refund.state === "cancelled") await tellOfFailedRefund(tx, refund);
}

function reasonOf(fact: RefundFacts): string | null {
  return fact.state === "failed" || fact.state === "cancelled"
    ? failureWords(fact.failureCode, fact.state)
    : null;
}
