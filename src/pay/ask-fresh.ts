import { record } from "../audit/record.ts";
import { conflict } from "../base/error.ts";
import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { type LinkRow, lockLink, updateLink } from "../links/queries.ts";
import { enqueue } from "../queue/enqueue.ts";
import { pageOf } from "./state.ts";
import type { PayWords } from "./words.ts";

/** A firm that did not answer is reminded after a day, and not before. */
const PAUSE_MS = 86_400_000;

/** Whether the payer asked within the last day: the page then says so instead of asking again. */
export function wasAskedLately(link: Pick<LinkRow, "fresh_asked_at">, now: Date): boolean {
  return link.fresh_asked_at !== null && now.getTime() - link.fresh_asked_at.getTime() < PAUSE_MS;
}

/**
 * Tells the firm that the payer of an expired link wants a new one, by email and in its list of things to do. The firm decides and
 * sends it to the address it knows; nothing typed by the payer is taken. Asking again within a day changes nothing. Throws `conflict`
 * when the link has not expired.
 */
export async function askFreshLink(cx: FirmContext, linkId: string, words: PayWords): Promise<void> {
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const link = await lockLink(tx, cx.firmId, linkId);
    if (pageOf(link, cx.now()) !== "expired") throw conflict(words.trouble.notExpired);
    if (wasAskedLately(link, cx.now())) return;
    await updateLink(tx, cx.firmId, linkId, { fresh_asked_at: cx.now() });
    const entry = { action: "link.freshAsked", objectKind: "link", objectId: linkId, linkId } as const;
    await record(tx, cx, entry);
    await enqueue(tx, "delivery.notify", {
      firmId: cx.firmId,
      event: "fresh_link",
      occurrence: `${linkId}:${cx.now().toISOString()}`,
      linkId,
    });
  });
}
