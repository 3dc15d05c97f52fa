import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { runMigrations } from "graphile-worker";
import pg from "pg";
import { ensureRoles, QUEUE_ROLE } from "./roles.ts";

const FOLDER = fileURLToPath(new URL("../../migrations/", import.meta.url));
const LOCK_NAME = 7_305_231;
/** The queue's own tables must be there before our function that adds to them. */
const FIRST_THAT_NEEDS_QUEUE = "0005_queue.sql";

/** A migration that was changed after it ran. */
export class MigrationChanged extends Error {
  override readonly name = "MigrationChanged";
}

/**
 * Brings a database up to date as its owner: roles, the queue's schema, then each file of `migrations/` that has not run, each in
 * its own transaction. Two processes may call it at once. Returns the names of the files that ran.
 */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: "send-for-payment migrate" });
  await owner.connect();
  try {
    await owner.query("select pg_advisory_lock($1)", [LOCK_NAME]);
    await ensureRoles(owner);
    await owner.query(
      "create table if not exists schema_migration (name text primary key, sha256 text not null, ran_at timestamptz not null default now())",
    );
    const { rows } = await owner.query<{ name: string; sha256: string }>(
      "select name, sha256 from schema_migration",
    );
    const ran = new Map(rows.map((row) => [row.name, row.sha256]));
    const done: string[] = [];
    for (const name of (await readdir(FOLDER)).filter((file) => file.endsWith(".sql")).sort()) {
      if (await runFile(owner, ownerUrl, name, ran.get(name))) done.push(name);
    }
    return done;
  } finally {
    await owner.end();
  }
}

async function runFile(
  owner: pg.Client,
  ownerUrl: string,
  name: string,
  knownHash: string | undefined,
): Promise<boolean> {
  const text = await readFile(`${FOLDER}${name}`, "utf8");
  const { rows } = await owner.query<{ hash: string }>(
    "select encode(sha256(convert_to($1, 'UTF8')), 'hex') as hash",
    [text],
  );
  const hash = rows[0]?.hash ?? "";
  if (knownHash === hash) return false;
  if (knownHash !== undefined) {
    throw new MigrationChanged(
      `${name} was changed after it ran; write a new file that changes the database instead`,
    );
  }
  if (name === FIRST_THAT_NEEDS_QUEUE) await migrateQueue(ownerUrl);
  await owner.query("begin");
  try {
    await owner.query(text);
    await owner.query("insert into schema_migration (name, sha256) values ($1, $2)", [name, hash]);
    await owner.query("commit");
  } catch (error) {
    await owner.query("rollback");
    throw new Error(`${name} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return true;
}

/** The queue's library makes its schema as the role that will own it. */
async function migrateQueue(ownerUrl: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 1, options: `-c role=${QUEUE_ROLE}` });
  const broken: Error[] = [];
  pool.on("error", (error) => broken.push(error));
  pool.on("connect", (client) => client.on("error", (error) => broken.push(error)));
  try {
    await runMigrations({ pgPool: pool });
  } finally {
    await pool.end();
  }
  if (broken[0]) throw broken[0];
}
