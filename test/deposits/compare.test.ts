import { expect, test } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { closeDiscrepancy } from "../../src/deposits/close.ts";
import { comparePayment, type Side } from "../../src/deposits/compare-payment.ts";
import { depositJobs } from "../../src/deposits/jobs.ts";
import type { PaymentFacts } from "../../src/stripe/port.ts";
import { ProcessorError } from "../../src/stripe/port.ts";
import { first, prepare, receivePosted, write } from "../postings/desk.ts";
import { useDatabase } from "../support/database.ts";
import { waitingJobs } from "../support/world.ts";
import {
  type BankDesk,
  compare,
  differencesOf,
  makeBankDesk,
  movement,
  openKinds,
  putPayout,
  readNow,
  receive,
} from "./bank-desk.ts";

const box = useDatabase();
const HOUR_MS = 3_600_000;

const SIDE: Side = {
  amountMinor: 10_000n,
  feeMinor: 320n,
  refundedMinor: 0n,
  dispute: "none",
  hasSucceeded: true,
};

test.each<[string, Side | undefined, Side | undefined, string[]]>([
  ["two sides that say the same", SIDE, SIDE, []],
  ["a payment that neither side has taken", { ...SIDE, hasSucceeded: false }, undefined, []],
  ["a payment that only the processor has", undefined, SIDE, ["payment_missing"]],
  ["one that we have as failed", { ...SIDE, hasSucceeded: false }, SIDE, ["payment_missing"]],
  ["one that only we have", SIDE, undefined, ["payment_unknown"]],
  ["another amount", { ...SIDE, amountMinor: 1n }, SIDE, ["payment_differs"]],
  ["another fee", { ...SIDE, feeMinor: 1n }, SIDE, ["payment_differs"]],
  [
    "another refund and another dispute",
    { ...SIDE, refundedMinor: 5n },
    { ...SIDE, dispute: "lost" },
    ["refund_differs", "dispute_differs"],
  ],
])("%s", (_, ours, theirs, kinds) => {
  expect(comparePayment(ours, theirs).map(({ kind }) => kind)).toEqual(kinds);
});

/** The processor's movement of a payment, long enough ago to be compared. */
function charge(desk: BankDesk, grossMinor: bigint, facts: Parameters<typeof movement>[2] = {}) {
  return movement("payment", grossMinor, { happenedAt: new Date(desk.clock.at - HOUR_MS), ...facts });
}

async function receiveLately(desk: BankDesk, amountMinor: bigint) {
  const paid = await receive(desk, amountMinor, { receivedAt: new Date(desk.clock.at - HOUR_MS / 2) });
  await prepare(desk, paid.id);
  return paid;
}

test("sides that agree raise nothing, and the page knows when they were compared", async () => {
  const desk = await makeBankDesk(box, []);
  const paid = await receiveLately(desk, 10_000n);
  desk.bank.movements.set("", [charge(desk, 10_000n, { paymentIntentId: paid.intent })]);
  await compare(desk);
  expect(await differencesOf(desk)).toEqual([]);
  const looks = await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx.selectFrom("comparison").select(["subject", "ran_at", "failure"]).orderBy("subject").execute(),
  );
  expect(looks.map(({ subject }) => subject)).toEqual([
    `account:${desk.firm.operatingAccountId}`,
    "books",
    `connection:${desk.matter.connectionId}`,
  ]);
  expect(looks.every(({ ran_at, failure }) => ran_at !== null && failure === null)).toBe(true);
});

test("a payment of ours that our books lack is raised once, and closes by itself when it is there", async () => {
  const desk = await makeBankDesk(box, []);
  const known = await receiveLately(desk, 10_000n);
  const lost = charge(desk, 7_700n, { paymentIntentId: "pi_lost" });
  desk.bank.movements.set("", [charge(desk, 10_000n, { paymentIntentId: known.intent }), lost]);
  await compare(desk);
  await compare(desk);
  expect(await differencesOf(desk)).toMatchObject([
    { kind: "payment_missing", object_id: "pi_lost", closed_at: null, facts: { theirsMinor: "7700" } },
  ]);
  const found = await receiveLately(desk, 7_700n);
  await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx.updateTable("payment").set({ payment_intent_id: "pi_lost" }).where("id", "=", found.id).execute(),
  );
  const facts = { amountMinor: 7_700n, feeMinor: 0n, refundedMinor: 0n, dispute: "none", state: "succeeded" };
  desk.bank.payments.set("pi_lost", facts as PaymentFacts);
  await compare(desk);
  expect(await differencesOf(desk)).toMatchObject([{ kind: "payment_missing", closed_how: "agrees" }]);
});

test("what the firm took at the processor by itself, and what is minutes old, is no difference", async () => {
  const desk = await makeBankDesk(box, []);
  await receiveLately(desk, 500n);
  desk.bank.movements.set("", [
    charge(desk, 9_900n, { paymentIntentId: "pi_foreign", isOurs: false }),
    charge(desk, 1_000n, { paymentIntentId: "pi_young", happenedAt: new Date(desk.clock.at) }),
  ]);
  await compare(desk);
  const objects = (await differencesOf(desk)).map(({ object_id }) => object_id);
  expect(objects).not.toContain("pi_foreign");
  expect(objects).not.toContain("pi_young");
});

test("a refund that only one side shows is raised", async () => {
  const desk = await makeBankDesk(box, []);
  const paid = await receiveLately(desk, 10_000n);
  const refund = movement("refund", -4_000n, {
    paymentIntentId: paid.intent,
    happenedAt: new Date(desk.clock.at - HOUR_MS),
  });
  desk.bank.movements.set("", [refund, charge(desk, 10_000n, { paymentIntentId: paid.intent })]);
  const facts = {
    amountMinor: 10_000n,
    feeMinor: 0n,
    refundedMinor: 4_000n,
    dispute: "none",
    state: "succeeded",
  };
  desk.bank.payments.set(paid.intent, facts as PaymentFacts);
  await compare(desk);
  expect(await differencesOf(desk)).toMatchObject([
    { kind: "refund_differs", facts: { oursMinor: "0", theirsMinor: "4000" }, payment_id: paid.id },
  ]);
});

test("a difference that a bookkeeper closed stays closed over the same facts and opens over others", async () => {
  const desk = await makeBankDesk(box, []);
  const paid = await receiveLately(desk, 10_000n);
  const theirs = (gross: bigint) =>
    desk.bank.movements.set("", [charge(desk, gross, { paymentIntentId: paid.intent })]);
  theirs(9_000n);
  await compare(desk);
  const [row] = await differencesOf(desk);
  await closeDiscrepancy(desk.bookkeeper, { discrepancyId: row?.id ?? "", note: "Known at the processor." });
  await compare(desk);
  expect(await openKinds(desk)).toEqual([]);
  theirs(8_000n);
  await compare(desk);
  expect(await openKinds(desk)).toEqual(["payment_differs"]);
});

test("a payout that our books show otherwise is raised until it was read again", async () => {
  const desk = await makeBankDesk(box, []);
  await receiveLately(desk, 100n);
  desk.bank.movements.set("", [...(desk.bank.movements.get("") ?? [])]);
  const payout = putPayout(desk, [], { madeAt: new Date(desk.clock.at - HOUR_MS) });
  await compare(desk);
  expect(await openKinds(desk)).toContain("deposit_differs");
  await readNow(desk, payout);
  await compare(desk);
  expect(await openKinds(desk)).not.toContain("deposit_differs");
});

test("a side that cannot be asked is told of, raises nothing and holds up no other", async () => {
  const desk = await makeBankDesk(box, [{ balanceMinor: 40_000n }]);
  const posting = first(await receivePosted(desk));
  await write(desk, posting);
  desk.clock.at += HOUR_MS;
  desk.bank.trouble = new ProcessorError("outage", "down");
  desk.system.ledger.splice(0);
  await compare(desk);
  expect(await openKinds(desk)).toEqual(["posting_gone"]);
  const look = await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx
      .selectFrom("comparison")
      .selectAll()
      .where("subject", "=", `account:${desk.firm.operatingAccountId}`)
      .executeTakeFirstOrThrow(),
  );
  expect(look).toMatchObject({ ran_at: null, failure: "The card processor could not be read." });
});

test("the timetable starts one sweep and one comparison for each firm", async () => {
  const desk = await makeBankDesk(box, []);
  for (let time = 0; time < 2; time++) {
    await depositJobs["deposits.sweepAll"](desk.cx);
    await depositJobs["deposits.compareAll"](desk.cx);
  }
  const jobs = await waitingJobs(box);
  const mine = jobs.filter((job) => JSON.stringify(job).includes(desk.firm.firmId));
  expect(mine).toHaveLength(2);
});
