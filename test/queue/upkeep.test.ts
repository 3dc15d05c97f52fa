import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import type { Context } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { enqueue } from "../../src/queue/enqueue.ts";
import { foldTallies, upkeepJobs } from "../../src/queue/upkeep.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import { makeFirm, testContext } from "../support/world.ts";

describe("folding the counters", () => {
  const box = useDatabase();

  const add = (cx: Context, firmId: string, state: string, delta: bigint) =>
    withFirm(cx.database, firmId, (tx) =>
      tx.insertInto("tally").values({ firm_id: firmId, family: "link", state, delta }).execute(),
    );
  const read = (cx: Context, firmId: string) =>
    withFirm(cx.database, firmId, async (tx) => {
      const { rows } = await sql<{ state: string; sum: bigint; rows: bigint }>`
        select state, sum(delta)::bigint as sum, count(*) as rows from tally where firm_id = ${firmId} group by state order by state`.execute(
        tx,
      );
      return rows;
    });

  it("keeps every sum, in one row each, and drops what came to nothing; twice is as good as once", async () => {
    const cx = testContext(box);
    const { firmId } = await makeFirm(cx);
    for (const delta of [1n, 1n, 1n, -1n]) await add(cx, firmId, "outstanding", delta);
    for (const delta of [1n, -1n]) await add(cx, firmId, "expired", delta);
    for (let count = 0; count < 2; count++) {
      await foldTallies(cx.database, firmId);
      expect(await read(cx, firmId)).toEqual([{ state: "outstanding", sum: 2n, rows: 1n }]);
    }
  });

  it("loses nothing of those who write meanwhile, nor of another who folds", async () => {
    const cx = testContext(box);
    const { firmId } = await makeFirm(cx);
    const writers = Array.from({ length: 60 }, () => add(cx, firmId, "outstanding", 1n));
    const folders = Array.from({ length: 15 }, () => foldTallies(cx.database, firmId));
    await Promise.all([...writers, ...folders]);
    expect((await read(cx, firmId))[0]?.sum).toBe(60n);
    await foldTallies(cx.database, firmId);
    expect(await read(cx, firmId)).toEqual([{ state: "outstanding", sum: 60n, rows: 1n }]);
  });

  it("goes through every firm as a job, and may run twice", async () => {
    const cx = testContext(box);
    const firms = [await makeFirm(cx), await makeFirm(cx)];
    for (const { firmId } of firms)
      for (let count = 0; count < 5; count++) await add(cx, firmId, "expired", 1n);
    for (let count = 0; count < 2; count++) {
      await upkeepJobs["queue.foldTallies"](cx);
      for (const { firmId } of firms)
        expect(await read(cx, firmId)).toEqual([{ state: "expired", sum: 5n, rows: 1n }]);
    }
  });
});

describe("forgetting what was replaced", () => {
  const box = useDatabase();

  it("takes away the job of a runner that died whose successor waits, and nothing else", async () => {
    const cx = testContext(box);
    const { firmId } = await makeFirm(cx);
    const connectionId = newId();
    const ask = () =>
      withFirm(cx.database, firmId, (tx) =>
        enqueue(tx, "postings.write", { firmId, connectionId }, { key: "one", queue: "one" }),
      );
    const jobs = () =>
      asOwner<{ key: string | null; last_error: string | null }>(
        box,
        "select key, last_error from graphile_worker._private_jobs order by id",
      );
    await ask();
    await asOwner(
      box,
      "update graphile_worker._private_jobs set attempts = 1, locked_at = now(), locked_by = 'one that died'",
    );
    await ask();
    await asOwner(box, "update graphile_worker._private_jobs set locked_at = null, locked_by = null");
    await withFirm(cx.database, firmId, (tx) => enqueue(tx, "postings.write", { firmId, connectionId }));
    await asOwner(
      box,
      "update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'no' where key is null and attempts = 0",
    );
    expect(await jobs()).toHaveLength(3);
    for (let count = 0; count < 2; count++) {
      await upkeepJobs["queue.forgetReplaced"](cx);
      expect(await jobs()).toEqual([
        { key: "one", last_error: null },
        { key: null, last_error: "no" },
      ]);
    }
  });
});
