import { newId } from "../base/id.ts";
import { resultOf, settleEach } from "../base/settled.ts";
import type { Context, FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { allOf, eachTogether } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { assess, type Hindrance, surplusHindrance } from "./assess.ts";
import { PAYMENT_CAUSE } from "./cause.ts";
import { isToBeMatched, matchPayment } from "./match.ts";
import { hindered, movePosting, recordPosting, systemContext, UNHINDERED } from "./move.ts";
import {
  type AllocationRow,
  insertPostingOnce,
  listAllocations,
  lockPayment,
  lockSurplusOf,
  type PaymentRow,
  type PostingRow,
  updatePosting,
} from "./queries.ts";
import { referenceOf } from "./reference.ts";
import { scheduleWrites } from "./schedule.ts";
import { findTarget, type Target } from "./target-queries.ts";

/**
 * Makes one posting for each part of payments that have arrived: ready, and on its way where the firm lets that happen by itself, or
 * waiting for a person with the reason. Money of a link without statements first looks for the one whose number the link named. Doing
 * it again makes no second one. Does nothing for a payment that has not arrived. Throws what kept one of them from being prepared, when
 * the others are.
 */
export async function preparePostings(
  cx: Context,
  input: { firmId: string; paymentIds: readonly string[] },
): Promise<void> {
  const { firmId, paymentIds } = input;
  const who = systemContext(cx, firmId);
  const done = await eachTogether(cx.database, firmId, paymentIds, (tx, id) => prepareLaid(tx, who, id));
  const unlaid = paymentIds.filter((_, index) => isUnlaid(done[index]));
  // One by one: two that name the same statement must not look at its room at once.
  const matched = await settleEach(unlaid, 1, (id) =>
    withFirm(cx.database, firmId, (tx) => prepareUnlaid(tx, who, id)),
  );
  for (const result of [...done, ...matched]) resultOf<unknown>(result);
}

function isUnlaid(result: PromiseSettledResult<"unlaid" | undefined> | undefined): boolean {
  return result?.status === "fulfilled" && result.value === "unlaid";
}

/** Prepares a payment that says by itself what it is for; gives `unlaid` for one whose statement is to be looked for first. */
async function prepareLaid(tx: Tx, who: FirmContext, paymentId: string): Promise<"unlaid" | undefined> {
  const payment = await lockPayment(tx, who.firmId, paymentId);
  if (payment?.state !== "succeeded") return undefined;
  const allocations = await listAllocations(tx, who.firmId, payment.id);
  if (isToBeMatched(payment, allocations)) return "unlaid";
  await prepareAll(tx, who, payment, allocations, undefined);
  return undefined;
}

async function prepareUnlaid(tx: Tx, who: FirmContext, paymentId: string): Promise<void> {
  const payment = await lockPayment(tx, who.firmId, paymentId);
  if (payment?.state !== "succeeded") return;
  const arrived = await listAllocations(tx, who.firmId, payment.id);
  const unmatched = await matchPayment(tx, who, payment, arrived);
  await prepareAll(tx, who, payment, await listAllocations(tx, who.firmId, payment.id), unmatched);
}

async function prepareAll(
  tx: Tx,
  who: FirmContext,
  payment: PaymentRow,
  allocations: readonly AllocationRow[],
  unmatched: Hindrance | undefined,
): Promise<void> {
  await allOf(allocations.map((part) => preparePosting(tx, who, payment, part, unmatched)));
  if (isUndone(payment)) await enqueue(tx, "postings.reverse", { firmId: who.firmId, paymentId: payment.id });
}

async function preparePosting(
  tx: Tx,
  who: FirmContext,
  payment: PaymentRow,
  allocation: AllocationRow,
  unmatched: Hindrance | undefined,
): Promise<void> {
  const target = await findTarget(tx, who.firmId, allocation.statement_id);
  const kind = kindOf(payment);
  const money = { kind, amount_minor: allocation.amount_minor, currency: payment.currency };
  const hindrance = payment.is_surplus ? surplusHindrance() : (unmatched ?? assess(who, money, target));
  const posting = await insertPostingOnce(tx, {
    ...money,
    firm_id: who.firmId,
    id: newId(),
    reference: referenceOf({ allocationId: allocation.id, cause: PAYMENT_CAUSE }),
    payment_id: payment.id,
    allocation_id: allocation.id,
    cause: PAYMENT_CAUSE,
    connection_id: target?.connectionId ?? null,
    statement_id: target?.statementId ?? null,
    state: hindrance ? "needs_attention" : "ready",
    ...(hindrance ? hindered(hindrance) : UNHINDERED),
    created_at: who.now(),
    updated_at: who.now(),
  });
  if (!posting) return await reconsider(tx, who, allocation, target, hindrance);
  await recordPosting(tx, who, posting, { action: "posting.prepared", facts: factsOf(posting, hindrance) });
  // What was undone before it was posted is looked at first.
  if (target && posting.state === "ready" && !isUndone(payment)) await goWhereAutomatic(tx, posting, target);
}

function isUndone(payment: PaymentRow): boolean {
  return payment.refunded_minor > 0n || payment.dispute !== "none";
}

/** A payment that was one too many may turn out to be the only one: then what is wrong with its posting is another thing, or nothing. */
async function reconsider(
  tx: Tx,
  who: FirmContext,
  allocation: AllocationRow,
  target: Target | undefined,
  hindrance: Hindrance | undefined,
): Promise<void> {
  if (hindrance?.problem === "surplus") return;
  const posting = await lockSurplusOf(tx, who.firmId, allocation.id);
  if (!posting) return;
  const place = { connection_id: target?.connectionId ?? null, statement_id: target?.statementId ?? null };
  if (hindrance) {
    const kept = await updatePosting(tx, who.firmId, posting.id, {
      ...hindered(hindrance),
      ...place,
      updated_at: who.now(),
    });
    await recordPosting(tx, who, kept, {
      action: "posting.needsAttention",
      facts: { problem: hindrance.problem },
    });
    return;
  }
  const ready = await movePosting(tx, who, posting, {
    to: "ready",
    action: "posting.prepared",
    change: { ...UNHINDERED, ...place },
  });
  if (target) await goWhereAutomatic(tx, ready, target);
}

/** A posting for money in trust is a deposit into the matter's trust ledger; all other money pays a statement. */
export function kindOf(payment: Pick<PaymentRow, "account_kind">): "payment" | "trust_deposit" {
  return payment.account_kind === "trust" ? "trust_deposit" : "payment";
}

/** Enqueues a ready posting whose connection posts by itself; one of the others waits for its release. */
export async function goWhereAutomatic(tx: Tx, posting: PostingRow, target: Target): Promise<void> {
  if (target.release !== "automatic") return;
  await scheduleWrites(tx, posting.firm_id, target.connectionId);
}

function factsOf(posting: PostingRow, hindrance: Hindrance | undefined): Record<string, unknown> {
  return hindrance ? { state: posting.state, problem: hindrance.problem } : { state: posting.state };
}
