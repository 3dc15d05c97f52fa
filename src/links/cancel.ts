import { z } from "zod";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { demand } from "../web/env.ts";
import { cancelReason } from "./cancel-reason.ts";
import { moveLink } from "./move.ts";
import { type LinkRow, lockLink } from "./queries.ts";
import { parseInput } from "./request.ts";

const cancelInput = z.object({ linkId: z.string(), reason: cancelReason });

/**
 * Cancels an outstanding link: its page says so from now on, and whatever is open at the processor is expired. The reason is for the
 * people of the firm. Cancelling again changes nothing, the reason neither. Throws `invalid` when the reason is too long, `conflict`
 * when the link was paid or a payment is under way.
 */
export async function cancelLink(cx: MemberContext, input: z.input<typeof cancelInput>): Promise<LinkRow> {
  demand(cx, "links.cancel");
  const { linkId, reason } = parseInput(cancelInput, input);
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const link = await lockLink(tx, cx.firmId, linkId);
    if (link.state === "cancelled") return link;
    return await cancelLocked(tx, cx, link, reason);
  });
}

/** Cancels a locked link in the caller's transaction, for a reason where one was given. Throws `conflict` when the table of moves has no such move. */
export async function cancelLocked(
  tx: Tx,
  cx: MemberContext,
  link: LinkRow,
  reason: string | undefined,
): Promise<LinkRow> {
  const cancelled = await moveLink(tx, cx, link, "cancelled", reason);
  await enqueue(tx, "pay.expireCheckouts", { firmId: cx.firmId, linkId: link.id });
  return cancelled;
}
