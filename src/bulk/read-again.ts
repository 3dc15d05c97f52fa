import type { MemberContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { type AssessedRow, assessRow, type DraftRow } from "./assess.ts";
import { type Batch, raiseVersion, updateBatch } from "./batch-queries.ts";
import { refreshMarks } from "./refresh-marks.ts";
import { listDrafts, updateRows } from "./row-queries.ts";
import { readRules } from "./rules.ts";
import { addDates } from "./upload.ts";

/** Rows that are in memory at once while a whole upload is read anew. */
const PAGE_SIZE = 1_000;

/** Reads some drafts of a locked upload anew, stores what was read and marks what they now share with others. */
export async function readRowsAgain(
  tx: Tx,
  cx: MemberContext,
  batch: Batch,
  drafts: readonly DraftRow[],
): Promise<AssessedRow[]> {
  const rows = await assessAll(tx, cx, batch, drafts);
  await updateRows(tx, cx.firmId, rows);
  await refreshMarks(
    tx,
    cx.firmId,
    batch.id,
    rows.map((row) => row.id),
  );
  await raiseVersion(tx, cx.firmId, batch.id);
  return rows;
}

/** Reads every draft of a locked upload anew: after its columns or the order of its dates were chosen. */
export async function readBatchAgain(tx: Tx, cx: MemberContext, batch: Batch): Promise<void> {
  const dates = { ambiguous_dates: 0, other_dates: 0 };
  let after = 0;
  for (;;) {
    const drafts = await listDrafts(tx, cx.firmId, batch.id, after, PAGE_SIZE);
    const last = drafts.at(-1);
    if (!last) break;
    const rows = await assessAll(tx, cx, batch, drafts);
    await updateRows(tx, cx.firmId, rows);
    addDates(dates, rows);
    after = last.line;
  }
  await updateBatch(tx, cx.firmId, batch.id, dates);
  await refreshMarks(tx, cx.firmId, batch.id);
  await raiseVersion(tx, cx.firmId, batch.id);
}

/** Reads drafts by the rules of their upload. */
export async function assessAll(
  tx: Tx,
  cx: MemberContext,
  batch: Batch,
  drafts: readonly DraftRow[],
): Promise<AssessedRow[]> {
  const facts = {
    accountId: batch.merchant_account_id,
    dateOrder: batch.date_order,
    places: batch.places,
  };
  const rules = await readRules(tx, cx, facts, drafts);
  return drafts.map((draft) => assessRow(draft, batch.places, rules));
}
