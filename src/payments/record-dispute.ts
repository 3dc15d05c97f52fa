import { record } from "../audit/record.ts";
import { newId } from "../base/id.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import type { DisputeFacts } from "../stripe/undone.ts";
import { canMoveDispute, isOut, isUndecided, turnAfter } from "./dispute-state.ts";
import type { PaymentRow } from "./queries.ts";
import type { UndoneChange } from "./record-undone.ts";
import { disputeReasonWords } from "./refund-words.ts";
import { layFromOutside } from "./undone-left.ts";
import { type DisputeRow, insertDispute, insertUndoneParts, updateDispute } from "./undone-queries.ts";
import { deleteDisputeParts } from "./undone-read-queries.ts";

const ACTIONS = {
  inquiry: "dispute.inquiry",
  open: "dispute.opened",
  won: "dispute.won",
  lost: "dispute.lost",
  closed: "dispute.closed",
} as const satisfies Record<DisputeFacts["state"], string>;

/**
 * Brings one dispute in line with what the processor says of it. The money of a card payment is withdrawn when the dispute opens, so that
 * is when it counts as gone, and not only when it is lost. The caller holds the payment's lock.
 */
export async function recordDispute(
  tx: Tx,
  who: FirmContext,
  payment: PaymentRow,
  known: readonly DisputeRow[],
  fact: DisputeFacts,
): Promise<UndoneChange> {
  const row = known.find((dispute) => dispute.processor_dispute_id === fact.disputeId);
  if (!row) return await recordNew(tx, who, payment, fact);
  const moves = row.state !== fact.state;
  if (moves && !canMoveDispute(row.state, fact.state)) {
    who.log.error("a dispute made a move that there is not", {
      disputeId: row.id,
      from: row.state,
      to: fact.state,
    });
    return "none";
  }
  const turn = turnAfter(row.turn, fact.isGone);
  const dueAt = fact.evidenceDueAt ?? null;
  const isKnown = row.evidence_due_at?.getTime() === dueAt?.getTime();
  if (!moves && turn === row.turn && isKnown) return "none";
  const updated = await updateDispute(tx, who.firmId, row.id, {
    state: fact.state,
    evidence_due_at: dueAt,
    turn,
    ...(turn === row.turn ? {} : { moved_at: who.now() }),
    closed_at: isUndecided(fact.state) ? null : (row.closed_at ?? who.now()),
    updated_at: who.now(),
  });
  const final = turn !== row.turn && isOut(turn) ? await lay(tx, who, payment, updated) : updated;
  if (moves) await note(tx, who, payment, final, row.state);
  return turn === row.turn ? "word" : "money";
}

async function recordNew(
  tx: Tx,
  who: FirmContext,
  payment: PaymentRow,
  fact: DisputeFacts,
): Promise<UndoneChange> {
  const turn = turnAfter(0, fact.isGone);
  const row = await insertDispute(tx, {
    firm_id: who.firmId,
    id: newId(),
    payment_id: payment.id,
    processor_dispute_id: fact.disputeId,
    kind: payment.method === "bank_debit" ? "bank_return" : "chargeback",
    state: fact.state,
    reason: fact.reason,
    amount_minor: fact.amountMinor,
    currency: fact.currency,
    evidence_due_at: fact.evidenceDueAt ?? null,
    turn,
    moved_at: isOut(turn) ? fact.openedAt : null,
    is_laid: false,
    opened_at: fact.openedAt,
    closed_at: isUndecided(fact.state) ? null : who.now(),
    created_at: who.now(),
    updated_at: who.now(),
  });
  const final = isOut(turn) ? await lay(tx, who, payment, row) : row;
  await note(tx, who, payment, final, undefined);
  return isOut(turn) ? "money" : "word";
}

/** Says on which parts of the payment the withdrawn money lies, as far as that says itself; else a bookkeeper does. */
async function lay(tx: Tx, who: FirmContext, payment: PaymentRow, row: DisputeRow): Promise<DisputeRow> {
  await deleteDisputeParts(tx, who.firmId, row.id);
  // While it is laid anew it takes nothing of the payment itself.
  const laid = await layFromOutside(tx, who.firmId, payment.id, row.amount_minor, row.id);
  await insertUndoneParts(
    tx,
    { firmId: who.firmId, paymentId: payment.id, disputeId: row.id },
    laid?.parts ?? [],
  );
  const change = { is_laid: laid !== undefined, excess_minor: laid?.excessMinor ?? 0n };
  return await updateDispute(tx, who.firmId, row.id, change);
}

async function note(
  tx: Tx,
  who: FirmContext,
  payment: PaymentRow,
  dispute: DisputeRow,
  before: DisputeRow["state"] | undefined,
): Promise<void> {
  const isReturn = dispute.kind === "bank_return" && dispute.state === "lost";
  await record(tx, who, {
    action: isReturn ? "dispute.returned" : ACTIONS[dispute.state],
    objectKind: "dispute",
    objectId: dispute.id,
    linkId: payment.link_id,
    ...(before === undefined ? {} : { before: { state: before } }),
    after: {
      state: dispute.state,
      amountMinor: dispute.amount_minor,
      currency: dispute.currency,
      payment: payment.reference,
      reason: `${disputeReasonWords(dispute.reason)}.`,
      laid: dispute.is_laid,
      ...(dispute.evidence_due_at === null ? {} : { dueAt: dispute.evidence_due_at.toISOString() }),
    },
  });
  await enqueue(tx, "delivery.notify", {
    firmId: who.firmId,
    // The return of a bank debit cannot be contested: it is a payment that failed after all.
    event: dispute.kind === "bank_return" ? "payment_failed" : "dispute",
    occurrence: `${dispute.id}:${dispute.state}`,
    paymentId: payment.id,
  });
}
