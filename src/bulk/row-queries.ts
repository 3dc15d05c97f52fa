import { sql } from "kysely";
import { toRecordset } from "../db/recordset.ts";
import type { Tx } from "../db/tx.ts";
import type { AssessedRow, DraftRow } from "./assess.ts";
import { REVIEW_STATES, type RowState } from "./state.ts";

/** Rows that are written with one statement. */
const WRITE_CHUNK = 1_000;

/** The columns that are read from a row's cells, with their types for `jsonb_to_recordset`. */
const READINGS = sql`id uuid, line integer, raw text[], edits jsonb, misread text, state text, faults jsonb, notes jsonb,
  invoice_number text, invoiced_on date, due_on date, payer_name text, payer_emails text[], amount_minor bigint,
  merchant_account_id uuid, message text, matter_id uuid, matter_label text, client_name text, language text, duplicate_key text,
  fingerprint text`;

/** Inserts the rows of an upload. */
export async function insertRows(
  tx: Tx,
  firmId: string,
  batchId: string,
  rows: readonly AssessedRow[],
): Promise<void> {
  for (const chunk of chunks(rows)) {
    await sql`
      insert into bulk_row (firm_id, batch_id, id, line, raw, edits, misread, state, faults, notes, invoice_number, invoiced_on,
        due_on, payer_name, payer_emails, amount_minor, merchant_account_id, message, matter_id, matter_label, client_name,
        language, duplicate_key, fingerprint)
      select ${firmId}, ${batchId}, r.id, r.line, r.raw, r.edits, r.misread, r.state, r.faults, r.notes, r.invoice_number,
        r.invoiced_on, r.due_on, r.payer_name, r.payer_emails, r.amount_minor, r.merchant_account_id, r.message, r.matter_id,
        r.matter_label, r.client_name, r.language, r.duplicate_key, r.fingerprint
      from jsonb_to_recordset(${toRecordset(chunk, toRecord)}::jsonb) as r(${READINGS})`.execute(tx);
  }
}

/** Writes what was read anew from rows that are there, and what was typed over their cells. */
export async function updateRows(tx: Tx, firmId: string, rows: readonly AssessedRow[]): Promise<void> {
  for (const chunk of chunks(rows)) {
    await sql`
      update bulk_row kept set edits = r.edits, misread = r.misread, state = r.state, faults = r.faults, notes = r.notes,
        invoice_number = r.invoice_number, invoiced_on = r.invoiced_on, due_on = r.due_on, payer_name = r.payer_name,
        payer_emails = r.payer_emails, amount_minor = r.amount_minor, merchant_account_id = r.merchant_account_id,
        message = r.message, matter_id = r.matter_id, matter_label = r.matter_label, client_name = r.client_name,
        language = r.language, duplicate_key = r.duplicate_key,
        duplicate_of = case when r.duplicate_key is null then null else kept.duplicate_of end,
        repeat_confirmed = kept.repeat_confirmed and kept.fingerprint = r.fingerprint, repeats_link_id = null,
        fingerprint = r.fingerprint, reason = null, version = kept.version + 1
      from jsonb_to_recordset(${toRecordset(chunk, toRecord)}::jsonb) as r(${READINGS})
      where kept.firm_id = ${firmId} and kept.id = r.id`.execute(tx);
  }
}

/** The drafts of an upload behind a line, in the file's order. */
export async function listDrafts(
  tx: Tx,
  firmId: string,
  batchId: string,
  afterLine: number,
  limit: number,
): Promise<DraftRow[]> {
  const rows = await tx
    .selectFrom("bulk_row")
    .select(["id", "line", "raw", "edits", "misread"])
    .where("firm_id", "=", firmId)
    .where("batch_id", "=", batchId)
    .where("state", "in", REVIEW_STATES)
    .where("line", ">", afterLine)
    .orderBy("line")
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, edits: row.edits as DraftRow["edits"] }));
}

type LockedRow = DraftRow & { state: RowState; version: number };

/** Locks rows of an upload, whose batch is locked already. Those of other uploads are not among them. */
export async function lockRows(
  tx: Tx,
  firmId: string,
  batchId: string,
  ids: readonly string[],
): Promise<LockedRow[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom("bulk_row")
    .select(["id", "line", "raw", "edits", "misread", "state", "version"])
    .where("firm_id", "=", firmId)
    .where("batch_id", "=", batchId)
    .where("id", "in", [...ids])
    .orderBy("line")
    .forUpdate()
    .execute();
  return rows.map((row) => ({ ...row, edits: row.edits as DraftRow["edits"] }));
}

/** Deletes drafts. Returns how many. */
export async function deleteRows(
  tx: Tx,
  firmId: string,
  batchId: string,
  ids: readonly string[],
): Promise<number> {
  if (ids.length === 0) return 0;
  const result = await tx
    .deleteFrom("bulk_row")
    .where("firm_id", "=", firmId)
    .where("batch_id", "=", batchId)
    .where("id", "in", [...ids])
    .where("state", "in", REVIEW_STATES)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

/** The number of the last row, and how many rows there are. */
export async function readExtent(
  tx: Tx,
  firmId: string,
  batchId: string,
): Promise<{ last: number; count: number }> {
  const row = await tx
    .selectFrom("bulk_row")
    .select((eb) => [eb.fn.max("line").as("last"), eb.fn.countAll<bigint>().as("count")])
    .where("firm_id", "=", firmId)
    .where("batch_id", "=", batchId)
    .executeTakeFirstOrThrow();
  return { last: row.last ?? 1, count: Number(row.count) };
}

function toRecord(row: AssessedRow): Record<string, unknown> {
  const { values } = row;
  return {
    id: row.id,
    line: row.line,
    raw: row.raw,
    edits: row.edits,
    misread: row.misread,
    state: row.state,
    faults: row.faults,
    notes: row.notes,
    invoice_number: values.invoiceNumber,
    invoiced_on: values.invoicedOn,
    due_on: values.dueOn,
    payer_name: values.payerName,
    payer_emails: values.payerEmails,
    amount_minor: values.amountMinor,
    merchant_account_id: values.account.id,
    message: values.message,
    matter_id: values.matterId,
    matter_label: values.matterLabel,
    client_name: values.clientName,
    language: values.language,
    duplicate_key: row.duplicateKey,
    fingerprint: row.fingerprint,
  };
}

function* chunks<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += WRITE_CHUNK)
    yield items.slice(start, start + WRITE_CHUNK);
}
