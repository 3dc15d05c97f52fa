import { type Selectable, type SqlBool, sql } from "kysely";
import { type Page, type Place, toPage } from "../base/page.ts";
import type { AuditEvent } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

export type AuditRow = Selectable<AuditEvent>;

/** What of the record is shown. Everything that is given must hold. */
export type RecordFilter = {
  /** A member's id, or a kind of actor besides members. */
  who: { memberId: string } | { kind: AuditRow["actor_kind"] } | undefined;
  objectKind: string | undefined;
  /** The id of one object, of any kind. */
  objectId: string | undefined;
  from: Date | undefined;
  /** Before this instant. */
  until: Date | undefined;
};

/** One page of the record, the newest first. */
export async function listRecord(
  tx: Tx,
  firmId: string,
  filter: RecordFilter,
  place: Place,
  pageSize: number,
): Promise<Page<AuditRow>> {
  const backwards = place.before !== undefined;
  const order = backwards ? "asc" : "desc";
  const anchor = place.before ?? place.after;
  const rows = await filtered(tx, firmId, filter)
    .$if(anchor !== undefined, (query) => query.where(beyond(firmId, anchor ?? "", backwards)))
    .orderBy("at", order)
    .orderBy("id", order)
    .limit(pageSize + 1)
    .execute();
  return toPage(rows, place, pageSize);
}

/** Those who can stand in the record as members, also those who were removed since. */
export function listRecordMembers(tx: Tx, firmId: string): Promise<{ id: string; name: string }[]> {
  return tx
    .selectFrom("member")
    .innerJoin("person", "person.id", "member.person_id")
    .select(["member.id", "person.name"])
    .where("member.firm_id", "=", firmId)
    .orderBy("person.name")
    .orderBy("member.id")
    .execute();
}

function filtered(tx: Tx, firmId: string, filter: RecordFilter) {
  const { who, objectKind, objectId, from, until } = filter;
  return tx
    .selectFrom("audit_event")
    .selectAll()
    .where("firm_id", "=", firmId)
    .$if(who !== undefined && "memberId" in who, (query) =>
      query.where("actor_id", "=", who && "memberId" in who ? who.memberId : ""),
    )
    .$if(who !== undefined && "kind" in who, (query) =>
      query.where("actor_kind", "=", who && "kind" in who ? who.kind : "system"),
    )
    .$if(objectKind !== undefined, (query) => query.where("object_kind", "=", objectKind ?? ""))
    .$if(objectId !== undefined, (query) => query.where("object_id", "=", objectId ?? ""))
    .$if(from !== undefined, (query) => query.where("at", ">=", from ?? new Date(0)))
    .$if(until !== undefined, (query) => query.where("at", "<", until ?? new Date(0)));
}

/** Beyond the anchor in the list's order; the anchor's own row is read, so that no fraction of a second is lost. */
function beyond(firmId: string, anchor: string, backwards: boolean) {
  const anchored = sql`(select a.at, a.id from audit_event a where a.firm_id = ${firmId} and a.id = ${anchor}::bigint)`;
  return backwards
    ? sql<SqlBool>`(audit_event.at, audit_event.id) > ${anchored}`
    : sql<SqlBool>`(audit_event.at, audit_event.id) < ${anchored}`;
}
