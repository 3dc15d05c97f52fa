import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { APP_ROLE, QUEUE_ROLE } from "./roles.ts";
import type { DB } from "./schema.ts";

const READINGS = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.INT8, BigInt],
  [pg.types.builtins.DATE, (text) => text],
  [pg.types.builtins.NUMERIC, Number],
]);

/**
 * How values are read: money as bigint and dates as plain text, where the driver's own readings (text, local midnight) would be wrong.
 * For our own queries alone: the queue's library counts on the driver's.
 */
export const SERVICE_TYPES: pg.CustomTypesConfig = {
  getTypeParser: (type: number, format?: "text" | "binary") =>
    READINGS.get(type) ?? pg.types.getTypeParser(type, format),
};

const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 10_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;

/** The service's database as its own role. Only `tenant.ts` and `tx.ts` open transactions on it. */
export type Database = { readonly kysely: Kysely<DB>; readonly close: () => Promise<void> };

export type OpenOptions = {
  url: string;
  size: number;
  /** Told of connections that break while idle; without it they would end the process. */
  onError: (error: Error) => void;
  /** A pooler stands in between and keeps no settings of a session: role and time limits must be the login's own. */
  isPooled?: boolean;
};

/** Opens the pool that features use: bound by row-level security. */
export function openDatabase(options: OpenOptions): Database {
  const pool = openPool(options, APP_ROLE, SERVICE_TYPES);
  const kysely = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
  return { kysely, close: () => kysely.destroy() };
}

/** Opens the pool that only the job queue uses. */
export function openQueuePool(options: OpenOptions): pg.Pool {
  return openPool(options, QUEUE_ROLE);
}

function openPool(options: OpenOptions, role: string, types: pg.CustomTypesConfig = pg.types): pg.Pool {
  const settings = [
    `-c role=${role}`,
    `-c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
    `-c lock_timeout=${LOCK_TIMEOUT_MS}`,
    `-c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_TIMEOUT_MS}`,
  ].join(" ");
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.size,
    types,
    application_name: `send-for-payment ${role}`,
    ...(options.isPooled ? { onConnect: (client) => demandRole(client, role) } : { options: settings }),
  });
  pool.on("error", options.onError);
  pool.on("connect", (client) => client.on("error", options.onError));
  return pool;
}

/** Throws for a login that acts as somebody else: row-level security might not bind it. */
async function demandRole(client: pg.ClientBase, role: string): Promise<void> {
  const { rows } = await client.query<{ found: string }>("select current_user as found");
  const found = rows[0]?.found;
  if (found !== role) throw new Error(`the login behind the pooler acts as ${found}, it must act as ${role}`);
}
