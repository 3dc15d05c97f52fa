import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { demand } from "../web/env.ts";
import { moveLink } from "./move.ts";
import { type LinkRow, lockLink } from "./queries.ts";

/**
 * Cancels an outstanding link: its page says so from now on, and whatever is open at the processor is expired. Cancelling again
 * changes nothing. Throws `conflict` when the link was paid or a payment is under way.
 */
export async function cancelLink(cx: MemberContext, input: { linkId: string }): Promise<LinkRow> {
  demand(cx, "links.cancel");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const link = await lockLink(tx, cx.firmId, input.linkId);
    if (link.state === "cancelled") return link;
    return await cancelLocked(tx, cx, link);
  });
}

/** Cancels a locked link in the caller's transaction. Throws `conflict` when the table of moves has no such move. */
export async function cancelLocked(tx: Tx, cx: MemberContext, link: LinkRow): Promise<LinkRow> {
  const cancelled = await moveLink(tx, cx, link, "cancelled");
  await enqueue(tx, "pay.expireCheckouts", { firmId: cx.firmId, linkId: link.id });
  return cancelled;
}
