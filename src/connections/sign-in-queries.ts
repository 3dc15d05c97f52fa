import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";
import type { PendingAuthorization } from "./authorization-queries.ts";

/** Uses up a sign-in's round trip, in one statement: only the browser that began it gets it, once. */
export function consumeSignIn(
  tx: Tx,
  claim: { stateHash: Buffer; browserHash: Buffer; connector: string; now: Date },
): Promise<PendingAuthorization | undefined> {
  return tx
    .updateTable("authorization_state")
    .set({ used_at: claim.now })
    .where("state_hash", "=", claim.stateHash)
    .where("browser_hash", "=", claim.browserHash)
    .where("connector", "=", claim.connector)
    .where("purpose", "=", "signIn")
    .where("used_at", "is", null)
    .where("expires_at", ">", claim.now)
    .returningAll()
    .executeTakeFirst();
}

/** The firms that authorised an account of a matter system; needs no firm of the transaction. */
export async function listFirmsOfAccount(tx: Tx, connector: string, accountId: string): Promise<string[]> {
  const { rows } = await sql<{ firm_id: string }>`
    select distinct firm_id from find_connections_of_account(${connector}, ${accountId})`.execute(tx);
  return rows.map((row) => row.firm_id);
}
