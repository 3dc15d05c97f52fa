import { type Insertable, type Selectable, sql } from "kysely";
import { toRecordset } from "../db/recordset.ts";
import type { AuditEvent } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

/** Inserts lines of the record in one statement, in their order. */
export async function insertAuditEvents(tx: Tx, rows: readonly Insertable<AuditEvent>[]): Promise<void> {
  const lines = toRecordset(rows, (row) => row);
  await sql`
    insert into audit_event (firm_id, actor_kind, actor_id, actor_name, action, object_kind, object_id, link_id, before, after,
      request_id)
    select r.firm_id, r.actor_kind, r.actor_id, r.actor_name, r.action, r.object_kind, r.object_id, r.link_id, r.before::jsonb,
      r.after::jsonb, r.request_id
    from rows from (jsonb_to_recordset(${lines}::jsonb) as (firm_id uuid, actor_kind text, actor_id text, actor_name text,
      action text, object_kind text, object_id text, link_id uuid, before text, after text, request_id text)) with ordinality
      as r(firm_id, actor_kind, actor_id, actor_name, action, object_kind, object_id, link_id, before, after, request_id, n)
    order by r.n`.execute(tx);
}

/** What happened to a link and all that hangs on it, newest first. */
export function listLinkHistory(
  tx: Tx,
  firmId: string,
  linkId: string,
  limit: number,
): Promise<Selectable<AuditEvent>[]> {
  return tx
    .selectFrom("audit_event")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("link_id", "=", linkId)
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
}

/** Whether something of the kind stands in a link's history. */
export async function hasLinkEvent(tx: Tx, firmId: string, linkId: string, action: string): Promise<boolean> {
  const row = await tx
    .selectFrom("audit_event")
    .select("id")
    .where("firm_id", "=", firmId)
    .where("link_id", "=", linkId)
    .where("action", "=", action)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The last thing that happened to an object. */
export function findLastEvent(
  tx: Tx,
  firmId: string,
  objectKind: string,
  objectId: string,
): Promise<Selectable<AuditEvent> | undefined> {
  return tx
    .selectFrom("audit_event")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("object_kind", "=", objectKind)
    .where("object_id", "=", objectId)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
}
