import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";

/**
 * Marks, among the drafts of an upload, the later of rows that ask for the same; rows whose invoice has an open link; and rows that
 * another upload has sent, which are held back. `ids` limits the two last to rows that changed; a change may unmark any other row.
 */
export async function refreshMarks(
  tx: Tx,
  firmId: string,
  batchId: string,
  ids?: readonly string[],
): Promise<void> {
  await markDuplicates(tx, firmId, batchId);
  const only = ids === undefined ? sql`true` : sql`r.id = any(${[...ids]}::uuid[])`;
  await sql`
    with wanted as (
      select r.id, r.invoice_number from bulk_row r
      where r.firm_id = ${firmId} and r.batch_id = ${batchId} and r.state in ('to_fix', 'ready', 'repeated') and ${only}
    ), open_link as (
      select l.id, l.invoice_number as number from payment_link l
      where l.firm_id = ${firmId} and l.state in ('outstanding', 'processing') and l.invoice_number <> ''
      union all
      select l.id, s.number from payment_link l
        join link_allocation a on a.firm_id = l.firm_id and a.link_id = l.id
        join statement s on s.firm_id = a.firm_id and s.id = a.statement_id
      where l.firm_id = ${firmId} and l.state in ('outstanding', 'processing')
    ), found as (
      select w.id, (array_agg(o.id order by o.id))[1] as link_id
      from wanted w left join open_link o on o.number = w.invoice_number group by w.id
    )
    update bulk_row r set open_link_id = f.link_id from found f
    where r.firm_id = ${firmId} and r.id = f.id and r.open_link_id is distinct from f.link_id`.execute(tx);
  await markRepeats(tx, firmId, batchId, only);
}

function markDuplicates(tx: Tx, firmId: string, batchId: string): Promise<unknown> {
  return sql`
    with ranked as (
      select id, line, first_value(line) over (partition by duplicate_key order by line) as first_line from bulk_row
      where firm_id = ${firmId} and batch_id = ${batchId} and duplicate_key is not null
    )
    update bulk_row r set duplicate_of = nullif(k.first_line, k.line) from ranked k
    where r.firm_id = ${firmId} and r.id = k.id and r.duplicate_of is distinct from nullif(k.first_line, k.line)`.execute(
    tx,
  );
}

function markRepeats(
  tx: Tx,
  firmId: string,
  batchId: string,
  only: ReturnType<typeof sql>,
): Promise<unknown> {
  return sql`
    update bulk_row r set state = 'repeated', repeats_link_id = t.link_id from (${sentTwins(firmId)}) t
    where r.firm_id = ${firmId} and r.batch_id = ${batchId} and r.state = 'ready' and not r.repeat_confirmed
      and t.fingerprint = r.fingerprint and t.batch_id <> r.batch_id and ${only}`.execute(tx);
}

/** Holds back those of the waiting rows that another upload has sent meanwhile. Returns their ids. */
export async function holdRepeats(
  tx: Tx,
  firmId: string,
  batchId: string,
  ids: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update bulk_row r set state = 'repeated', repeats_link_id = t.link_id from (${sentTwins(firmId)}) t
    where r.firm_id = ${firmId} and r.batch_id = ${batchId} and r.id = any(${[...ids]}::uuid[]) and not r.repeat_confirmed
      and t.fingerprint = r.fingerprint and t.batch_id <> r.batch_id
    returning r.id`.execute(tx);
  return rows.map((row) => row.id);
}

/** Rows of any upload with their links. What was cancelled or has run out may be asked for again. */
function sentTwins(firmId: string) {
  return sql`
    select o.fingerprint, o.batch_id, o.link_id from bulk_row o
      join payment_link l on l.firm_id = o.firm_id and l.id = o.link_id
    where o.firm_id = ${firmId} and o.link_id is not null and l.state not in ('cancelled', 'expired')`;
}
