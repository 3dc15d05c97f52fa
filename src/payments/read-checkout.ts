import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { changeCheckout, findCheckout } from "../pay/queries.ts";
import { ProcessorError } from "../stripe/port.ts";
import { settlePayment } from "./settle.ts";

/**
 * Asks the processor what became of a checkout: after the payer's return, and when no webhook came. A checkout that never got a session
 * is given up once its time is over: nobody was given an address to pay at (see pay/close-checkout.ts).
 */
export async function readCheckout(
  cx: Context,
  input: { firmId: string; checkoutId: string },
): Promise<void> {
  const { firmId, checkoutId } = input;
  const checkout = await withFirm(cx.database, firmId, (tx) => findCheckout(tx, firmId, checkoutId));
  if (!checkout) return;
  const { session_id: sessionId, processor_account: processorAccount } = checkout;
  if (sessionId === null) {
    const isOver = checkout.expires_at <= cx.now();
    const change = isOver ? { state: "abandoned" as const, updated_at: cx.now() } : { read_at: cx.now() };
    await withFirm(cx.database, firmId, (tx) =>
      changeCheckout(tx, firmId, checkoutId, ["preparing"], change),
    );
    return;
  }
  try {
    await settlePayment(cx, { firmId, processorAccount, sessionId });
  } catch (error) {
    if (!(error instanceof ProcessorError) || error.kind !== "missing") throw error;
    cx.log.warn("the processor has no such session", { checkoutId });
    const change = { state: "expired" as const, updated_at: cx.now() };
    await withFirm(cx.database, firmId, (tx) =>
      changeCheckout(tx, firmId, checkoutId, ["preparing", "open"], change),
    );
  }
}
