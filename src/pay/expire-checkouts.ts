import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { findLink } from "../links/queries.ts";
import { closeCheckout } from "./close-checkout.ts";
import { findPayableCheckout } from "./queries.ts";
import { pageOf } from "./state.ts";

/** A request that is under way may open one checkout after the look; none begins on a link that is closed. */
const ROUNDS_LIMIT = 5;

/**
 * Ends what could still be paid on a link that takes no payment any more. A link that does (it was extended meanwhile) is left alone.
 * Run again it finds nothing to do. Throws when the processor cannot be asked, so that the job is tried again.
 */
export async function expireCheckouts(cx: FirmContext, linkId: string): Promise<void> {
  for (let round = 0; round < ROUNDS_LIMIT; round++) {
    const checkout = await withFirm(cx.database, cx.firmId, async (tx) => {
      const link = await findLink(tx, cx.firmId, linkId);
      if (!link || pageOf(link, cx.now()) === "payable") return undefined;
      return await findPayableCheckout(tx, cx.firmId, linkId);
    });
    if (!checkout) return;
    const closed = await closeCheckout(cx, checkout);
    if (closed === "open") throw new Error("the processor left a checkout open that was to be closed");
    // A checkout that is complete is closed by the reading that was enqueued.
    if (closed === "complete") return;
  }
}
