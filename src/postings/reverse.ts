import { newId } from "../base/id.ts";
import type { Context, FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { assess, type Hindrance, surplusHindrance } from "./assess.ts";
import { causeWords } from "./cause.ts";
import { assessReversal, calledBack, findHandWork, findHindrance } from "./hindrance.ts";
import { hindered, movePosting, recordPosting, systemContext, UNHINDERED } from "./move.ts";
import { goWhereAutomatic } from "./prepare.ts";
import {
  insertPostingOnce,
  listAllocations,
  lockPayment,
  type PaymentRow,
  type PostingRow,
  updatePosting,
} from "./queries.ts";
import { referenceOf } from "./reference.ts";
import { planSteps, type Step } from "./reverse-plan.ts";
import { insertReversalOnce, listUndoings, lockPostings } from "./reverse-queries.ts";
import { findTarget, type Target } from "./target-queries.ts";

type Work = { payment: PaymentRow; postings: readonly PostingRow[] };

/**
 * Brings the postings of a payment in line with its refunds and disputes: reverses what was written, posts anew what came back, and sets
 * aside, with its reason, what was undone before it was written. Asked again it changes nothing; it is asked again whenever one of the
 * payment's postings gets on.
 */
export function reversePostings(cx: Context, input: { firmId: string; paymentId: string }): Promise<void> {
  const who = systemContext(cx, input.firmId);
  return withFirm(cx.database, input.firmId, async (tx) => {
    const payment = await lockPayment(tx, input.firmId, input.paymentId);
    if (!payment) return;
    const postings = await lockPostings(tx, input.firmId, payment.id);
    const undoings = await listUndoings(tx, input.firmId, payment.id);
    for (const allocation of await listAllocations(tx, input.firmId, payment.id)) {
      const steps = planSteps(
        allocation.amount_minor,
        postings.filter((posting) => posting.allocation_id === allocation.id),
        undoings.filter((undoing) => undoing.allocationId === allocation.id),
      );
      for (const step of steps) await take(tx, who, { payment, postings }, step);
    }
  });
}

async function take(tx: Tx, who: FirmContext, work: Work, step: Step): Promise<void> {
  switch (step.act) {
    case "setAside":
      return await setAside(tx, who, getEntry(work, step.entryId), step);
    case "putBack":
      return await putBack(tx, who, work.payment, getEntry(work, step.entryId));
    case "callBack":
      return await callBack(tx, who, getEntry(work, step.entryId));
    case "askAgain":
      return await askAgain(tx, who, getEntry(work, step.entryId));
    case "go":
      return await go(tx, who, getEntry(work, step.entryId));
    case "reverse":
      return await reverse(tx, who, getEntry(work, step.entryId), step);
    case "restore":
      return await restore(tx, who, work, getEntry(work, step.reversalId), step);
  }
}

function getEntry({ postings }: Work, id: string): PostingRow {
  const found = postings.find((posting) => posting.id === id);
  if (!found) throw new Error(`posting ${id} is not of this payment`);
  return found;
}

async function setAside(
  tx: Tx,
  who: FirmContext,
  posting: PostingRow,
  step: Extract<Step, { act: "setAside" }>,
): Promise<void> {
  const reason = reasonOf(posting, step);
  const change = { set_aside_reason: reason, next_try_at: null, is_undone: true, is_unapplied: false };
  const facts = { reason, was: posting.problem };
  if (posting.state === "set_aside") {
    // It was held as money without a statement; now it is not there any more.
    const kept = await updatePosting(tx, who.firmId, posting.id, { ...change, updated_at: who.now() });
    await recordPosting(tx, who, kept, { action: "posting.setAside", facts });
    return;
  }
  await movePosting(tx, who, posting, { to: "set_aside", action: "posting.setAside", change, facts });
}

function reasonOf(posting: PostingRow, { undoing }: Extract<Step, { act: "setAside" }>): string {
  if (posting.kind === "reversal") return "The money came back before this reversal was written.";
  return undoing.kind === "refund"
    ? "The money was refunded before this was posted."
    : "The payer’s bank took the money back before this was posted.";
}

/** The money is there again: what was set aside because it was not goes back to work. */
async function putBack(tx: Tx, who: FirmContext, payment: PaymentRow, posting: PostingRow): Promise<void> {
  const target = await findTarget(tx, who.firmId, posting.statement_id);
  const hindrance = payment.is_surplus ? surplusHindrance() : await findHindrance(tx, who, posting, target);
  const back = await movePosting(tx, who, posting, {
    to: hindrance ? "needs_attention" : "ready",
    action: "posting.putBack",
    change: {
      ...(hindrance ? hindered(hindrance) : UNHINDERED),
      set_aside_reason: null,
      is_undone: false,
    },
    facts: hindrance ? { problem: hindrance.problem } : {},
  });
  if (target && back.state === "ready") await goWhereAutomatic(tx, back, target);
}

/** The money moved while a person may have entered this: it stays with that person, who reads what to do now. */
async function callBack(tx: Tx, who: FirmContext, posting: PostingRow): Promise<void> {
  const hindrance = calledBack(posting);
  await tellPerson(tx, who, posting, hindrance, { is_undone: true }, { reason: hindrance.text });
}

/** The money moved once more: what a person was told about it last does not hold any more. */
async function askAgain(tx: Tx, who: FirmContext, posting: PostingRow): Promise<void> {
  const target = await findTarget(tx, who.firmId, posting.statement_id);
  const asked = { ...posting, is_undone: false };
  const byHand = await findHandWork(tx, who, asked, target);
  // A person may have entered it, whatever we know by now of its statement: only the balance or that person can say.
  const isByHand = posting.problem === "unsupported";
  const hindrance = isByHand ? byHand : ((await findHindrance(tx, who, asked, target)) ?? byHand);
  if (!hindrance) throw new Error(`posting ${posting.id} was to be entered without a statement`);
  const facts = { problem: hindrance.problem, reason: hindrance.text };
  await tellPerson(tx, who, posting, hindrance, { is_undone: false }, facts);
}

async function tellPerson(
  tx: Tx,
  who: FirmContext,
  posting: PostingRow,
  hindrance: Hindrance,
  mark: { is_undone: boolean },
  facts: Record<string, unknown>,
): Promise<void> {
  const change = { ...hindered(hindrance), ...mark };
  const action = "posting.needsAttention";
  if (posting.state !== "needs_attention") {
    await movePosting(tx, who, posting, { to: "needs_attention", action, change, facts });
    return;
  }
  const kept = await updatePosting(tx, who.firmId, posting.id, { ...change, updated_at: who.now() });
  await recordPosting(tx, who, kept, { action, facts });
}

async function go(tx: Tx, who: FirmContext, posting: PostingRow): Promise<void> {
  const target = await findTarget(tx, who.firmId, posting.statement_id);
  if (target && posting.next_try_at === null) await goWhereAutomatic(tx, posting, target);
}

async function reverse(
  tx: Tx,
  who: FirmContext,
  entry: PostingRow,
  step: Extract<Step, { act: "reverse" }>,
): Promise<void> {
  const { cause, amountMinor } = step;
  const target = await findTarget(tx, who.firmId, entry.statement_id);
  const money = { kind: "reversal" as const, amount_minor: amountMinor, currency: entry.currency, cause };
  const hindrance = assessReversal(who, money, entry, target);
  const row = await insertReversalOnce(tx, {
    ...shared(who, entry, target, hindrance),
    ...money,
    reference: referenceOf({ allocationId: entry.id, cause }),
    reverses_posting_id: entry.id,
    occurred_at: step.undoing.movedAt,
  });
  if (row) await prepared(tx, who, row, target, hindrance);
}

async function restore(
  tx: Tx,
  who: FirmContext,
  work: Work,
  reversal: PostingRow,
  step: Extract<Step, { act: "restore" }>,
): Promise<void> {
  const { cause, amountMinor } = step;
  const undone = getEntry(work, reversal.reverses_posting_id ?? "");
  const target = await findTarget(tx, who.firmId, reversal.statement_id);
  const { kind, currency } = undone;
  const money = { kind, amount_minor: amountMinor, currency, cause };
  const hindrance = assess(who, money, target);
  const row = await insertPostingOnce(tx, {
    ...shared(who, reversal, target, hindrance),
    ...money,
    reference: referenceOf({ allocationId: reversal.allocation_id, cause }),
    restores_posting_id: reversal.id,
    occurred_at: step.undoing.movedAt,
  });
  if (row) await prepared(tx, who, row, target, hindrance);
}

function shared(
  who: FirmContext,
  like: PostingRow,
  target: Target | undefined,
  hindrance: Hindrance | undefined,
) {
  return {
    firm_id: who.firmId,
    id: newId(),
    payment_id: like.payment_id,
    allocation_id: like.allocation_id,
    connection_id: target?.connectionId ?? null,
    statement_id: target?.statementId ?? null,
    state: hindrance ? ("needs_attention" as const) : ("ready" as const),
    ...(hindrance ? hindered(hindrance) : UNHINDERED),
    created_at: who.now(),
    updated_at: who.now(),
  };
}

async function prepared(
  tx: Tx,
  who: FirmContext,
  posting: PostingRow,
  target: Target | undefined,
  hindrance: Hindrance | undefined,
): Promise<void> {
  const problem = hindrance ? { problem: hindrance.problem } : {};
  const facts = { state: posting.state, because: causeWords(posting.cause), ...problem };
  await recordPosting(tx, who, posting, { action: "posting.prepared", facts });
  if (target && posting.state === "ready") await goWhereAutomatic(tx, posting, target);
}
