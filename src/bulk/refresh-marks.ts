import type { Tx } from "../db/tx.ts";
import { findOpenLinks, findSentTwins, listMarked, writeMarks } from "./mark-queries.ts";
import { changedMarks } from "./marks.ts";
import { isInReview } from "./state.ts";

/**
 * Brings the marks of a locked upload's drafts up to date. `ids` are the rows that changed, whose links are looked up; without them
 * those of all drafts are. A change may mark or unmark any other row of the upload.
 */
export async function refreshMarks(
  tx: Tx,
  firmId: string,
  batchId: string,
  ids?: readonly string[],
): Promise<void> {
  const rows = await listMarked(tx, firmId, batchId);
  const wanted = ids === undefined ? undefined : new Set(ids);
  const looked = rows.filter((row) => isInReview(row.state) && (wanted?.has(row.id) ?? true));
  const numbers = new Set(looked.map((row) => row.invoiceNumber).filter((number) => number !== ""));
  const fingerprints = new Set(looked.filter((row) => row.state === "ready").map((row) => row.fingerprint));
  const links = {
    openByInvoice: await findOpenLinks(tx, firmId, [...numbers]),
    sentByFingerprint: await findSentTwins(tx, firmId, batchId, [...fingerprints]),
  };
  await writeMarks(tx, firmId, changedMarks(rows, new Set(looked.map((row) => row.id)), links));
}
