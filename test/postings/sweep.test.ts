import { expect, test } from "vitest";
import { useDatabase } from "../support/database.ts";
import { waitingJobs } from "../support/world.ts";
import {
  type Desk,
  first,
  historyOf,
  look,
  makeDesk,
  receivePayment,
  receivePosted,
  receivePrepared,
  setConnection,
  write,
} from "./desk.ts";
import { confirm, isWriteAsked, sweep } from "./desk-jobs.ts";

const box = useDatabase();
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const preparedIn = async () =>
  (await waitingJobs(box))
    .filter(({ name }) => name === "postings.prepare")
    .map(({ payload }) => payload.paymentIds);

/** A posting whose own job has been done or lost: what is waiting for it comes from the sweep. */
async function deskWithLostJob(desk: Desk) {
  await setConnection(desk, { posting_release: "manual" });
  return first(await receivePosted(desk));
}

test("the sweep enqueues a ready posting that should have gone long ago, once however often it runs", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  await deskWithLostJob(desk);
  await setConnection(desk, { posting_release: "automatic" });
  await sweep(desk);
  expect(await isWriteAsked(box, desk)).toBe(false);
  desk.clock.at += MINUTE_MS;
  await sweep(desk);
  await sweep(desk);
  expect(await isWriteAsked(box, desk)).toBe(true);
});

test("the sweep leaves alone what waits for its release or for an authorization", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  await deskWithLostJob(desk);
  desk.clock.at += MINUTE_MS;
  await sweep(desk);
  await setConnection(desk, { posting_release: "automatic", state: "needs_authorization" });
  await sweep(desk);
  expect(await isWriteAsked(box, desk)).toBe(false);
});

test("the sweep finds a try that left no outcome", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  const posting = await deskWithLostJob(desk);
  await setConnection(desk, { posting_release: "automatic" });
  desk.system.refusesTokens = false;
  desk.system.writeMishaps = ["lost"];
  desk.system.lookUpMishaps = ["auth", "auth"];
  await write(desk, posting);
  desk.clock.at += MINUTE_MS;
  await write(desk, posting);
  expect(await look(desk, posting)).toMatchObject({ state: "posting", next_try_at: null });
  await setConnection(desk, { state: "authorized" });
  desk.clock.at += MINUTE_MS;
  await sweep(desk);
  expect(await isWriteAsked(box, desk)).toBe(true);
});

test("the sweep finds a payment that has no postings", async () => {
  const desk = await makeDesk(box, []);
  const paymentId = await receivePayment(desk, [{ statementId: null, amountMinor: 500n }]);
  desk.clock.at += MINUTE_MS;
  await sweep(desk);
  await sweep(desk);
  expect(await preparedIn()).toEqual([[paymentId]]);
});

test("a posting whose connection is cut off for good is given to a person by the sweep's job", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  const posting = first(await receivePosted(desk));
  await setConnection(desk, { state: "disconnected" });
  await write(desk, posting);
  expect(await look(desk, posting)).toMatchObject({ state: "needs_attention", problem: "no_connection" });
});

test("an entry that the matter system shows is confirmed, once", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  const posting = first(await receivePosted(desk));
  await write(desk, posting);
  expect((await look(desk, posting)).confirmed_at).toBeNull();
  await confirm(desk);
  const confirmed = await look(desk, posting);
  expect(confirmed.confirmed_at).not.toBeNull();
  await confirm(desk);
  expect(await look(desk, posting)).toEqual(confirmed);
  expect(desk.system.calls.lookUps).toBe(1);
});

test("an entry that is not shown stays unconfirmed and is looked for again a day later", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  const posting = first(await receivePosted(desk));
  await write(desk, posting);
  const entries = desk.system.ledger.splice(0);
  await confirm(desk);
  await confirm(desk);
  expect(desk.system.calls.lookUps).toBe(1);
  expect(await look(desk, posting)).toMatchObject({ state: "posted", confirmed_at: null });
  desk.system.ledger.push(...entries);
  desk.clock.at += DAY_MS;
  await confirm(desk);
  expect((await look(desk, posting)).confirmed_at).not.toBeNull();
});

test("an entry that stands there with another amount is not confirmed", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  const posting = first(await receivePosted(desk));
  await write(desk, posting);
  first(desk.system.ledger).amountMinor -= 1n;
  await confirm(desk);
  expect(await look(desk, posting)).toMatchObject({ state: "posted", confirmed_at: null });
});

test("an entry that stands there twice is given to a person", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  const posting = first(await receivePosted(desk));
  await write(desk, posting);
  desk.system.ledger.push({ ...first(desk.system.ledger), externalId: "ent_other" });
  await confirm(desk);
  await confirm(desk);
  expect(await look(desk, posting)).toMatchObject({ state: "needs_attention", problem: "double_entry" });
  expect((await historyOf(desk, posting)).at(-1)).toBe("posting.needsAttention");
});

test("a failure while confirming changes nothing and is no failure of the job", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  const posting = first(await receivePosted(desk));
  await write(desk, posting);
  desk.system.lookUpMishaps = ["rate"];
  const before = await look(desk, posting);
  await confirm(desk);
  expect(await look(desk, posting)).toEqual(before);
});

test("a system that cannot be searched is not asked", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }], {
    capabilities: ["postPayment"],
    duplicates: "none",
  });
  const [posting] = await receivePrepared(desk, [
    { statementId: first(desk.matter.statements).id, amountMinor: 40_000n },
  ]);
  await write(desk, first([posting].filter((each) => each !== undefined)));
  await confirm(desk);
  expect(desk.system.calls.lookUps).toBe(0);
});
