import { sql } from "kysely";
import type { Database } from "./open.ts";
import { type Tx, transactAfter } from "./tx.ts";

/**
 * Runs `work` in a transaction of one firm: row-level security shows and takes that firm's rows only. The only way to a firm's
 * data. Deadlocks and serialisation failures are retried, so `work` must do nothing but talk to the transaction.
 */
export function withFirm<Result>(
  database: Database,
  firmId: string,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  const enter = async (tx: Tx) => {
    await sql`select set_config('app.firm_id', ${firmId}, true)`.execute(tx);
  };
  return transactAfter(database, enter, work);
}

/** Enters a firm in a transaction that began without one (sign-in, which learns the firm on its way). */
export async function enterFirm(tx: Tx, firmId: string): Promise<void> {
  await sql`select set_config('app.firm_id', ${firmId}, true)`.execute(tx);
}
