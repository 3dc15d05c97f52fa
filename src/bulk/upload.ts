import { createHash } from "node:crypto";
import { record } from "../audit/record.ts";
import { invalid } from "../base/error.ts";
import { isId, newId } from "../base/id.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { lockName, type Tx } from "../db/tx.ts";
import { getFirm, listAccounts } from "../settings/queries.ts";
import { demand } from "../web/env.ts";
import { type AssessedRow, assessRow, type DraftRow } from "./assess.ts";
import { findBatchOfForm, insertBatch, updateBatch } from "./batch-queries.ts";
import { needsHand, recognizeColumns } from "./columns.ts";
import { dateOrderOf } from "./dates.ts";
import { readFileText } from "./file-text.ts";
import { refreshMarks } from "./refresh-marks.ts";
import { insertRows } from "./row-queries.ts";
import { readRules } from "./rules.ts";
import { readSheet, type Sheet, type SheetRecord } from "./sheet.ts";
import { hideCards } from "./text-cells.ts";

/** The largest file, in bytes. */
export const FILE_SIZE_LIMIT_BYTES = 10 * 1024 * 1024;
const FILE_NAME_LIMIT = 200;
/** Rows that are read and stored at once, so that only the text of the others is in memory. */
const CHUNK_ROWS = 1_000;

export type UploadInput = {
  /** Made with the form: the same form sent twice is one upload. */
  formId: string;
  accountId: string;
  fileName: string;
  bytes: Uint8Array;
};

/**
 * Reads a file and stores its rows as drafts; the file itself is not kept. The same form again gives the upload that it made. Throws
 * `invalid` with a sentence for a file that cannot be read at all.
 */
export async function uploadBatch(cx: MemberContext, input: UploadInput): Promise<{ batchId: string }> {
  demand(cx, "links.send");
  if (!isId(input.formId)) throw invalid({ form: "Open the page again and choose the file once more" });
  const { sheet, encoding } = readUpload(input.bytes);
  const facts = {
    fileName: tidyFileName(input.fileName),
    sha256: createHash("sha256").update(input.bytes).digest("hex"),
    encoding,
  };
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    await lockName(tx, `bulk-form:${cx.firmId}:${input.formId}`);
    const before = await findBatchOfForm(tx, cx.firmId, input.formId);
    return { batchId: before?.id ?? (await storeBatch(tx, cx, input, sheet, facts)) };
  });
}

function readUpload(bytes: Uint8Array): { sheet: Sheet; encoding: string } {
  if (bytes.length > FILE_SIZE_LIMIT_BYTES)
    throw invalid({ file: "The file is larger than 10 MB. Split it and upload the parts one by one" });
  const text = readFileText(bytes);
  if (!text.ok) throw invalid({ file: text.reason });
  const read = readSheet(text.text);
  if (!read.ok) throw invalid({ file: read.reason });
  return { sheet: read.sheet, encoding: text.encoding };
}

async function storeBatch(
  tx: Tx,
  cx: MemberContext,
  input: UploadInput,
  sheet: Sheet,
  facts: { fileName: string; sha256: string; encoding: string },
): Promise<string> {
  const header = sheet.first.cells.map(hideCards);
  const places = recognizeColumns(header);
  const byHand = needsHand(header, places);
  if (sheet.rest.length === 0 && !byHand)
    throw invalid({ file: "The file has headings but no rows. Fill in the rows and upload it again" });
  const firm = await getFirm(tx, cx.firmId);
  const accounts = await listAccounts(tx, cx.firmId);
  if (!accounts.some((account) => account.id === input.accountId))
    throw invalid({ accountId: "Choose the account that receives the money" });
  const dateOrder = dateOrderOf(firm.locale);
  const batchId = newId();
  await insertBatch(tx, {
    firm_id: cx.firmId,
    id: batchId,
    form_id: input.formId,
    file_name: facts.fileName,
    file_sha256: facts.sha256,
    encoding: facts.encoding,
    delimiter: sheet.delimiter,
    state: byHand ? "mapping" : "review",
    header,
    header_line: sheet.first.line,
    places,
    merchant_account_id: input.accountId,
    date_order: dateOrder,
    created_by: cx.actor.id,
    created_at: cx.now(),
  });
  const dates = { ambiguous_dates: 0, other_dates: 0 };
  for (let start = 0; start < sheet.rest.length; start += CHUNK_ROWS) {
    const drafts = sheet.rest.slice(start, start + CHUNK_ROWS).map(toDraft);
    const rules = await readRules(tx, cx, { accountId: input.accountId, dateOrder, places }, drafts);
    const rows = drafts.map((draft) => assessRow(draft, places, rules));
    await insertRows(tx, cx.firmId, batchId, rows);
    addDates(dates, rows);
  }
  await updateBatch(tx, cx.firmId, batchId, dates);
  if (!byHand) await refreshMarks(tx, cx.firmId, batchId);
  await record(tx, cx, {
    action: "batch.uploaded",
    objectKind: "batch",
    objectId: batchId,
    after: { fileName: facts.fileName, rows: sheet.rest.length, sha256: facts.sha256 },
  });
  return batchId;
}

/** A row of the file as a draft, with the numbers of cards taken out before anything is stored. */
function toDraft(record: SheetRecord): DraftRow {
  return {
    id: newId(),
    line: record.line,
    raw: record.cells.map(hideCards),
    edits: {},
    misread: record.misread ?? null,
  };
}

type DateCounts = { ambiguous_dates: number; other_dates: number };

/** Adds what tells whether the order of month and day was guessed right. */
export function addDates(counts: DateCounts, rows: readonly Pick<AssessedRow, "dates">[]): void {
  for (const { dates } of rows) {
    counts.ambiguous_dates += dates.ambiguous;
    counts.other_dates += dates.other;
  }
}

/** The name without its folder and without signs that would show as something else. */
function tidyFileName(name: string): string {
  const bare = name
    .replace(/^.*[/\\]/, "")
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "")
    .trim();
  return bare === "" ? "upload.csv" : bare.slice(-FILE_NAME_LIMIT);
}
