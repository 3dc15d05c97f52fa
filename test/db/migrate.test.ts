import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { MigrationChanged, migrate } from "../../src/db/migrate.ts";

describe("migrate", () => {
  const ownerUrl = new URL(inject("template").ownerUrl);
  const administratorUrl = new URL(ownerUrl);
  administratorUrl.username = "postgres";
  administratorUrl.pathname = "/postgres";
  const databases: string[] = [];
  const outsider = `outsider_${randomBytes(4).toString("hex")}`;

  async function as<Row extends pg.QueryResultRow>(
    url: URL,
    text: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    const client = new pg.Client({ connectionString: url.toString() });
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  async function newDatabase(owner = ownerUrl.username): Promise<URL> {
    const name = `migrate_${randomBytes(6).toString("hex")}`;
    await as(administratorUrl, `create database ${name} owner ${owner} template template0`);
    databases.push(name);
    const url = new URL(ownerUrl);
    url.username = owner;
    url.pathname = `/${name}`;
    return url;
  }

  beforeAll(async () => {
    await as(administratorUrl, `create role ${outsider} login password '${ownerUrl.password}'`);
  });
  afterAll(async () => {
    for (const name of databases) await as(administratorUrl, `drop database ${name} with (force)`);
    await as(administratorUrl, `drop role ${outsider}`);
  });

  it("runs every file once and in order, and then nothing", async () => {
    const url = await newDatabase();
    const files = (await readdir("migrations")).filter((name) => name.endsWith(".sql")).sort();
    expect(await migrate(url.toString())).toEqual(files);
    expect(await migrate(url.toString())).toEqual([]);
    const [row] = await as<{ count: number }>(url, "select count(*)::int from schema_migration");
    expect(row?.count).toBe(files.length);
  });

  it("may be called by several processes at once: each file runs once", async () => {
    const url = await newDatabase();
    const ran = await Promise.all([1, 2, 3].map(() => migrate(url.toString())));
    expect(ran.filter((files) => files.length > 0)).toHaveLength(1);
  });

  it("refuses a file that was changed after it ran, before it touches anything", async () => {
    const url = await newDatabase();
    await migrate(url.toString());
    await as(url, "update schema_migration set sha256 = 'another' where name = '0003_links.sql'");
    const refused = migrate(url.toString());
    await expect(refused).rejects.toThrow(MigrationChanged);
    await expect(refused).rejects.toThrow(/0003_links\.sql was changed after it ran/);
  });

  it("leaves nothing of a file that fails, and says which one", async () => {
    const url = await newDatabase();
    await as(url, "create table payment_link (is_in_the_way boolean)");
    await expect(migrate(url.toString())).rejects.toThrow(/^0003_links\.sql failed: .*already exists/);
    await as(url, "drop table payment_link");
    const [first] = await migrate(url.toString());
    expect(first).toBe("0003_links.sql");
  });

  it("works for an owner who may not make roles, once an administrator made and granted them", async () => {
    const url = await newDatabase(outsider);
    await expect(migrate(url.toString())).rejects.toThrow(/As an administrator run: /);
    await as(administratorUrl, `grant sfp_app, sfp_queue, sfp_resolver to ${outsider}`);
    expect((await migrate(url.toString())).length).toBeGreaterThan(4);
    expect(await migrate(url.toString())).toEqual([]);
  });
});
