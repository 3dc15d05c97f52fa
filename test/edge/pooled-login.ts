import { randomBytes } from "node:crypto";
import pg from "pg";
import { onTestFinished } from "vitest";
import type { TestDatabase } from "../support/database.ts";

/** A login such as `wrangler.toml` wants for Hyperdrive, until the test ends. Returns the address that uses it. */
export async function makePooledLogin(box: TestDatabase): Promise<string> {
  const login = `sfp_edge_${randomBytes(4).toString("hex")}`;
  const password = randomBytes(16).toString("hex");
  await asAdministrator(box, [
    `create role ${login} login noinherit password '${password}'`,
    `grant sfp_app to ${login}`,
    `alter role ${login} set role = 'sfp_app'`,
  ]);
  onTestFinished(() => asAdministrator(box, [`drop role ${login}`]));
  const url = new URL(box.url);
  url.username = login;
  url.password = password;
  return url.toString();
}

async function asAdministrator(box: TestDatabase, statements: string[]): Promise<void> {
  const url = new URL(box.ownerUrl);
  url.username = "postgres";
  const client = new pg.Client({ connectionString: url.toString() });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
