import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, inject } from "vitest";
import { type Database, openDatabase, SERVICE_TYPES } from "../../src/db/open.ts";

/** Of an embedded cluster; all of its logins have the same password. */
const ADMINISTRATOR = "postgres";

export type TestDatabase = { database: Database; url: string; ownerUrl: string };

/**
 * A database for this file of tests alone, cloned from the migrated template before the first test and dropped after the last.
 * The service's side of it is opened with the service's own role. Returns a box that is filled when the tests run.
 */
export function useDatabase(): TestDatabase {
  const box = {} as TestDatabase;
  const name = `test_${randomBytes(6).toString("hex")}`;
  const template = inject("template");
  beforeAll(async () => {
    await onServer(template.ownerUrl, `create database ${name} template send_for_payment owner sfp_owner`);
    box.url = withName(template.url, name);
    box.ownerUrl = withName(template.ownerUrl, name);
    box.database = openDatabase({ url: box.url, size: 6, onError: () => undefined });
  });
  afterAll(async () => {
    await box.database.close();
    await onServer(template.ownerUrl, `drop database ${name} with (force)`);
  });
  return box;
}

/** Runs SQL as the database's owner: for what only a test wants to see or break. */
export function asOwner<Row extends pg.QueryResultRow>(
  box: TestDatabase,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return queryAt<Row>(box.ownerUrl, text, values);
}

/** Runs SQL as the server's administrator: for what happens to a database from outside. */
export function asAdministrator<Row extends pg.QueryResultRow>(
  box: TestDatabase,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return queryAt<Row>(withLogin(box.ownerUrl, ADMINISTRATOR), text, values);
}

/** Whether some connection to the database waits for a lock that another one holds. */
export async function isSomebodyWaiting(box: TestDatabase): Promise<boolean> {
  const waiting = await asAdministrator(
    box,
    "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
  );
  return waiting.length > 0;
}

async function queryAt<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, types: SERVICE_TYPES });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** As the server's administrator: the owner may not end the service's connections that are still closing at the drop. */
async function onServer(ownerUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({
    connectionString: withLogin(withName(ownerUrl, "postgres"), ADMINISTRATOR),
  });
  await client.connect();
  try {
    // Two files of tests may copy the template at once; each waits for the other.
    await client.query("select pg_advisory_lock(1)");
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function withName(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
}

function withLogin(url: string, login: string): string {
  const changed = new URL(url);
  changed.username = login;
  return changed.toString();
}
