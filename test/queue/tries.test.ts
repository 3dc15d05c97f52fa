import { parseCronItems } from "graphile-worker";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { transact } from "../../src/db/tx.ts";
import { CATALOG, jobNames } from "../../src/queue/catalog.ts";
import { TIMETABLE } from "../../src/queue/cron.ts";
import { enqueue } from "../../src/queue/enqueue.ts";
import type { JobFacts } from "../../src/queue/handler.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import { sameHandlers } from "../support/work-desk.ts";
import { drainJobs, keepingLog, testContext, waitingJobs } from "../support/world.ts";

describe("jobs that fail", () => {
  const box = useDatabase();
  const rows = () =>
    asOwner<{ attempts: number; max_attempts: number; waitSeconds: number; last_error: string }>(
      box,
      `select attempts, max_attempts, extract(epoch from run_at - now())::float8 as "waitSeconds", last_error
       from graphile_worker._private_jobs`,
    );

  it("are tried again after growing pauses, know their last try, and stay to be seen", async () => {
    const log = keepingLog();
    const cx = testContext(box, { log });
    const facts: JobFacts[] = [];
    const handlers = sameHandlers(() => async (_payload, job) => {
      facts.push(job);
      throw new Error("the outside is down");
    });
    await transact(cx.database, (tx) => enqueue(tx, "payments.sweepFirm", { firmId: newId() }));
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 3; attempt++) {
      await drainJobs(box, cx, handlers);
      const [row] = await rows();
      expect(row).toMatchObject({ attempts: attempt, max_attempts: 3, last_error: "the outside is down" });
      pauses.push(row?.waitSeconds ?? 0);
      await asOwner(box, "update graphile_worker._private_jobs set run_at = now()");
    }
    expect(pauses[0]).toBeGreaterThan(1);
    expect(pauses[1]).toBeGreaterThan(pauses[0] ?? 0);
    expect(facts.map((fact) => [fact.attempt, fact.isLastAttempt])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    await drainJobs(box, cx, handlers);
    expect(facts).toHaveLength(3);
    expect(await waitingJobs(box)).toHaveLength(1);
    const told = log.lines.map((line) => JSON.parse(line));
    expect(told.filter((line) => line.level === "warn")).toHaveLength(2);
    expect(told.filter((line) => line.level === "error")).toMatchObject([
      { message: "a job failed for the last time", job: "payments.sweepFirm", attempt: 3 },
    ]);
    await asOwner(box, "delete from graphile_worker._private_jobs");
  });

  it("fail loudly when their payload has the wrong form, and nothing is done with it", async () => {
    const log = keepingLog();
    const cx = testContext(box, { log });
    let calls = 0;
    const handlers = sameHandlers(() => async () => {
      calls += 1;
    });
    const broken = [{ task: "postings.write", payload: { firmId: "seven" }, tries: 3, priority: 0 }];
    await transact(cx.database, (tx) =>
      sql`select enqueue_jobs(${JSON.stringify(broken)}::json, false)`.execute(tx),
    );
    await drainJobs(box, cx, handlers);
    expect(calls).toBe(0);
    expect((await rows())[0]?.last_error).toMatch(/uuid/i);
    expect(log.lines.join()).toContain("a job failed and will be tried again");
    await asOwner(box, "delete from graphile_worker._private_jobs");
  });
});

/** What payloads hold besides ids of rows: choices, the id of a member, and names of the click or the event that asks. */
const WORDS_OF_PAYLOADS: Partial<Record<string, string[]>> = {
  "delivery.notify": ["event", "occurrence"],
  "delivery.sendTest": ["use", "language", "nonce"],
  "reminders.remindNow": ["by", "occurrence"],
};

describe("the catalogue and the timetable", () => {
  it("name each job by feature and verb, and try what money depends on for days", () => {
    for (const name of jobNames()) expect(name).toMatch(/^[a-z]+\.[a-z]+[A-Za-z]*$/);
    for (const name of ["payments.onStripe", "postings.write", "pay.expireCheckouts"] as const)
      expect(CATALOG[name].tries).toBeGreaterThanOrEqual(40);
  });

  it("put no secret and no address into a payload: ids only", () => {
    for (const name of jobNames())
      for (const key of Object.keys(CATALOG[name].payload.shape))
        expect(key, name).toMatch(WORDS_OF_PAYLOADS[name]?.includes(key) ? /./ : /Ids?$/);
  });

  it("run by the clock only what needs no payload, at patterns that can be read", () => {
    const items = TIMETABLE.map(({ pattern, job }) => ({ task: job, match: pattern }));
    expect(parseCronItems(items)).toHaveLength(TIMETABLE.length);
    for (const { job } of TIMETABLE)
      expect(CATALOG[job].payload.safeParse({ _cron: { ts: "2026-11-12T12:00:00Z" } }).success, job).toBe(
        true,
      );
    expect(new Set(TIMETABLE.map(({ job }) => job)).size).toBe(TIMETABLE.length);
    for (const name of jobNames())
      if (/All$|Due$|Expired$|Tallies$/.test(name)) expect(items.map((item) => item.task)).toContain(name);
  });
});
