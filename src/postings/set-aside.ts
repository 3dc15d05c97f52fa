import { conflict, invalid, Problem } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { demand } from "../web/env.ts";
import { surplusHindrance } from "./assess.ts";
import { PAYMENT_CAUSE } from "./cause.ts";
import { findHindrance } from "./hindrance.ts";
import { hindered, movePosting, UNHINDERED } from "./move.ts";
import { goWhereAutomatic } from "./prepare.ts";
import { getPayment, lockPosting, type PostingRow } from "./queries.ts";
import { isSharable } from "./sharable.ts";
import { isOpen } from "./state.ts";
import { findTarget } from "./target-queries.ts";

const REASON_LENGTH_LIMIT = 500;

/**
 * Takes a posting out of the work with a reason that stays on record. Throws `invalid` without a reason, `conflict` while it is
 * being posted or after.
 */
export async function setAside(
  cx: MemberContext,
  input: { postingId: string; reason: string },
): Promise<PostingRow> {
  demand(cx, "postings.manage");
  const reason = readReason(input.reason);
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const posting = await lockPosting(tx, cx.firmId, input.postingId);
    demandOpen(posting);
    if (posting.is_undone) await freeOthers(tx, cx, posting);
    return await movePosting(tx, cx, posting, {
      to: "set_aside",
      action: "posting.setAside",
      // What a person set aside stays so, also when its money moves again.
      change: { set_aside_reason: reason, next_try_at: null, is_undone: false },
      facts: { reason, was: posting.problem },
    });
  });
}

/**
 * Keeps money with the firm as unapplied: it is certainly on no statement, and stands under a count of its own until somebody takes
 * it up again. Throws `invalid` without a reason, `conflict` where it may be on a statement or was decided meanwhile.
 */
export async function holdUnapplied(
  cx: MemberContext,
  input: { postingId: string; reason: string },
): Promise<PostingRow> {
  demand(cx, "postings.manage");
  const reason = readReason(input.reason);
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const posting = await lockPosting(tx, cx.firmId, input.postingId);
    demandOpen(posting);
    if (!isSharable(posting)) {
      throw conflict(
        `Posting ${posting.reference} may stand in the matter system already. Look there first.`,
      );
    }
    return await movePosting(tx, cx, posting, {
      to: "set_aside",
      action: "posting.held",
      change: { set_aside_reason: reason, is_unapplied: true, next_try_at: null },
      facts: { reason, was: posting.problem },
    });
  });
}

/** Sets several postings aside for one reason, each by itself. Returns how many were, and why the others were not. */
export async function setAsideMany(
  cx: MemberContext,
  input: { postingIds: readonly string[]; reason: string },
): Promise<{ done: number; skipped: string[] }> {
  demand(cx, "postings.manage");
  const reason = readReason(input.reason);
  const result = { done: 0, skipped: [] as string[] };
  for (const postingId of input.postingIds) {
    try {
      await setAside(cx, { postingId, reason });
      result.done += 1;
    } catch (error) {
      if (!(error instanceof Problem && error.code === "conflict")) throw error;
      result.skipped.push(error.message);
    }
  }
  return result;
}

/** A reversal that was not taken out leaves its entry whole: what else went back of it may be reversed now. */
async function freeOthers(tx: Tx, cx: MemberContext, posting: PostingRow): Promise<void> {
  if (posting.kind !== "reversal") return;
  await enqueue(tx, "postings.reverse", { firmId: cx.firmId, paymentId: posting.payment_id });
}

function readReason(typed: string): string {
  const reason = typed.trim();
  if (reason === "") throw invalid({ reason: "Enter the reason; it stays on record" });
  if (reason.length > REASON_LENGTH_LIMIT) {
    throw invalid({ reason: `Enter ${REASON_LENGTH_LIMIT} characters at most` });
  }
  return reason;
}

function demandOpen(posting: PostingRow): void {
  if (!isOpen(posting.state))
    throw conflict(`Posting ${posting.reference} was decided meanwhile. Nothing was changed.`);
}

/** Puts a posting that was set aside back to work: ready when nothing hinders it, else to a person with what does. */
export async function putBack(cx: MemberContext, input: { postingId: string }): Promise<PostingRow> {
  demand(cx, "postings.manage");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const posting = await lockPosting(tx, cx.firmId, input.postingId);
    if (posting.state !== "set_aside") {
      throw conflict(`Posting ${posting.reference} is not set aside any more. Nothing was changed.`);
    }
    if (posting.is_undone) {
      throw conflict(
        "The money of this posting went back to the payer. Should it come back, the posting goes on by itself.",
      );
    }
    const payment = await getPayment(tx, cx.firmId, posting.payment_id);
    const target = await findTarget(tx, cx.firmId, posting.statement_id);
    const isSurplus = payment.is_surplus && posting.cause === PAYMENT_CAUSE;
    const hindrance = isSurplus ? surplusHindrance() : await findHindrance(tx, cx, posting, target);
    const back = await movePosting(tx, cx, posting, {
      to: hindrance ? "needs_attention" : "ready",
      action: "posting.putBack",
      change: {
        ...(hindrance ? hindered(hindrance) : UNHINDERED),
        set_aside_reason: null,
        is_unapplied: false,
      },
      facts: hindrance ? { problem: hindrance.problem } : {},
    });
    if (target && back.state === "ready") await goWhereAutomatic(tx, back, target);
    return back;
  });
}
