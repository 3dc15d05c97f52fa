import type { Pool } from "pg";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import type { Context } from "../../src/context.ts";
import { openQueuePool } from "../../src/db/open.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { enqueue } from "../../src/queue/enqueue.ts";
import { type Runner, startRunner } from "../../src/queue/runner.ts";
import { runFile } from "../support/child.ts";
import { asAdministrator, asOwner, useDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";
import { makeDesk, noteAtDesk, readDesk, sameHandlers } from "../support/work-desk.ts";
import { keepingLog, makeFirm, testContext } from "../support/world.ts";

const TAKE_OVER_LIMIT_MS = 30_000;

describe("the runner", () => {
  const box = useDatabase();
  const runners: Runner[] = [];
  let cx: Context;
  let firmId: string;
  let pool: Pool;

  beforeAll(() => makeDesk(box));
  beforeEach(async () => {
    cx = testContext(box);
    firmId = (await makeFirm(cx)).firmId;
    pool = openQueuePool({ url: box.url, size: 6, onError: () => undefined });
  });
  afterEach(async () => {
    for (const runner of runners.splice(0)) await runner.stop();
    await pool.end();
  });

  async function start(handler: Parameters<typeof sameHandlers>[0], concurrency = 2): Promise<Runner> {
    const runner = await startRunner({ pool, cx, handlers: sameHandlers(handler), concurrency, log: cx.log });
    runners.push(runner);
    return runner;
  }
  async function add(): Promise<string> {
    const paymentId = newId();
    await withFirm(cx.database, firmId, (tx) => enqueue(tx, "postings.reverse", { firmId, paymentId }));
    return paymentId;
  }
  const eventsOf = async (job: string) => (await readDesk(cx)).filter((row) => row.job === job);

  it("does a job soon after it was added", async () => {
    await start(() => (payload) => noteAtDesk(cx, String(payload.paymentId), "done"));
    const job = await add();
    await until("the job is done", async () => (await eventsOf(job)).length > 0, 5_000);
  });

  it("takes over what a runner was doing that was killed in the middle", async () => {
    const doomed = runFile("test/support/runner-child.ts", [box.url]);
    const jobs = [await add(), await add()];
    for (const job of jobs)
      await until("the doomed runner began", async () => (await eventsOf(job)).length > 0);
    doomed.process.kill("SIGKILL");
    await doomed.ended;
    await start(() => (payload) => noteAtDesk(cx, String(payload.paymentId), "done"));
    for (const job of jobs)
      await until(
        "another runner did it",
        async () => (await eventsOf(job)).some((row) => row.event === "done"),
        TAKE_OVER_LIMIT_MS,
      );
    for (const job of jobs) expect((await eventsOf(job)).map((row) => row.event)).toEqual(["began", "done"]);
  }, 60_000);

  it("leaves the jobs of a living runner alone, however long they take", async () => {
    const slow = runFile("test/support/runner-child.ts", [box.url]);
    const job = await add();
    await until("the slow runner began", async () => (await eventsOf(job)).length > 0);
    await start(() => (payload) => noteAtDesk(cx, String(payload.paymentId), "done"));
    // Two looks of the watch: another job, due only then, shows that they have passed.
    const marker = newId();
    const runAt = new Date(Date.now() + 12_000);
    await withFirm(cx.database, firmId, (tx) =>
      enqueue(tx, "postings.reverse", { firmId, paymentId: marker }, { runAt }),
    );
    await until("the time has passed", async () => (await eventsOf(marker)).length > 0, 25_000);
    expect((await eventsOf(job)).map((row) => row.event)).toEqual(["began"]);
    slow.process.kill("SIGKILL");
    await slow.ended;
    await asOwner(box, "delete from graphile_worker._private_jobs");
  }, 60_000);

  it("ends what runs and hands back what waits when it is stopped", async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const runner = await start(
      () => async (payload) => {
        await noteAtDesk(cx, String(payload.paymentId), "began");
        await gate;
        await noteAtDesk(cx, String(payload.paymentId), "done");
      },
      1,
    );
    const jobs: string[] = [];
    for (let count = 0; count < 5; count++) jobs.push(await add());
    const begun = async () =>
      (await readDesk(cx)).filter((row) => jobs.includes(row.job) && row.event === "began");
    await until("one began", async () => (await begun()).length > 0);
    const stopped = runner.stop();
    runners.length = 0;
    open();
    await stopped;
    const began = await begun();
    for (const { job } of began) expect((await eventsOf(job)).at(-1)?.event).toBe("done");
    const left = await asOwner<{ locked: boolean; count: number }>(
      box,
      "select locked_at is not null as locked, count(*)::int as count from graphile_worker._private_jobs group by 1",
    );
    expect(left).toEqual([{ locked: false, count: jobs.length - began.length }]);
    expect(left[0]?.count).toBeGreaterThanOrEqual(3);
    await asOwner(box, "delete from graphile_worker._private_jobs");
  });

  it("goes on after the database cut all of its connections", async () => {
    const log = keepingLog();
    cx = testContext(box, { log });
    await start(() => (payload) => noteAtDesk(cx, String(payload.paymentId), "done"));
    const first = await add();
    await until("it works", async () => (await eventsOf(first)).length > 0);
    // A runner whose last word on a job is cut off ends itself, and the process with it: that is another matter.
    await until("the job is written off", async () => {
      const jobs = await asOwner(box, "select from graphile_worker._private_jobs");
      return jobs.length === 0;
    });
    await asAdministrator(
      box,
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'send-for-payment sfp_queue' and datname = current_database()",
    );
    const job = await add();
    await until("it works again", async () => (await eventsOf(job)).length > 0, 20_000);
    await until("it is watched again", async () => {
      const [row] = await asOwner<{ held: number }>(
        box,
        `select count(*)::int as held from pg_locks where locktype = 'advisory' and granted
           and database = (select oid from pg_database where datname = current_database())`,
      );
      return (row?.held ?? 0) > 0;
    });
  });
});
