import { conflict, Problem } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { demand } from "../web/env.ts";
import { type Hindrance, surplusHindrance } from "./assess.ts";
import { findHindrance } from "./hindrance.ts";
import { endHold } from "./hold-queries.ts";
import { hindered, movePosting, recordPosting, UNHINDERED } from "./move.ts";
import { getPayment, lockPosting, type PostingRow, updatePosting } from "./queries.ts";
import { scheduleWrites } from "./schedule.ts";
import { findTarget } from "./target-queries.ts";

/** One form's worth; a page shows fewer. */
export const RELEASED_AT_ONCE = 500;

export type Released = { released: number; skipped: { reference: string; why: string }[] };

/**
 * Lets postings be written now: ready ones that wait for it, and ones that needed attention, when nothing hinders them any more. One
 * that may have been written is looked for first. Each is decided by itself; returns how many go and why the others do not.
 */
export async function releasePostings(cx: MemberContext, input: { postingIds: string[] }): Promise<Released> {
  demand(cx, "postings.manage");
  if (input.postingIds.length === 0) throw new Problem("invalid", "Select at least one payment.");
  if (input.postingIds.length > RELEASED_AT_ONCE) {
    throw new Problem("invalid", `Select ${RELEASED_AT_ONCE} postings at most.`);
  }
  const result: Released = { released: 0, skipped: [] };
  for (const id of input.postingIds) {
    const { posting, why } = await withFirm(cx.database, cx.firmId, async (tx) => {
      const locked = await lockPosting(tx, cx.firmId, id);
      return { posting: locked, why: await release(tx, cx, locked) };
    });
    if (why === undefined) result.released += 1;
    else result.skipped.push({ reference: posting.reference, why });
  }
  return result;
}

/**
 * A member looked in a system that cannot be searched and says that an unclear posting is not there: it may be written again.
 * Throws `conflict` for a posting that is not unclear.
 */
export function releaseAbsent(cx: MemberContext, input: { postingId: string }): Promise<void> {
  demand(cx, "postings.manage");
  return withFirm(cx.database, cx.firmId, async (tx) => {
    const posting = await lockPosting(tx, cx.firmId, input.postingId);
    if (posting.state !== "needs_attention" || posting.problem !== "unclear") {
      throw conflict(`Posting ${posting.reference} has a known outcome by now. Nothing was changed.`);
    }
    const target = await findTarget(tx, cx.firmId, posting.statement_id);
    // Where we can look ourselves, a person's word does not replace it: two entries would be the price of a slip.
    if (target && cx.connectors.get(target.connector)?.connector.lookUp) {
      throw conflict(`We can look for posting ${posting.reference} ourselves. Use “Look there and retry”.`);
    }
    const known = await updatePosting(tx, cx.firmId, posting.id, { outcome_unknown: false });
    const why = await release(tx, cx, known, { saidToBeAbsent: true });
    if (why !== undefined) throw conflict(why);
  });
}

/** Returns why it cannot go; undefined when it does. */
async function release(
  tx: Tx,
  cx: MemberContext,
  posting: PostingRow,
  facts: Record<string, unknown> = {},
): Promise<string | undefined> {
  if (posting.state !== "needs_attention" && posting.state !== "ready") {
    return posting.state === "set_aside" ? "It is set aside." : "It is posted, or on its way.";
  }
  const target = await findTarget(tx, cx.firmId, posting.statement_id);
  // What may stand there already is looked for, whatever became of the statement since.
  const isSearch =
    posting.outcome_unknown && target !== undefined && target.connectionState !== "disconnected";
  const payment = await getPayment(tx, cx.firmId, posting.payment_id);
  const isSurplus = posting.problem === "surplus" && payment.is_surplus;
  const findAny = () => (isSearch ? undefined : findHindrance(tx, cx, posting, target));
  const hindrance = isSurplus ? surplusHindrance() : await findAny();
  if (hindrance || !target) {
    if (hindrance && posting.state === "ready") await giveBack(tx, cx, posting, hindrance);
    return hindrance?.text;
  }
  const change = { ...UNHINDERED, unclear_writes: 0, released_at: cx.now(), released_by: cx.actor.id };
  if (posting.state === "ready") {
    const released = await updatePosting(tx, cx.firmId, posting.id, { ...change, updated_at: cx.now() });
    await recordPosting(tx, cx, released, { action: "posting.released", facts });
  } else {
    await movePosting(tx, cx, posting, { to: "ready", action: "posting.released", change, facts });
  }
  await endHold(tx, cx.firmId, target.connectionId);
  await scheduleWrites(tx, cx.firmId, target.connectionId);
  return undefined;
}

/** A held posting that cannot go any more stands where its fix is offered. */
async function giveBack(tx: Tx, cx: MemberContext, posting: PostingRow, hindrance: Hindrance): Promise<void> {
  const { problem } = hindrance;
  const move = { to: "needs_attention", action: "posting.needsAttention", facts: { problem } } as const;
  await movePosting(tx, cx, posting, { ...move, change: hindered(hindrance) });
}
