import { sql } from "kysely";
import { toRecordset } from "../db/recordset.ts";
import type { Tx } from "../db/tx.ts";
import type { MarkedRow, Marks } from "./marks.ts";

// What is looked for goes to the database as a list: hashed against a scan, or looked up one by one in an index. Joined to the upload's
// own rows, of which there are no statistics in their first minute, ten thousand would be compared with each of as many links.

/** Every row of an upload with its marks, in the file's order. */
export function listMarked(tx: Tx, firmId: string, batchId: string): Promise<MarkedRow[]> {
  return tx
    .selectFrom("bulk_row")
    .select(["id", "line", "state", "fingerprint", "invoice_number as invoiceNumber"])
    .select(["duplicate_key as duplicateKey", "repeat_confirmed as repeatConfirmed"])
    .select(["duplicate_of as duplicateOf", "open_link_id as openLinkId"])
    .where("firm_id", "=", firmId)
    .where("batch_id", "=", batchId)
    .orderBy("line")
    .execute();
}

/** The open links that ask for invoices with these numbers: one for each number that has any. */
export async function findOpenLinks(
  tx: Tx,
  firmId: string,
  numbers: readonly string[],
): Promise<Map<string, string>> {
  if (numbers.length === 0) return new Map();
  const { rows } = await sql<{ number: string; id: string }>`
    select l.invoice_number as number, l.id from payment_link l
    where l.firm_id = ${firmId} and l.state in ('outstanding', 'processing') and l.invoice_number = any(${[...numbers]}::text[])
    union all
    select s.number, l.id from statement s
      join link_allocation a on a.firm_id = s.firm_id and a.statement_id = s.id
      join payment_link l on l.firm_id = a.firm_id and l.id = a.link_id
    where s.firm_id = ${firmId} and s.number = any(${[...numbers]}::text[]) and l.state in ('outstanding', 'processing')`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.number, row.id]));
}

/**
 * The links that other uploads made of rows with these fingerprints, one for each that has any. What was cancelled or has run out may be
 * asked for again.
 */
export async function findSentTwins(
  tx: Tx,
  firmId: string,
  batchId: string,
  fingerprints: readonly string[],
): Promise<Map<string, string>> {
  if (fingerprints.length === 0) return new Map();
  const { rows } = await sql<{ fingerprint: string; link_id: string }>`
    select wanted.fingerprint, twin.link_id from unnest(${[...fingerprints]}::text[]) wanted(fingerprint)
    cross join lateral (
      select o.link_id from bulk_row o join payment_link l on l.firm_id = o.firm_id and l.id = o.link_id
      where o.firm_id = ${firmId} and o.fingerprint = wanted.fingerprint and o.link_id is not null
        and o.batch_id <> ${batchId} and l.state not in ('cancelled', 'expired')
      limit 1
    ) twin`.execute(tx);
  return new Map(rows.map((row) => [row.fingerprint, row.link_id]));
}

/** Writes marks that changed. */
export async function writeMarks(tx: Tx, firmId: string, marks: readonly Marks[]): Promise<void> {
  if (marks.length === 0) return;
  const rows = toRecordset(marks, (mark) => ({
    id: mark.id,
    state: mark.state,
    duplicate_of: mark.duplicateOf,
    open_link_id: mark.openLinkId,
    repeats_link_id: mark.repeatsLinkId,
  }));
  await sql`
    update bulk_row kept set state = r.state, duplicate_of = r.duplicate_of, open_link_id = r.open_link_id,
      repeats_link_id = coalesce(r.repeats_link_id, kept.repeats_link_id)
    from jsonb_to_recordset(${rows}::jsonb)
      as r(id uuid, state text, duplicate_of integer, open_link_id uuid, repeats_link_id uuid)
    where kept.firm_id = ${firmId} and kept.id = r.id`.execute(tx);
}

/** Holds back waiting rows that another upload has sent meanwhile. */
export async function holdRepeats(
  tx: Tx,
  firmId: string,
  held: readonly { rowId: string; linkId: string }[],
): Promise<void> {
  if (held.length === 0) return;
  const rows = toRecordset(held, (each) => ({ id: each.rowId, link_id: each.linkId }));
  await sql`
    update bulk_row kept set state = 'repeated', repeats_link_id = r.link_id
    from jsonb_to_recordset(${rows}::jsonb) as r(id uuid, link_id uuid)
    where kept.firm_id = ${firmId} and kept.id = r.id and kept.state = 'queued'`.execute(tx);
}
