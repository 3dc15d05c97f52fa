import { beforeAll, expect, test } from "vitest";
import { newId } from "../../src/base/id.ts";
import type { Context } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { inboxJobs } from "../../src/inbox/jobs.ts";
import { listStale, markHandled } from "../../src/inbox/queries.ts";
import { receiveEvent } from "../../src/inbox/receive.ts";
import { useDatabase } from "../support/database.ts";
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

test("an event is kept once and enqueued once", async () => {
  const id = newId();
  expect(await receiveEvent(cx, firm.firmId, event(id))).toBe(true);
  expect(await receiveEvent(cx, firm.firmId, event(id))).toBe(false);
  expect((await waitingJobs(box)).map(({ name }) => name)).toEqual(["payments.onStripe"]);
});

test("an event that nobody acted on for an hour is enqueued again, and twice is once", async () => {
  const later = { ...cx, now: () => new Date(Date.now() + 2 * HOUR_MS) };
  const before = await waitingJobs(box);
  await inboxJobs["inbox.sweepAll"](cx);
  expect(await waitingJobs(box)).toEqual(before);
  await inboxJobs["inbox.sweepAll"](later);
  await inboxJobs["inbox.sweepAll"](later);
  // The first job still waits under the same key.
  expect(await waitingJobs(box)).toHaveLength(1);
});

test("an event that was handled is left alone", async () => {
  const far = new Date(Date.now() + 2 * HOUR_MS);
  const stale = await withFirm(cx.database, firm.firmId, (tx) => listStale(tx, firm.firmId, far, 10));
  for (const { id } of stale)
    await withFirm(cx.database, firm.firmId, (tx) =>
      markHandled(tx, firm.firmId, id, new Date(), "recorded"),
    );
  expect(stale).toHaveLength(1);
  expect(await withFirm(cx.database, firm.firmId, (tx) => listStale(tx, firm.firmId, far, 10))).toEqual([]);
});
