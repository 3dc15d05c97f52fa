import { record } from "../audit/record.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { type LinkRow, updateLink } from "../links/queries.ts";

/** Shows the firm that somebody tried and could not, in its list of things to do. */
export async function noteTried(
  tx: Tx,
  cx: FirmContext,
  link: LinkRow,
  reason: string,
  triedAt = cx.now(),
): Promise<void> {
  await updateLink(tx, cx.firmId, link.id, { tried_at: triedAt, tried_reason: reason });
  await record(tx, cx, {
    action: "link.tried",
    objectKind: "link",
    objectId: link.id,
    linkId: link.id,
    after: { reason },
  });
}
