import { record } from "../audit/record.ts";
import { conflict } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { deleteBatch, lockBatch } from "./batch-queries.ts";

/** Deletes an upload of which nothing was sent. Throws `conflict` for another: its rows say what became of them. */
export async function discardBatch(cx: MemberContext, batchId: string): Promise<void> {
  demand(cx, "links.send");
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const batch = await lockBatch(tx, cx.firmId, batchId);
    if (batch.issued_at !== null)
      throw conflict("Rows of this upload were sent, so it is kept. You can delete the rows that were not.");
    await deleteBatch(tx, cx.firmId, batchId);
    await record(tx, cx, {
      action: "batch.discarded",
      objectKind: "batch",
      objectId: batchId,
      before: { fileName: batch.file_name },
    });
  });
}
