import { record } from "../audit/record.ts";
import { conflict } from "../base/error.ts";
import { newId } from "../base/id.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { lockBatch, raiseVersion } from "./batch-queries.ts";
import { confirmRows, putBackRows } from "./issue-queries.ts";
import { assessAll, readRowsAgain } from "./read-again.ts";
import { refreshMarks } from "./refresh-marks.ts";
import { deleteRows, insertRows, lockRows, readExtent } from "./row-queries.ts";
import { ROW_LIMIT } from "./sheet.ts";

/** Adds an empty row behind the last, to be filled in. Returns its id. Throws `conflict` when the upload is full. */
export async function addRow(cx: MemberContext, batchId: string): Promise<string> {
  demand(cx, "links.send");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const batch = await lockBatch(tx, cx.firmId, batchId);
    const { last, count } = await readExtent(tx, cx.firmId, batchId);
    if (count >= ROW_LIMIT) throw conflict("This upload has 10,000 rows, and takes no more.");
    const draft = { id: newId(), line: last + 1, raw: [], edits: {}, misread: null };
    await insertRows(tx, cx.firmId, batchId, await assessAll(tx, cx, batch, [draft]));
    await raiseVersion(tx, cx.firmId, batchId);
    await record(tx, cx, {
      action: "batch.rowAdded",
      objectKind: "batch",
      objectId: batchId,
      after: { line: draft.line },
    });
    return draft.id;
  });
}

/** Deletes drafts; rows that were sent stay. Returns how many were deleted. */
export async function removeRows(
  cx: MemberContext,
  batchId: string,
  ids: readonly string[],
): Promise<number> {
  demand(cx, "links.send");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    await lockBatch(tx, cx.firmId, batchId);
    const rows = await lockRows(tx, cx.firmId, batchId, ids);
    const deleted = await deleteRows(tx, cx.firmId, batchId, ids);
    if (deleted === 0) return 0;
    await refreshMarks(tx, cx.firmId, batchId, []);
    await raiseVersion(tx, cx.firmId, batchId);
    await record(tx, cx, {
      action: "batch.rowsDeleted",
      objectKind: "batch",
      objectId: batchId,
      after: { lines: rows.map((row) => row.line), deleted },
    });
    return deleted;
  });
}

/** Says that rows which another upload has sent are meant to be sent once more. Returns how many. */
export async function confirmRepeats(
  cx: MemberContext,
  batchId: string,
  ids: readonly string[],
): Promise<number> {
  demand(cx, "links.send");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    await lockBatch(tx, cx.firmId, batchId);
    const lines = await confirmRows(tx, cx.firmId, batchId, ids);
    if (lines.length === 0) return 0;
    await raiseVersion(tx, cx.firmId, batchId);
    await record(tx, cx, {
      action: "batch.repeatsConfirmed",
      objectKind: "batch",
      objectId: batchId,
      after: { lines },
    });
    return lines.length;
  });
}

/** Puts rows of which no link could be made back among the drafts and reads them anew. Returns how many. */
export async function reviewFailed(cx: MemberContext, batchId: string): Promise<number> {
  demand(cx, "links.send");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const batch = await lockBatch(tx, cx.firmId, batchId);
    const ids = await putBackRows(tx, cx.firmId, batchId, "failed");
    const drafts = await lockRows(tx, cx.firmId, batchId, ids);
    if (drafts.length === 0) return 0;
    await readRowsAgain(tx, cx, batch, drafts);
    await record(tx, cx, {
      action: "batch.failedReviewed",
      objectKind: "batch",
      objectId: batchId,
      after: { rows: drafts.length },
    });
    return drafts.length;
  });
}
