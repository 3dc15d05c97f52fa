import type { Insertable, Selectable } from "kysely";
import type { AuditEvent } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

export async function insertAuditEvent(tx: Tx, row: Insertable<AuditEvent>): Promise<void> {
  await tx.insertInto("audit_event").values(row).execute();
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
