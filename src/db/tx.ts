import type { Transaction } from "kysely";
import { type Kysely, sql } from "kysely";
import type { Database } from "./open.ts";
import type { DB } from "./schema.ts";

/** An open transaction. Queries and locks take one, so that neither can run outside of it. */
export type Tx = Transaction<DB>;

/** Serialisation failure and deadlock: nothing was done, the same again may well succeed. */
const RETRIED = new Set(["40001", "40P01"]);
const TRIES = 4;
const PAUSE_MS = 20;

/** Runs `work` in a transaction that belongs to no firm: only look-ups, people and sign-in links are within reach. */
export function transact<Result>(database: Database, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return retried(() => database.kysely.transaction().execute(work));
}

/** The same with a first statement that prepares the transaction. Only for `tenant.ts`. */
export function transactAfter<Result>(
  database: Database,
  prepare: (tx: Tx) => Promise<void>,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  return transact(database, async (tx) => {
    await prepare(tx);
    return await work(tx);
  });
}

/** Whether PostgreSQL refused a statement because of the constraint with this name. */
export function brokeConstraint(error: unknown, constraint: string): boolean {
  return error instanceof Error && "constraint" in error && error.constraint === constraint;
}

/** Takes an advisory lock for the rest of the transaction; two that name the same thing wait for each other. */
export async function lockName(tx: Kysely<DB>, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx);
}

async function retried<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= TRIES || !(error instanceof Error && "code" in error && RETRIED.has(String(error.code))))
        throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
    }
  }
}
