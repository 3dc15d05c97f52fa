import { isId } from "../base/id.ts";
import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { findLink } from "../links/queries.ts";
import { askAgain } from "./close-checkout.ts";
import { findCheckout } from "./queries.ts";
import { pageOf } from "./state.ts";

/** A payer is not kept waiting longer; the page then says that it is being confirmed. */
const WAIT_LIMIT_MS = 3_000;
const LOOK_INTERVAL_MS = 150;

/**
 * The payer is back from the processor's page. Has the processor asked at once, so that a webhook that is late or lost does not matter,
 * and waits up to three seconds for what comes of it. `waiting`: nothing is known yet. Records nothing by itself: that the browser came
 * back proves nothing.
 */
export async function awaitOutcome(
  cx: FirmContext,
  input: { linkId: string; checkoutId: string },
): Promise<"known" | "waiting"> {
  const isOpen = await withFirm(cx.database, cx.firmId, async (tx) => {
    const open = await isUndecided(tx, cx, input);
    if (open) await askAgain(tx, cx.firmId, input.checkoutId);
    return open;
  });
  if (!isOpen) return "known";
  for (let waited = 0; waited < WAIT_LIMIT_MS; waited += LOOK_INTERVAL_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS));
    if (!(await withFirm(cx.database, cx.firmId, (tx) => isUndecided(tx, cx, input)))) return "known";
  }
  return "waiting";
}

async function isUndecided(
  tx: Tx,
  cx: FirmContext,
  input: { linkId: string; checkoutId: string },
): Promise<boolean> {
  if (!isId(input.checkoutId)) return false;
  const link = await findLink(tx, cx.firmId, input.linkId);
  const checkout = await findCheckout(tx, cx.firmId, input.checkoutId);
  if (!link || checkout?.link_id !== link.id || pageOf(link, cx.now()) !== "payable") return false;
  return checkout.state === "open" || checkout.state === "preparing";
}
