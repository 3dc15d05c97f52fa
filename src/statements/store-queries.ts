import { sql } from "kysely";
import type { StatementRecord } from "../../connectors/contract.ts";
import { toRecordset } from "../db/recordset.ts";
import type { Tx } from "../db/tx.ts";

type Connection = { firmId: string; connectionId: string };

/** What the search box looks through, of a matter `m`, its client `c` and a statement's number, in lower case. */
const searchText = (number: ReturnType<typeof sql.ref>) => sql`
  lower(concat_ws(' ', c.name, c.number, m.number, m.description, ${number},
    (select string_agg(p.name, ' ' order by p.name) from payer p where p.firm_id = m.firm_id and p.matter_id = m.id)))`;

/**
 * Stores statements as they are read: new ones, and those that changed, in one statement. A record that is older than the stored one
 * changes nothing; one whose matter is not stored is left out: the caller has read it first. Returns how many rows were written.
 */
export async function upsertStatements(
  tx: Tx,
  { firmId, connectionId }: Connection,
  statements: readonly StatementRecord[],
): Promise<number> {
  const rows = toRecordset(statements, (statement) => ({
    external_id: statement.externalId,
    matter_external_id: statement.matterExternalId,
    number: statement.number,
    kind: statement.kind,
    state: statement.state,
    issued_on: statement.issuedOn,
    due_on: statement.dueOn ?? null,
    currency: statement.currency,
    total_minor: statement.totalMinor,
    balance_minor: statement.balanceMinor,
    changed_at: statement.changedAt,
  }));
  const { rows: written } = await sql`
    insert into statement as kept (firm_id, id, connection_id, external_id, matter_id, number, kind, state, issued_on, due_on,
      currency, total_minor, balance_minor, search_text, changed_at, deleted_at)
    select ${firmId}, gen_random_uuid(), ${connectionId}, r.external_id, m.id, r.number, r.kind, r.state, r.issued_on, r.due_on,
      r.currency, r.total_minor, r.balance_minor, ${searchText(sql.ref("r.number"))}, r.changed_at, null
    from jsonb_to_recordset(${rows}::jsonb)
      as r(external_id text, matter_external_id text, number text, kind text, state text, issued_on date, due_on date,
        currency text, total_minor bigint, balance_minor bigint, changed_at timestamptz)
    join matter m on m.firm_id = ${firmId} and m.connection_id = ${connectionId} and m.external_id = r.matter_external_id
    join client c on c.firm_id = m.firm_id and c.id = m.client_id
    order by r.external_id
    on conflict on constraint statement_external_unique do update set
      matter_id = excluded.matter_id, number = excluded.number, kind = excluded.kind, state = excluded.state,
      issued_on = excluded.issued_on, due_on = excluded.due_on, currency = excluded.currency,
      total_minor = excluded.total_minor, balance_minor = excluded.balance_minor, search_text = excluded.search_text,
      changed_at = excluded.changed_at, deleted_at = null
    where kept.changed_at <= excluded.changed_at
      and (kept.matter_id, kept.number, kept.kind, kept.state, kept.issued_on, kept.due_on, kept.currency,
          kept.total_minor, kept.balance_minor, kept.search_text, kept.changed_at, kept.deleted_at)
        is distinct from (excluded.matter_id, excluded.number, excluded.kind, excluded.state, excluded.issued_on,
          excluded.due_on, excluded.currency, excluded.total_minor, excluded.balance_minor, excluded.search_text,
          excluded.changed_at, excluded.deleted_at)
    returning id`.execute(tx);
  return written.length;
}

/** Marks statements as deleted at the vendor. Returns how many were not marked yet. */
export async function markStatementsDeleted(
  tx: Tx,
  { firmId, connectionId }: Connection,
  externalIds: readonly string[],
  at: Date,
): Promise<number> {
  const marked = await tx
    .updateTable("statement")
    .set({ deleted_at: at })
    .where("firm_id", "=", firmId)
    .where("connection_id", "=", connectionId)
    .where(sql<boolean>`external_id = any (${externalIds}::text[])`)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  return Number(marked.numUpdatedRows);
}

/** Writes the search text of statements anew where a client, a matter or its payers changed; only rows whose text differs. */
export async function refreshSearchText(
  tx: Tx,
  firmId: string,
  changed: { clientIds: readonly string[]; matterIds: readonly string[] },
): Promise<void> {
  await sql`
    update statement s set search_text = fresh.text
    from (
      select t.id, ${searchText(sql.ref("t.number"))} as text
      from matter m
      join client c on c.firm_id = m.firm_id and c.id = m.client_id
      join statement t on t.firm_id = m.firm_id and t.matter_id = m.id
      where m.firm_id = ${firmId}
        and (m.id = any (${changed.matterIds}::uuid[]) or m.client_id = any (${changed.clientIds}::uuid[]))
    ) fresh
    where s.firm_id = ${firmId} and s.id = fresh.id and s.search_text is distinct from fresh.text`.execute(
    tx,
  );
}
