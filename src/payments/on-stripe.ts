import { z } from "zod";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { findEvent, markHandled } from "../inbox/queries.ts";
import { ProcessorError } from "../stripe/port.ts";
import { type Settled, type Subject, settlePayment } from "./settle.ts";

const kept = z.object({ paymentIntentId: z.string().optional(), sessionId: z.string().optional() });

/**
 * Acts on a kept event of the processor. The event only says where to look. Done again, or while another runner does it, it comes to the
 * same end; an event that was handled is not looked at again.
 */
export async function onStripe(cx: Context, input: { firmId: string; inboxEventId: string }): Promise<void> {
  const { firmId, inboxEventId } = input;
  const event = await withFirm(cx.database, firmId, (tx) => findEvent(tx, firmId, inboxEventId));
  if (!event || event.handled_at !== null || event.account === null) return;
  const outcome = await settle(cx, { firmId, processorAccount: event.account, ...kept.parse(event.payload) });
  await withFirm(cx.database, firmId, (tx) => markHandled(tx, firmId, inboxEventId, cx.now(), outcome));
}

/** What the processor itself no longer has cannot be read by trying again. */
async function settle(cx: Context, subject: Subject): Promise<Settled | "missing"> {
  try {
    return await settlePayment(cx, subject);
  } catch (error) {
    if (!(error instanceof ProcessorError) || error.kind !== "missing") throw error;
    cx.log.warn("the processor has no such object", { account: subject.processorAccount });
    return "missing";
  }
}
