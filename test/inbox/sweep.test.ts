import { beforeAll, expect, test } from "vitest";
import { newId } from "../../src/base/id.ts";
import type { Context } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { inboxJobs } from "../../src/inbox/jobs.ts";
import { listNew, listStale, markHandled } from "../../src/inbox/queries.ts";
import { receiveEvent } from "../../src/inbox/receive.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import { makeFirm, type TestFirm, testContext, waitingJobs } from "../support/world.ts";

const box = useDatabase();
const HOUR_MS = 3_600_000;
let cx: Context;
let firm: TestFirm;

beforeAll(async () => {
  cx = testContext(box);
  firm = await makeFirm(cx);
});

const event = (externalId: string) => ({
  source: "stripe" as const,
  externalId,
  type: "payment_intent.succeeded",
  account: firm.processorAccounts.operating,
  payload: {},
});

const waiting = async () => (await waitingJobs(box)).map(({ name }) => name);
const listed = () => withFirm(cx.database, firm.firmId, (tx) => listNew(tx, firm.firmId, 10));

test("an event is kept once, and one job acts on all that are new", async () => {
  const id = newId();
  expect(await receiveEvent(cx, firm.firmId, event(id))).toBe(true);
  expect(await receiveEvent(cx, firm.firmId, event(id))).toBe(false);
  expect(await receiveEvent(cx, firm.firmId, event(newId()))).toBe(true);
  expect(await waitingJobs(box)).toEqual([{ name: "payments.onEvents", payload: { firmId: firm.firmId } }]);
  expect((await listed()).map((each) => each.external_id)).toContain(id);
});

test("the job for what is new keeps its place, however many events come", async () => {
  const dueAt = async () => (await asOwner(box, "select run_at from graphile_worker.jobs"))[0];
  const before = await dueAt();
  await receiveEvent(cx, firm.firmId, event(newId()));
  expect(await dueAt()).toEqual(before);
});

test("payouts and what other sources tell have a job each, and are not among what is new", async () => {
  const known = await listed();
  await receiveEvent(cx, firm.firmId, { ...event(newId()), type: "payout.paid" });
  await receiveEvent(cx, firm.firmId, { ...event(newId()), source: "postmark", type: "Bounce" });
  await receiveEvent(cx, firm.firmId, { ...event(newId()), source: "connector", type: "hint" });
  expect(await waiting()).toEqual([
    "payments.onEvents",
    "deposits.onStripe",
    "delivery.onPostmark",
    "connections.onHint",
  ]);
  expect(await listed()).toEqual(known);
});

test("an event that nobody acted on for an hour has a job of its own, and twice is once", async () => {
  const later = { ...cx, now: () => new Date(Date.now() + 2 * HOUR_MS) };
  const before = await waiting();
  await inboxJobs["inbox.sweepAll"](cx);
  expect(await waiting()).toEqual(before);
  await inboxJobs["inbox.sweepAll"](later);
  const once = await waiting();
  expect(once.filter((name) => name === "payments.onStripe")).toHaveLength(3);
  await inboxJobs["inbox.sweepAll"](later);
  // The first jobs still wait under the same keys, and what has a job of its own is new no more.
  expect(await waiting()).toEqual(once);
  expect(await listed()).toEqual([]);
});

test("an event that was handled is left alone", async () => {
  const far = new Date(Date.now() + 2 * HOUR_MS);
  const stale = await withFirm(cx.database, firm.firmId, (tx) => listStale(tx, firm.firmId, far, 10));
  for (const { id } of stale)
    await withFirm(cx.database, firm.firmId, (tx) =>
      markHandled(tx, firm.firmId, id, new Date(), "recorded"),
    );
  expect(stale).toHaveLength(6);
  expect(await withFirm(cx.database, firm.firmId, (tx) => listStale(tx, firm.firmId, far, 10))).toEqual([]);
});
