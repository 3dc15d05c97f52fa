import { sql } from "kysely";
import type { ClientRecord, MatterRecord } from "../../connectors/contract.ts";
import { toRecordset } from "../db/recordset.ts";
import type { Tx } from "../db/tx.ts";

type Connection = { firmId: string; connectionId: string };

/**
 * Stores clients as they are read: new ones, and those that changed, in one statement. A record that is older than the stored one
 * changes nothing. Returns the ids of the rows that were written.
 */
export async function upsertClients(
  tx: Tx,
  { firmId, connectionId }: Connection,
  clients: readonly ClientRecord[],
): Promise<string[]> {
  const rows = toRecordset(clients, (client) => ({
    external_id: client.externalId,
    number: client.number,
    name: client.name,
    email: client.email ?? null,
    changed_at: client.changedAt,
  }));
  const { rows: written } = await sql<{ id: string }>`
    insert into client as kept (firm_id, id, connection_id, external_id, number, name, email, changed_at, deleted_at)
    select ${firmId}, gen_random_uuid(), ${connectionId}, r.external_id, r.number, r.name, r.email, r.changed_at, null
    from jsonb_to_recordset(${rows}::jsonb)
      as r(external_id text, number text, name text, email text, changed_at timestamptz)
    order by r.external_id
    on conflict on constraint client_external_unique do update set
      number = excluded.number, name = excluded.name, email = excluded.email,
      changed_at = excluded.changed_at, deleted_at = null
    where kept.changed_at <= excluded.changed_at
      and (kept.number, kept.name, kept.email, kept.changed_at, kept.deleted_at)
        is distinct from (excluded.number, excluded.name, excluded.email, excluded.changed_at, excluded.deleted_at)
    returning id`.execute(tx);
  return written.map((row) => row.id);
}

/** The same for matters. Those whose client is not stored are left out: the caller has read it first. */
export async function upsertMatters(
  tx: Tx,
  { firmId, connectionId }: Connection,
  matters: readonly MatterRecord[],
): Promise<{ id: string; externalId: string }[]> {
  const rows = toRecordset(matters, (matter) => ({
    external_id: matter.externalId,
    client_external_id: matter.clientExternalId,
    number: matter.number,
    description: matter.description,
    is_open: matter.open,
    responsible: matter.responsible ?? null,
    office: matter.office ?? null,
    trust_balance_minor: matter.trustBalanceMinor ?? null,
    changed_at: matter.changedAt,
  }));
  const { rows: written } = await sql<{ id: string; external_id: string }>`
    insert into matter as kept (firm_id, id, connection_id, external_id, client_id, number, description, is_open,
      responsible, office, trust_balance_minor, changed_at, deleted_at)
    select ${firmId}, gen_random_uuid(), ${connectionId}, r.external_id, c.id, r.number, r.description, r.is_open,
      r.responsible, r.office, r.trust_balance_minor, r.changed_at, null
    from jsonb_to_recordset(${rows}::jsonb)
      as r(external_id text, client_external_id text, number text, description text, is_open boolean,
        responsible text, office text, trust_balance_minor bigint, changed_at timestamptz)
    join client c on c.firm_id = ${firmId} and c.connection_id = ${connectionId} and c.external_id = r.client_external_id
    order by r.external_id
    on conflict on constraint matter_external_unique do update set
      client_id = excluded.client_id, number = excluded.number, description = excluded.description,
      is_open = excluded.is_open, responsible = excluded.responsible, office = excluded.office,
      trust_balance_minor = excluded.trust_balance_minor, changed_at = excluded.changed_at, deleted_at = null
    where kept.changed_at <= excluded.changed_at
      and (kept.client_id, kept.number, kept.description, kept.is_open, kept.responsible, kept.office,
          kept.trust_balance_minor, kept.changed_at, kept.deleted_at)
        is distinct from (excluded.client_id, excluded.number, excluded.description, excluded.is_open,
          excluded.responsible, excluded.office, excluded.trust_balance_minor, excluded.changed_at, excluded.deleted_at)
    returning id, external_id`.execute(tx);
  return written.map((row) => ({ id: row.id, externalId: row.external_id }));
}

export type StoredPayer = {
  matterId: string;
  externalId: string;
  name: string;
  email: string | undefined;
  assigned: boolean;
};

/** Makes the payers of these matters exactly the given ones, writing only what differs. */
export async function replacePayers(
  tx: Tx,
  firmId: string,
  matterIds: readonly string[],
  payers: readonly StoredPayer[],
): Promise<void> {
  const rows = toRecordset(payers, (payer) => ({
    matter_id: payer.matterId,
    external_id: payer.externalId,
    name: payer.name,
    email: payer.email ?? null,
    is_assigned: payer.assigned,
  }));
  await sql`
    delete from payer p where p.firm_id = ${firmId} and p.matter_id = any (${matterIds}::uuid[])
      and not exists (
        select from jsonb_to_recordset(${rows}::jsonb) as r(matter_id uuid, external_id text)
        where r.matter_id = p.matter_id and r.external_id = p.external_id)`.execute(tx);
  await sql`
    insert into payer as kept (firm_id, id, matter_id, external_id, name, email, is_assigned)
    select ${firmId}, gen_random_uuid(), r.matter_id, r.external_id, r.name, r.email, r.is_assigned
    from jsonb_to_recordset(${rows}::jsonb)
      as r(matter_id uuid, external_id text, name text, email text, is_assigned boolean)
    order by r.matter_id, r.external_id
    on conflict on constraint payer_external_unique do update set
      name = excluded.name, email = excluded.email, is_assigned = excluded.is_assigned
    where (kept.name, kept.email, kept.is_assigned)
      is distinct from (excluded.name, excluded.email, excluded.is_assigned)`.execute(tx);
}

/** Marks records as deleted at the vendor. Returns how many were not marked yet. */
export async function markDeleted(
  tx: Tx,
  { firmId, connectionId }: Connection,
  table: "client" | "matter",
  externalIds: readonly string[],
  at: Date,
): Promise<number> {
  const marked = await tx
    .updateTable(table)
    .set({ deleted_at: at })
    .where("firm_id", "=", firmId)
    .where("connection_id", "=", connectionId)
    .where(sql<boolean>`external_id = any (${externalIds}::text[])`)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  return Number(marked.numUpdatedRows);
}

/** Which of these the connection has no row of yet. */
export async function listUnknown(
  tx: Tx,
  { firmId, connectionId }: Connection,
  table: "client" | "matter",
  externalIds: readonly string[],
): Promise<string[]> {
  const rows = await tx
    .selectFrom(table)
    .select("external_id")
    .where("firm_id", "=", firmId)
    .where("connection_id", "=", connectionId)
    .where(sql<boolean>`external_id = any (${externalIds}::text[])`)
    .execute();
  const known = new Set(rows.map((row) => row.external_id));
  return externalIds.filter((id) => !known.has(id));
}
