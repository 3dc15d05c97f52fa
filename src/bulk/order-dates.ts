import { record } from "../audit/record.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { lockBatch, updateBatch } from "./batch-queries.ts";
import type { DateOrder } from "./dates.ts";
import { readBatchAgain } from "./read-again.ts";

/** Says whether the month or the day comes first in the dates of an upload, and reads its drafts anew. */
export async function orderDates(cx: MemberContext, batchId: string, order: DateOrder): Promise<void> {
  demand(cx, "links.send");
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const batch = await lockBatch(tx, cx.firmId, batchId);
    if (batch.date_order === order) return;
    await updateBatch(tx, cx.firmId, batchId, { date_order: order });
    await readBatchAgain(tx, cx, { ...batch, date_order: order });
    await record(tx, cx, {
      action: "batch.datesOrdered",
      objectKind: "batch",
      objectId: batchId,
      before: { order: batch.date_order },
      after: { order },
    });
  });
}
