import { execFileSync } from "node:child_process";
import { chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedDatabase, startEmbedded } from "../../src/db/embedded.ts";
import { isAlive, runFile } from "../support/child.ts";
import { until } from "../support/until.ts";

const CHILD = "test/support/embedded-child.ts";
const FLAGS = ["fsync=off"];
const NOBODY = 65_534;

/** One folder for all: each test finds what the one before left, as the starts of one installation do. */
describe("the embedded database", () => {
  let folder: string;
  const start = () => startEmbedded({ folder, flags: FLAGS });
  const pidFile = () => path.join(folder, "cluster", "postmaster.pid");
  const readPid = async () => Number((await readFile(pidFile(), "utf8")).split("\n")[0]);

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "sfp-embedded-"));
  });
  afterAll(async () => {
    const pid = await readPid().catch(() => undefined);
    if (pid !== undefined && isAlive(pid)) process.kill(pid, "SIGINT");
    await rm(folder, { recursive: true, force: true });
  });

  async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  }
  const marks = async (database: Pick<EmbeddedDatabase, "ownerUrl">) =>
    (await query<{ word: string }>(database.ownerUrl, "select word from mark order by word")).map(
      (row) => row.word,
    );

  it("makes a cluster on the first start, even where an earlier first start was cut off", async () => {
    await mkdir(path.join(folder, "cluster"));
    await writeFile(path.join(folder, "cluster", "postgresql.conf"), "half");
    await mkdir(path.join(folder, "unfinished-1"));
    const database = await start();
    expect(database.wasRunning).toBe(false);
    await query(database.ownerUrl, "create table mark (word text); insert into mark values ('first')");
    await expect(query(database.url, "create table stolen ()")).rejects.toThrow(/permission denied/);
    await expect(query(database.url, "select * from mark")).rejects.toThrow(/permission denied/);
    expect((await readdir(folder)).sort()).toEqual(["cluster", "password"]);
    await database.stop();
  });

  it("listens on this machine only, with passwords", async () => {
    const database = await start();
    expect(await query(database.ownerUrl, "show listen_addresses")).toEqual([
      { listen_addresses: "127.0.0.1" },
    ]);
    const wrong = new URL(database.ownerUrl);
    wrong.password = "guessed";
    await expect(query(wrong.toString(), "select 1")).rejects.toThrow(/password authentication failed/);
    await database.stop();
  });

  it("finds its data again on the next start", async () => {
    const database = await start();
    expect(database.wasRunning).toBe(false);
    expect(await marks(database)).toEqual(["first"]);
    const pid = await readPid();
    await database.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it("starts again after the server was killed, and keeps what was committed", async () => {
    const database = await start();
    await query(database.ownerUrl, "insert into mark values ('second')");
    const pid = await readPid();
    process.kill(pid, "SIGKILL");
    await until("the server is gone", async () => !isAlive(pid));
    const next = await start();
    expect(next.wasRunning).toBe(false);
    expect(await marks(next)).toEqual(["first", "second"]);
    await next.stop();
  });

  it("takes over the server of a process that was killed, and ends it", async () => {
    const child = runFile(CHILD, [folder]);
    await child.line();
    const pid = await readPid();
    child.process.kill("SIGKILL");
    await child.ended;
    const database = await start();
    expect(database.wasRunning).toBe(true);
    expect(await readPid()).toBe(pid);
    expect(await marks(database)).toContain("second");
    await database.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it("is not misled by a pid file whose number another program has", async () => {
    await writeFile(pidFile(), `${process.pid}\n${path.dirname(pidFile())}\n1700000000\n5432\n\n127.0.0.1\n`);
    const database = await start();
    expect(database.wasRunning).toBe(false);
    expect(await marks(database)).toContain("first");
    await database.stop();
  });

  it("leaves the server to another process of ours that works with it", async () => {
    const first = await start();
    const second = await start();
    expect([first.wasRunning, second.wasRunning]).toEqual([false, true]);
    const worker = new pg.Client({
      connectionString: second.url,
      application_name: "send-for-payment sfp_app",
    });
    await worker.connect();
    await first.stop();
    expect((await worker.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    await worker.end();
    const pid = await readPid();
    await second.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it("outlives a Ctrl-C in the terminal until the process itself ends it", async () => {
    const child = runFile(CHILD, [folder], { detached: true });
    await child.line();
    const pid = await readPid();
    process.kill(-(child.process.pid ?? 0), "SIGINT");
    expect(await child.line()).toBe('{"words":"still there"}');
    expect(await child.ended).toBe(0);
    expect(isAlive(pid)).toBe(false);
  });

  it("says what the server said when it does not start", async () => {
    const broken = startEmbedded({ folder, flags: ["no_such_setting=1"] });
    await expect(broken).rejects.toThrow(/PostgreSQL did not start. It said:[\s\S]*no_such_setting/);
  });

  it.runIf(process.getuid?.() === 0)("starts as an ordinary user as well", async () => {
    const own = await mkdtemp(path.join(tmpdir(), "sfp-nobody-"));
    await chown(own, NOBODY, NOBODY);
    const child = runFile(CHILD, [own], { uid: NOBODY, gid: NOBODY, env: { HOME: own, TMPDIR: own } });
    try {
      const said = JSON.parse(await child.line()) as { ownerUrl: string };
      expect(await query(said.ownerUrl, "select 1 as one")).toEqual([{ one: 1 }]);
      const [pid = ""] = (await readFile(path.join(own, "cluster", "postmaster.pid"), "utf8")).split("\n");
      expect(execFileSync("ps", ["-o", "uid=", "-p", pid], { encoding: "utf8" }).trim()).toBe(String(NOBODY));
      child.process.kill("SIGINT");
      expect(await child.ended).toBe(0);
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  });
});
