import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { type LinkRow, updateLink } from "./queries.ts";

export type LinkDelivery = LinkRow["delivery"];

/** Writes on a locked link how far its email came, and why no further. The email's own record says who and when. */
export async function noteDelivery(
  tx: Tx,
  cx: FirmContext,
  link: LinkRow,
  delivery: LinkDelivery,
  reason: string | undefined,
): Promise<void> {
  if (link.delivery === delivery && link.delivery_reason === (reason ?? null)) return;
  await updateLink(tx, cx.firmId, link.id, {
    delivery,
    delivery_reason: reason ?? null,
    updated_at: cx.now(),
  });
}
