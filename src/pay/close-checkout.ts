import { record } from "../audit/record.ts";
import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { type CheckoutFacts, ProcessorError } from "../stripe/port.ts";
import { type CheckoutRow, type CheckoutState, changeCheckout } from "./queries.ts";

/**
 * Makes sure that a checkout cannot be paid any more, at the processor first and then in our own books. `complete` means that it was
 * paid or authorised already; the reading of what came of it is enqueued. `open`: the processor left it open, and it could be paid. Nothing outside is called in a transaction.
 *
 * A checkout without a session is given up at once. It may have one at the processor, made by a request whose answer was lost or
 * that is under way right now: the address of such a session was given to nobody, since it is given only after it was stored on a
 * row that still waited for it (begin.ts), so it cannot be paid and runs out by itself.
 */
export async function closeCheckout(
  cx: FirmContext,
  checkout: CheckoutRow,
): Promise<"closed" | "complete" | "open"> {
  const { session_id: sessionId } = checkout;
  if (sessionId === null) {
    await withFirm(cx.database, cx.firmId, (tx) => leave(tx, cx, checkout, "preparing", "abandoned"));
    return "closed";
  }
  const status = await expire(cx, checkout.processor_account, sessionId);
  if (status === "open") return "open";
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    if (status === "complete") {
      await askAgain(tx, cx.firmId, checkout.id);
      return "complete";
    }
    await leave(tx, cx, checkout, "open", "expired");
    return "closed";
  });
}

/** Enqueues the reading of a checkout at the processor; one that waits already is enough. */
export async function askAgain(tx: Tx, firmId: string, checkoutId: string): Promise<void> {
  const key = `readCheckout:${checkoutId}`;
  await enqueue(tx, "payments.readCheckout", { firmId, checkoutId }, { key });
}

/** A session that the processor does not know cannot be paid: it counts as expired. */
async function expire(cx: FirmContext, account: string, sessionId: string): Promise<CheckoutFacts["status"]> {
  try {
    return (await cx.processor.expireCheckout(account, sessionId)).status;
  } catch (error) {
    if (error instanceof ProcessorError && error.kind === "missing") return "expired";
    throw error;
  }
}

async function leave(
  tx: Tx,
  cx: FirmContext,
  checkout: CheckoutRow,
  from: CheckoutState,
  to: CheckoutState,
): Promise<void> {
  const change = { state: to, updated_at: cx.now() };
  if (!(await changeCheckout(tx, cx.firmId, checkout.id, [from], change))) return;
  await record(tx, cx, {
    action: `checkout.${to}`,
    objectKind: "checkout",
    objectId: checkout.id,
    linkId: checkout.link_id,
    before: { state: from },
    after: { state: to },
  });
}
