import { sql } from "kysely";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { newId } from "../../src/base/id.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { transact } from "../../src/db/tx.ts";
import { enqueue } from "../../src/queue/enqueue.ts";
import { asOwner, isSomebodyWaiting, useDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";
import { sameHandlers } from "../support/work-desk.ts";
import { drainJobs, makeFirm, testContext, waitingJobs } from "../support/world.ts";

describe("enqueue", () => {
  const box = useDatabase();

  it("adds the job with the caller's transaction, and nothing when that is rolled back", async () => {
    const cx = testContext(box);
    const { firmId } = await makeFirm(cx);
    const paymentId = newId();
    await withFirm(cx.database, firmId, (tx) => enqueue(tx, "postings.reverse", { firmId, paymentId }));
    await expect(
      withFirm(cx.database, firmId, async (tx) => {
        await enqueue(tx, "postings.reverse", { firmId, paymentId: newId() });
        throw new Error("changed its mind");
      }),
    ).rejects.toThrow("changed its mind");
    expect(await waitingJobs(box)).toEqual([{ name: "postings.reverse", payload: { firmId, paymentId } }]);
  });

  it("refuses a payload of the wrong form before it is stored", async () => {
    const cx = testContext(box);
    const { firmId } = await makeFirm(cx);
    const broken = withFirm(cx.database, firmId, (tx) =>
      enqueue(tx, "postings.reverse", { firmId, paymentId: "seven" }),
    );
    await expect(broken).rejects.toThrow(/uuid/i);
  });

  it("runs jobs of one queue in order, one after the other", async () => {
    const cx = testContext(box);
    const { firmId } = await makeFirm(cx);
    await asOwner(box, "delete from graphile_worker._private_jobs");
    const wanted = Array.from({ length: 8 }, newId);
    for (const paymentId of wanted)
      await withFirm(cx.database, firmId, (tx) =>
        enqueue(tx, "postings.reverse", { firmId, paymentId }, { queue: "one outside system" }),
      );
    const done: unknown[] = [];
    let running = 0;
    const handlers = sameHandlers(() => async (payload) => {
      running += 1;
      expect(running).toBe(1);
      await transact(cx.database, (tx) => sql`select pg_sleep(0.005)`.execute(tx));
      running -= 1;
      done.push(payload.paymentId);
    });
    await drainJobs(box, cx, handlers);
    expect(done).toEqual(wanted);
  });

  it("adds a job that follows when its waiting twin is being fetched at that moment", async () => {
    const cx = testContext(box);
    const { firmId } = await makeFirm(cx);
    await asOwner(box, "delete from graphile_worker._private_jobs");
    const ask = () =>
      withFirm(cx.database, firmId, (tx) =>
        enqueue(tx, "payments.onEvents", { firmId }, { key: `onEvents:${firmId}` }),
      );
    await ask();
    const fetching = new pg.Client({ connectionString: box.ownerUrl });
    await fetching.connect();
    onTestFinished(() => fetching.end());
    await fetching.query("begin");
    await fetching.query(
      "update graphile_worker._private_jobs set locked_at = now(), locked_by = 'a runner', attempts = 1",
    );
    const asked = ask();
    await until("the second waits for the runner", () => isSomebodyWaiting(box));
    await fetching.query("commit");
    await asked;
    const jobs = await asOwner(box, "select key, locked_by from graphile_worker._private_jobs order by id");
    expect(jobs).toEqual([
      { key: null, locked_by: "a runner" },
      { key: `onEvents:${firmId}`, locked_by: null },
    ]);
    await asOwner(box, "delete from graphile_worker._private_jobs");
  });

  it("does nothing before its time", async () => {
    const cx = testContext(box);
    const { firmId } = await makeFirm(cx);
    const paymentId = newId();
    const runAt = new Date(Date.now() + 3_600_000);
    await withFirm(cx.database, firmId, (tx) =>
      enqueue(tx, "postings.reverse", { firmId, paymentId }, { runAt }),
    );
    const done: unknown[] = [];
    const handlers = sameHandlers(() => async (payload) => {
      done.push(payload.paymentId);
    });
    await drainJobs(box, cx, handlers);
    expect(done).toEqual([]);
    await asOwner(box, "update graphile_worker._private_jobs set run_at = now()");
    await drainJobs(box, cx, handlers);
    expect(done).toEqual([paymentId]);
  });

  it.each([
    ["replace", 7_200_000],
    ["keep", 3_600_000],
  ] as const)("with a key there is one waiting job; `%s` says when it is due", async (keyMode, dueInMs) => {
    const cx = testContext(box);
    const { firmId } = await makeFirm(cx);
    await asOwner(box, "delete from graphile_worker._private_jobs");
    const now = Date.now();
    const [first, second] = [newId(), newId()];
    const add = (paymentId: string, inMs: number) =>
      withFirm(cx.database, firmId, (tx) =>
        enqueue(
          tx,
          "postings.reverse",
          { firmId, paymentId },
          { key: "one", keyMode, runAt: new Date(now + inMs) },
        ),
      );
    await add(first, 3_600_000);
    await add(second, 7_200_000);
    expect(await waitingJobs(box)).toEqual([
      { name: "postings.reverse", payload: { firmId, paymentId: second } },
    ]);
    const [row] = await asOwner<{ run_at: Date }>(box, "select run_at from graphile_worker._private_jobs");
    expect(row?.run_at.getTime()).toBe(now + dueInMs);
  });

  it("puts money before mail before upkeep", async () => {
    const cx = testContext(box);
    const { firmId } = await makeFirm(cx);
    await asOwner(box, "delete from graphile_worker._private_jobs");
    await withFirm(cx.database, firmId, async (tx) => {
      await enqueue(tx, "queue.foldTallies", {});
      await enqueue(tx, "connections.sync", { firmId, connectionId: newId() });
      await enqueue(tx, "delivery.send", { firmId, emailId: newId() });
      await enqueue(tx, "payments.onStripe", { firmId, inboxEventId: newId() });
    });
    const names = ["queue.foldTallies", "connections.sync", "delivery.send", "payments.onStripe"];
    const rows = await asOwner<{ name: string }>(
      box,
      `select t.identifier as name from graphile_worker._private_jobs j
         join graphile_worker._private_tasks t on t.id = j.task_id order by j.priority, j.run_at, j.id`,
    );
    expect(rows.map((row) => row.name)).toEqual(names.toReversed());
  });
});
