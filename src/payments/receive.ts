import type { Context } from "../context.ts";
import { transact } from "../db/tx.ts";
import { type IncomingEvent, parkEvent, receiveEvent } from "../inbox/receive.ts";
import { isAboutMoney } from "../stripe/event.ts";
import type { ProcessorEvent } from "../stripe/port.ts";
import { findFirmOfAccount } from "./queries.ts";

/** What is kept of an event: where its object is found again, never the object itself. */
export type KeptEvent = {
  paymentIntentId?: string | undefined;
  sessionId?: string | undefined;
  payoutId?: string | undefined;
};

/** `new` and `known`: kept, and acted upon by a job. `parked`: of an account that no firm of ours has. `ignored`: not about money. */
export type Received = "new" | "known" | "parked" | "ignored";

/**
 * Takes a delivery of the processor on its raw body. Returns only when the event is stored, so that the processor sends again what was
 * not. Throws ProcessorError `rejected` when the delivery is not the processor's.
 */
export async function receiveDelivery(
  cx: Context,
  rawBody: string,
  signature: string | undefined,
): Promise<Received> {
  return await keepEvent(cx, await cx.processor.verifyEvent(rawBody, signature, cx.now()));
}

async function keepEvent(cx: Context, event: ProcessorEvent): Promise<Received> {
  if (!isAboutMoney(event.type)) return "ignored";
  const { account } = event;
  const firmId = account && (await transact(cx.database, (tx) => findFirmOfAccount(tx, account)));
  if (firmId) return await keepForFirm(cx, firmId, event);
  await parkEvent(cx, toIncoming(event));
  return "parked";
}

/** Keeps an event of one of a firm's accounts, and has it acted upon; once, however often it comes. */
export async function keepForFirm(
  cx: Context,
  firmId: string,
  event: ProcessorEvent,
): Promise<"new" | "known"> {
  return (await receiveEvent(cx, firmId, toIncoming(event))) ? "new" : "known";
}

function toIncoming(event: ProcessorEvent): IncomingEvent {
  const { paymentIntentId, sessionId, payoutId } = event;
  const payload: KeptEvent = { paymentIntentId, sessionId, payoutId };
  return { source: "stripe", externalId: event.id, type: event.type, account: event.account, payload };
}
