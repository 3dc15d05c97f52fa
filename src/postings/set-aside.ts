import { conflict, invalid } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { assess, surplusHindrance } from "./assess.ts";
import { hindered, movePosting, UNHINDERED } from "./move.ts";
import { goWhereAutomatic } from "./prepare.ts";
import { getPayment, lockPosting, type PostingRow } from "./queries.ts";
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
  if (input.reason === "") throw invalid({ reason: "Enter the reason; it stays on record" });
  if (input.reason.length > REASON_LENGTH_LIMIT) {
    throw invalid({ reason: `Enter ${REASON_LENGTH_LIMIT} characters at most` });
  }
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const posting = await lockPosting(tx, cx.firmId, input.postingId);
    if (!isOpen(posting.state)) {
      throw conflict(`Posting ${posting.reference} was decided meanwhile. Nothing was changed.`);
    }
    return await movePosting(tx, cx, posting, {
      to: "set_aside",
      action: "posting.setAside",
      change: { set_aside_reason: input.reason, next_try_at: null },
      facts: { reason: input.reason, was: posting.problem },
    });
  });
}

/** Puts a posting that was set aside back to work: ready when nothing hinders it, else to a person with what does. */
export async function putBack(cx: MemberContext, input: { postingId: string }): Promise<PostingRow> {
  demand(cx, "postings.manage");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const posting = await lockPosting(tx, cx.firmId, input.postingId);
    if (posting.state !== "set_aside") {
      throw conflict(`Posting ${posting.reference} is not set aside any more. Nothing was changed.`);
    }
    const payment = await getPayment(tx, cx.firmId, posting.payment_id);
    const target = await findTarget(tx, cx.firmId, posting.statement_id);
    const hindrance = payment.is_surplus ? surplusHindrance() : assess(cx, posting, target);
    const back = await movePosting(tx, cx, posting, {
      to: hindrance ? "needs_attention" : "ready",
      action: "posting.putBack",
      change: { ...(hindrance ? hindered(hindrance) : UNHINDERED), set_aside_reason: null },
      facts: hindrance ? { problem: hindrance.problem } : {},
    });
    if (target && back.state === "ready") await goWhereAutomatic(tx, back, target);
    return back;
  });
}
