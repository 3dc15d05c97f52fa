import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";

/** The connections to one account at a vendor, in all firms; needs no firm of the transaction. */
export async function listConnectionsOfAccount(
  tx: Tx,
  connector: string,
  accountId: string,
): Promise<{ firmId: string; connectionId: string }[]> {
  const { rows } = await sql<{
    firm_id: string;
    connection_id: string;
  }>`select * from find_connections_of_account(${connector}, ${accountId})`.execute(tx);
  return rows.map((row) => ({ firmId: row.firm_id, connectionId: row.connection_id }));
}

/** Notes that a launch took effect. Returns false when it did before. */
export async function takeLaunch(
  tx: Tx,
  firmId: string,
  launchId: string,
  expiresAt: Date,
): Promise<boolean> {
  const inserted = await tx
    .insertInto("launch_used")
    .values({ firm_id: firmId, launch_id: launchId, expires_at: expiresAt })
    .onConflict((conflict) => conflict.columns(["firm_id", "launch_id"]).doNothing())
    .returning("launch_id")
    .executeTakeFirst();
  return inserted !== undefined;
}
