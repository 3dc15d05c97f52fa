import { conflict, invalid } from "../base/error.ts";
import { isId, newId } from "../base/id.ts";
import { amountFaultText, formatMoney, parseAmount } from "../base/money.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { demand } from "../web/env.ts";
import { assess, assessStatement, type Hindrance } from "./assess.ts";
import { isRestoring } from "./cause.ts";
import { hindered, movePosting, recordPosting, UNHINDERED } from "./move.ts";
import { goWhereAutomatic } from "./prepare.ts";
import {
  insertAllocation,
  insertPostingOnce,
  listAllocations,
  lockPayment,
  lockPosting,
  type PostingRow,
  updateAllocation,
  updatePosting,
} from "./queries.ts";
import { referenceOf } from "./reference.ts";
import { sumUndone } from "./reverse-queries.ts";
import { lockShares } from "./share-queries.ts";
import { findTarget, type Target } from "./target-queries.ts";

/**
 * Lays a posting that waits for a person on an open statement, whole or in part; what is left of it becomes a posting of its own,
 * which waits for its statement. The payment's allocations are changed with it and add up as before. `amount` is text as typed.
 * Returns the laid posting. Throws `invalid` by field, `conflict` where the entry may stand on the earlier statement already.
 */
export async function layPosting(
  cx: MemberContext,
  input: { postingId: string; statementId: string; amount: string },
): Promise<PostingRow> {
  demand(cx, "postings.manage");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const posting = await lockPosting(tx, cx.firmId, input.postingId);
    demandLayable(posting);
    const target = isId(input.statementId) ? await findTarget(tx, cx.firmId, input.statementId) : undefined;
    if (!target) throw invalid({ statement: "Choose a statement" });
    const amountMinor = readShare(posting, input.amount);
    const byHand = demandFits(cx, posting, target, amountMinor);
    await lockPayment(tx, cx.firmId, posting.payment_id);
    await demandUndone(tx, posting, amountMinor);
    if (amountMinor < posting.amount_minor)
      await splitOff(tx, cx, posting, posting.amount_minor - amountMinor);
    return await place(tx, cx, posting, { target, amountMinor, byHand, action: "posting.laid" });
  });
}

export type Placing = {
  target: Target;
  amountMinor: bigint;
  /** Set where its system cannot be written to: then a person enters it there. */
  byHand: Hindrance | undefined;
  action: "posting.laid" | "posting.reallocated";
};

/** Writes a posting's statement and amount: it is ready then and goes by itself where that is wanted, or is to be entered by hand. */
export async function place(
  tx: Tx,
  cx: MemberContext,
  posting: PostingRow,
  { target, amountMinor, byHand, action }: Placing,
): Promise<PostingRow> {
  const state = byHand ? "needs_attention" : "ready";
  await updateAllocation(tx, cx.firmId, posting.allocation_id, {
    statement_id: target.statementId,
    amount_minor: amountMinor,
  });
  const change = {
    ...(byHand ? hindered(byHand) : UNHINDERED),
    // What was released was another entry.
    released_at: null,
    released_by: null,
    amount_minor: amountMinor,
    statement_id: target.statementId,
    connection_id: target.connectionId,
  };
  const facts = { statement: target.number, amountMinor };
  if (posting.state !== state) {
    const placed = await movePosting(tx, cx, posting, { to: state, action, change, facts });
    if (!byHand) await goWhereAutomatic(tx, placed, target);
    return placed;
  }
  const kept = await updatePosting(tx, cx.firmId, posting.id, { ...change, updated_at: cx.now() });
  await recordPosting(tx, cx, kept, { action, facts });
  if (!byHand) await goWhereAutomatic(tx, kept, target);
  return kept;
}

/** Throws `conflict` for a posting that cannot be given another statement. */
export function demandLayable(posting: PostingRow): void {
  if (posting.state !== "needs_attention" || posting.kind === "reversal") {
    throw conflict(`Posting ${posting.reference} does not wait for a statement. Nothing was changed.`);
  }
  if (isRestoring(posting.cause)) {
    throw conflict(
      `Posting ${posting.reference} puts back what was undone on its statement, and stays there. Nothing was changed.`,
    );
  }
  if (posting.is_undone) {
    throw conflict(
      `The money of posting ${posting.reference} went back to the payer: it goes on no statement any more. Nothing was changed.`,
    );
  }
  if (posting.file_id !== null) {
    throw conflict(
      `Posting ${posting.reference} stands in a file to import. Say first that the file was not imported.`,
    );
  }
  if (posting.outcome_unknown) {
    throw conflict(
      `Posting ${posting.reference} may stand on its statement already. Look for it there before you choose another.`,
    );
  }
}

/** What went back of a part is reversed where the part is laid, so that it cannot be laid smaller than that. */
async function demandUndone(tx: Tx, posting: PostingRow, amountMinor: bigint): Promise<void> {
  const undoneMinor = await sumUndone(tx, posting.firm_id, posting.allocation_id);
  if (amountMinor >= undoneMinor) return;
  const undone = formatMoney({ minor: undoneMinor, currency: posting.currency });
  throw invalid({ amount: `Enter ${undone} or more: that much of it went back to the payer` });
}

function readShare(posting: PostingRow, typed: string): bigint {
  const parsed = parseAmount(typed);
  if (!parsed.ok) throw invalid({ amount: amountFaultText(parsed.fault) });
  if (parsed.minor === 0n) throw invalid({ amount: "Enter an amount above zero" });
  if (parsed.minor > posting.amount_minor) {
    const whole = formatMoney({ minor: posting.amount_minor, currency: posting.currency });
    throw invalid({ amount: `Enter ${whole} or less: that is what was paid` });
  }
  return parsed.minor;
}

/** Throws `invalid` by field where the statement does not take it; returns why it is to be entered by hand, where it is. */
export function demandFits(
  cx: MemberContext,
  posting: Pick<PostingRow, "kind" | "currency">,
  target: Target,
  amountMinor: bigint,
): Hindrance | undefined {
  if ((target.kind === "trust_request") !== (posting.kind === "trust_deposit")) {
    const place =
      posting.kind === "trust_deposit"
        ? "Money in trust goes on a trust request"
        : "Money for fees goes on an invoice";
    throw invalid({ statement: `${place}, never on the other kind` });
  }
  if (target.currency !== posting.currency) {
    throw invalid({
      statement: `Statement ${target.number} is in ${target.currency}, the payment in ${posting.currency}`,
    });
  }
  const money = { kind: posting.kind, currency: posting.currency, amount_minor: amountMinor };
  const wrong = assessStatement(money, target);
  if (wrong?.problem === "balance_changed") throw invalid({ amount: wrong.text });
  const hindrance = wrong ?? assess(cx, money, target);
  if (hindrance && hindrance.problem !== "unsupported") throw invalid({ statement: hindrance.text });
  return hindrance;
}

/** Takes a posting that was never written off its statement, with what it is worth from now on: it waits for another. */
export async function withoutStatement(
  tx: Tx,
  cx: MemberContext,
  posting: PostingRow,
  amountMinor: bigint,
): Promise<void> {
  const free = { statement_id: null, amount_minor: amountMinor };
  await updateAllocation(tx, cx.firmId, posting.allocation_id, free);
  const text = "Its statement was taken back when the payment was reallocated. Choose another.";
  const change = { ...hindered({ problem: "no_statement", text }), ...free, connection_id: null };
  const facts = { problem: "no_statement", amountMinor };
  if (posting.state !== "needs_attention") {
    await movePosting(tx, cx, posting, {
      to: "needs_attention",
      action: "posting.reallocated",
      change,
      facts,
    });
    return;
  }
  const kept = await updatePosting(tx, cx.firmId, posting.id, { ...change, updated_at: cx.now() });
  await recordPosting(tx, cx, kept, { action: "posting.reallocated", facts });
}

/** The part that was not laid becomes a part of its own. What was given back in part stays whole, since its lines are known. */
async function splitOff(tx: Tx, cx: MemberContext, posting: PostingRow, rest: bigint): Promise<void> {
  const { open } = await lockShares(tx, cx.firmId, posting.payment_id);
  if (!open.some((each) => each.id === posting.id)) {
    throw invalid({ amount: "A part of this was given back or posted anew: use the whole amount" });
  }
  const text = "This is what is left of a payment after a part of it was laid on a statement.";
  await insertPart(tx, cx, posting, rest, text);
}

/** Adds a part to a payment, still without a statement, with its posting. `text` says why it waits. */
export async function insertPart(
  tx: Tx,
  cx: MemberContext,
  like: PostingRow,
  amountMinor: bigint,
  text: string,
): Promise<PostingRow> {
  const allocations = await listAllocations(tx, cx.firmId, like.payment_id);
  const allocationId = newId();
  await insertAllocation(tx, {
    firm_id: cx.firmId,
    id: allocationId,
    payment_id: like.payment_id,
    statement_id: null,
    position: Math.max(...allocations.map((allocation) => allocation.position)) + 1,
    amount_minor: amountMinor,
  });
  const part = await insertPostingOnce(tx, {
    firm_id: cx.firmId,
    id: newId(),
    reference: referenceOf({ allocationId, cause: like.cause }),
    payment_id: like.payment_id,
    allocation_id: allocationId,
    kind: like.kind,
    cause: like.cause,
    amount_minor: amountMinor,
    currency: like.currency,
    state: "needs_attention",
    ...hindered({ problem: "no_statement", text }),
    created_at: cx.now(),
    updated_at: cx.now(),
  });
  if (!part) throw new Error(`a new part of payment ${like.payment_id} has a posting already`);
  await recordPosting(tx, cx, part, { action: "posting.prepared", facts: { problem: "no_statement" } });
  return part;
}
