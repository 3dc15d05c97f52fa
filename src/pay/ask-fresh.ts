import { record } from "../audit/record.ts";
import { conflict } from "../base/error.ts";
import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { lockLink, updateLink } from "../links/queries.ts";
import { pageOf } from "./state.ts";

/** What the firm reads in its list of things to do. */
export const ASKED_FRESH = "The payer asked for a fresh link.";

/**
 * Tells the firm that the payer of an expired link wants a new one. The firm decides and sends it to the address it knows; nothing
 * typed by the payer is taken. Asking again changes nothing. Throws `conflict` when the link has not expired.
 */
export async function askFreshLink(cx: FirmContext, linkId: string): Promise<void> {
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const link = await lockLink(tx, cx.firmId, linkId);
    if (pageOf(link, cx.now()) !== "expired") throw conflict("This link has not expired. Open it again.");
    if (link.tried_reason === ASKED_FRESH) return;
    await updateLink(tx, cx.firmId, linkId, { tried_at: cx.now(), tried_reason: ASKED_FRESH });
    const entry = { action: "link.freshAsked", objectKind: "link", objectId: linkId, linkId } as const;
    await record(tx, cx, entry);
  });
}
