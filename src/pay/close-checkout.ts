import { record } from "../audit/record.ts";
import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { lockLink } from "../links/queries.ts";
import { enqueue } from "../queue/enqueue.ts";
import { type CheckoutFacts, ProcessorError } from "../stripe/port.ts";
import { type CheckoutRow, type CheckoutState, changeCheckout, findCheckout } from "./queries.ts";

/**
 * Makes sure that a checkout cannot be paid any more, at the processor first and then in our own books. `complete` means that it was
 * paid or authorised already; the reading of what came of it is enqueued. `open`: the processor left it open, and it could be paid. Nothing outside is called in a transaction.
 *
 * A checkout without a session is given up at once. It may have one at the processor, made by a request whose answer was lost or
 * that is under way right now: the address of such a session was given to nobody, since it is given only after it was stored on a
 * row that still waited for it (create-session.ts), so it cannot be paid and runs out by itself. One that got its session after the
 * caller's look is closed at the processor like any other.
 */
export async function closeCheckout(
  cx: FirmContext,
  checkout: CheckoutRow,
): Promise<"closed" | "complete" | "open"> {
  const sessionId = checkout.session_id ?? (await giveUpCheckout(cx, checkout));
  if (sessionId === null) return "closed";
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

/**
 * Gives a checkout up, unless it has a session by now. Returns that session; null: it has none, and none will be stored on it any more.
 */
export function giveUpCheckout(cx: FirmContext, checkout: CheckoutRow): Promise<string | null> {
  return withFirm(cx.database, cx.firmId, async (tx) => {
    await leave(tx, cx, checkout, "preparing", "abandoned");
    return (await findCheckout(tx, cx.firmId, checkout.id))?.session_id ?? null;
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

/** The link first, then its checkout: the order in which everybody locks them, so that nobody who holds the link sees it half left. */
async function leave(
  tx: Tx,
  cx: FirmContext,
  checkout: CheckoutRow,
  from: CheckoutState,
  to: CheckoutState,
): Promise<void> {
  await lockLink(tx, cx.firmId, checkout.link_id);
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
