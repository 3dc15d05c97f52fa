import type { Insertable, Selectable } from "kysely";
import type { AuthorizationState } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

export type PendingAuthorization = Selectable<AuthorizationState>;

export async function insertPending(tx: Tx, row: Insertable<AuthorizationState>): Promise<void> {
  await tx.insertInto("authorization_state").values(row).execute();
}

/** Reads a round trip by its state; undefined when we never began it. */
export function findPending(tx: Tx, stateHash: Buffer): Promise<PendingAuthorization | undefined> {
  return tx
    .selectFrom("authorization_state")
    .selectAll()
    .where("state_hash", "=", stateHash)
    .where("purpose", "=", "connection")
    .executeTakeFirst();
}

/**
 * Uses up a round trip: only in the browser and by the member who began it, in time, and once. One statement, so that two callbacks
 * cannot both have it. Undefined when any of that is not so.
 */
export function consumePending(
  tx: Tx,
  claim: {
    stateHash: Buffer;
    browserHash: Buffer;
    connector: string;
    firmId: string;
    memberId: string;
    now: Date;
  },
): Promise<PendingAuthorization | undefined> {
  return tx
    .updateTable("authorization_state")
    .set({ used_at: claim.now })
    .where("state_hash", "=", claim.stateHash)
    .where("purpose", "=", "connection")
    .where("connector", "=", claim.connector)
    .where("browser_hash", "=", claim.browserHash)
    .where("firm_id", "=", claim.firmId)
    .where("member_id", "=", claim.memberId)
    .where("used_at", "is", null)
    .where("expires_at", ">", claim.now)
    .returningAll()
    .executeTakeFirst();
}
