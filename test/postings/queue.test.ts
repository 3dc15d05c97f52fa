import { expect, test } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { enqueue } from "../../src/queue/enqueue.ts";
import { tasks } from "../../src/tasks.ts";
import { useDatabase } from "../support/database.ts";
import { drainJobs, waitingJobs } from "../support/world.ts";
import { type Desk, makeDesk, postingsOf, receivePayment } from "./desk.ts";

const box = useDatabase();

/** A payment of everything, whose preparing is enqueued as the payment's own transaction does it. */
async function arrive(desk: Desk): Promise<string> {
  const parts = desk.matter.statements.map((each) => ({
    statementId: each.id,
    amountMinor: each.balanceMinor,
  }));
  const paymentId = await receivePayment(desk, parts);
  const { firmId } = desk.firm;
  await withFirm(desk.cx.database, firmId, (tx) =>
    enqueue(tx, "postings.prepare", { firmId, paymentIds: [paymentId] }),
  );
  return paymentId;
}

test("the queue carries a payment into the matter system, part by part in order, and confirms it", async () => {
  const desk = await makeDesk(box, [
    { balanceMinor: 40_000n },
    { balanceMinor: 30_000n },
    { balanceMinor: 20_000n },
  ]);
  let atOnce = 0;
  desk.system.beforeWrite = async () => {
    atOnce += 1;
    await new Promise((resolve) => setImmediate(resolve));
    expect(atOnce).toBe(1);
    atOnce -= 1;
  };
  const paymentId = await arrive(desk);
  await drainJobs(box, desk.cx, tasks);
  const postings = await postingsOf(desk, paymentId);
  expect(postings.map((posting) => posting.state)).toEqual(["posted", "posted", "posted"]);
  expect(desk.system.ledger.map((entry) => entry.amountMinor)).toEqual([40_000n, 30_000n, 20_000n]);
  expect(postings.every((posting) => posting.confirmed_at !== null)).toBe(true);
});

test("tries that must be repeated leave one job for their connection, in the future", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }, { balanceMinor: 30_000n }]);
  desk.system.writeMishaps = ["lost", "outage"];
  const paymentId = await arrive(desk);
  await drainJobs(box, desk.cx, tasks);
  const postings = await postingsOf(desk, paymentId);
  expect(postings.map((posting) => posting.state)).toEqual(["posting", "ready"]);
  const waiting = (await waitingJobs(box)).filter((job) => job.name === "postings.write");
  expect(waiting.map((job) => job.payload.connectionId)).toEqual([desk.matter.connectionId]);
});
