import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { lockLink, updateLink } from "../links/queries.ts";

/**
 * Notes that a person opened the link. A hint for the firm, no proof: mail scanners open links too, and some look like people. Moves
 * nothing else, so that opening can never use a link up.
 */
export async function noteView(cx: FirmContext, linkId: string): Promise<void> {
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const link = await lockLink(tx, cx.firmId, linkId);
    const now = cx.now();
    await updateLink(tx, cx.firmId, linkId, {
      first_viewed_at: link.first_viewed_at ?? now,
      last_viewed_at: now,
    });
  });
}
