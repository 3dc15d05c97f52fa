import { resultOf } from "../base/settled.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { findEvent, markHandled } from "../inbox/queries.ts";
import { settleEvents } from "./settle-events.ts";

/**
 * Acts on one kept event of the processor: one that failed among others, or that was forgotten. The event only says where to look. Done
 * again, or while another runner does it, it comes to the same end; an event that was handled is not looked at again.
 */
export async function onStripe(cx: Context, input: { firmId: string; inboxEventId: string }): Promise<void> {
  const { firmId, inboxEventId } = input;
  const event = await withFirm(cx.database, firmId, (tx) => findEvent(tx, firmId, inboxEventId));
  if (!event || event.handled_at !== null || event.account === null) return;
  const [result] = await settleEvents(cx, firmId, [event]);
  const outcome = resultOf(result);
  await withFirm(cx.database, firmId, (tx) => markHandled(tx, firmId, inboxEventId, cx.now(), outcome));
}
