import { expect, test } from "vitest";
import { newId } from "../../src/base/id.ts";
import { depositJobs } from "../../src/deposits/jobs.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import {
  type BankDesk,
  changePayout,
  differencesOf,
  linesOf,
  lookAt,
  makeBankDesk,
  movement,
  putPayout,
  readNow,
  receive,
} from "./bank-desk.ts";

const box = useDatabase();
const MINUTE_MS = 60_000;

/** A refund of a payment that the processor has made. */
async function refund(
  desk: BankDesk,
  paymentId: string,
  amountMinor: bigint,
  refundId: string,
): Promise<void> {
  await asOwner(
    box,
    `begin; set local app.firm_id = '${desk.firm.firmId}';
     insert into refund (firm_id, id, payment_id, origin, state, processor_refund_id, amount_minor, currency, is_laid)
     values ('${desk.firm.firmId}', '${newId()}', '${paymentId}', 'processor', 'succeeded', '${refundId}', ${amountMinor}, 'USD', false);
     commit`,
  );
}

async function dispute(
  desk: BankDesk,
  paymentId: string,
  amountMinor: bigint,
  disputeId: string,
): Promise<void> {
  await asOwner(
    box,
    `begin; set local app.firm_id = '${desk.firm.firmId}';
     insert into dispute (firm_id, id, payment_id, processor_dispute_id, kind, state, amount_minor, currency, is_laid, opened_at)
     values ('${desk.firm.firmId}', '${newId()}', '${paymentId}', '${disputeId}', 'chargeback', 'open', ${amountMinor}, 'USD', false, now());
     commit`,
  );
}

test("a deposit of payments with fees, a refund and a dispute ties to the cent", async () => {
  const desk = await makeBankDesk(box, []);
  const first = await receive(desk, 100_000n, { feeMinor: 2_930n });
  const second = await receive(desk, 50_000n, { feeMinor: 1_480n });
  await refund(desk, first.id, 25_000n, "re_part");
  await dispute(desk, second.id, 50_000n, "du_second");
  const payout = putPayout(desk, [
    movement("payment", 100_000n, { feeMinor: 2_930n, paymentIntentId: first.intent }),
    movement("payment", 50_000n, { feeMinor: 1_480n, paymentIntentId: second.intent }),
    movement("refund", -25_000n, { sourceId: "re_part", paymentIntentId: first.intent }),
    movement("dispute", -50_000n, {
      feeMinor: 1_500n,
      sourceId: "du_second",
      paymentIntentId: second.intent,
    }),
    movement("adjustment", -75n, { description: "Balance correction" }),
  ]);
  const deposit = await readNow(desk, payout);
  expect(deposit).toMatchObject({
    state: "paid",
    contents: "complete",
    amount_minor: 69_015n,
    lines_minor: 69_015n,
    expected_minor: 69_015n,
    difference_minor: 0n,
    unexplained_count: 0,
    ties: true,
  });
  expect(await linesOf(desk, deposit)).toHaveLength(5);
  expect(await differencesOf(desk)).toEqual([]);
});

test("reading a deposit twice, and its pages again, changes nothing", async () => {
  const desk = await makeBankDesk(box, []);
  const paid = await receive(desk, 10_000n);
  const payout = putPayout(desk, [movement("payment", 10_000n, { paymentIntentId: paid.intent })]);
  const once = await readNow(desk, payout);
  const twice = await readNow(desk, payout);
  expect({ ...twice, read_at: once.read_at }).toEqual(once);
  expect(await linesOf(desk, once)).toHaveLength(1);
});

test("a reader that dies between two pages goes on where it was", async () => {
  const desk = await makeBankDesk(box, []);
  const movements = Array.from({ length: 7 }, () => movement("fee", -10n));
  const payout = putPayout(desk, movements, { amountMinor: -70n });
  desk.bank.diesAfterPages = 2;
  await expect(readNow(desk, payout)).rejects.toThrow("the process dies");
  expect(await lookAt(desk, payout)).toMatchObject({ contents: "reading", ties: null });
  expect(await linesOf(desk, await lookAt(desk, payout))).toHaveLength(4);
  const pagesBefore = desk.bank.calls.pages;
  const deposit = await readNow(desk, payout);
  expect(deposit).toMatchObject({ contents: "complete", ties: true });
  expect(await linesOf(desk, deposit)).toHaveLength(7);
  expect(desk.bank.calls.pages - pagesBefore).toBe(2);
});

test("a payment that is not ours is shown as the difference until our books know it", async () => {
  const desk = await makeBankDesk(box, []);
  const ours = await receive(desk, 10_000n);
  const late = "pi_that_comes_late";
  const payout = putPayout(desk, [
    movement("payment", 10_000n, { paymentIntentId: ours.intent }),
    movement("payment", 12_500n, { paymentIntentId: late }),
  ]);
  const deposit = await readNow(desk, payout);
  expect(deposit).toMatchObject({ ties: false, difference_minor: 12_500n, unexplained_count: 1 });
  expect(await differencesOf(desk)).toMatchObject([{ kind: "deposit_untied", closed_at: null }]);
  const known = await receive(desk, 12_500n);
  await asOwner(
    box,
    `begin; set local app.firm_id = '${desk.firm.firmId}';
     update payment set payment_intent_id = '${late}' where id = '${known.id}'; commit`,
  );
  await depositJobs["deposits.sweepFirm"](desk.cx, { firmId: desk.firm.firmId });
  expect(await lookAt(desk, payout)).toMatchObject({ ties: true, difference_minor: 0n });
  expect(await differencesOf(desk)).toMatchObject([{ kind: "deposit_untied", closed_how: "agrees" }]);
});

test("a deposit whose own lines do not add up to it does not tie", async () => {
  const desk = await makeBankDesk(box, []);
  const paid = await receive(desk, 10_000n);
  const payout = putPayout(desk, [movement("payment", 10_000n, { paymentIntentId: paid.intent })], {
    amountMinor: 9_900n,
  });
  expect(await readNow(desk, payout)).toMatchObject({
    ties: false,
    lines_minor: 10_000n,
    difference_minor: -100n,
    unexplained_count: 0,
  });
});

test("a deposit made by hand is kept without contents, and nobody says that it ties", async () => {
  const desk = await makeBankDesk(box, []);
  const payout = putPayout(desk, [], { amountMinor: 5_000n, automatic: false, contents: "not_told" });
  expect(await readNow(desk, payout)).toMatchObject({ contents: "not_told", ties: null });
  expect(desk.bank.calls.pages).toBe(0);
});

test("a deposit is read once the processor tells its contents, and follows its states", async () => {
  const desk = await makeBankDesk(box, []);
  const paid = await receive(desk, 10_000n);
  const payout = putPayout(desk, [movement("payment", 10_000n, { paymentIntentId: paid.intent })], {
    state: "in_transit",
    contents: "waiting",
  });
  expect(await readNow(desk, payout)).toMatchObject({ state: "in_transit", contents: "waiting", ties: null });
  desk.clock.at += MINUTE_MS;
  changePayout(desk, payout, { state: "paid", contents: "listed", bankReference: "TRACE9" });
  expect(await readNow(desk, payout)).toMatchObject({ state: "paid", bank_reference: "TRACE9", ties: true });
});

test("a deposit that comes back is a difference until its money is paid out again", async () => {
  const desk = await makeBankDesk(box, []);
  const paid = await receive(desk, 10_000n);
  const payout = putPayout(desk, [movement("payment", 10_000n, { paymentIntentId: paid.intent })]);
  await readNow(desk, payout);
  desk.clock.at += MINUTE_MS;
  changePayout(desk, payout, { state: "failed", failureReason: "The bank account has been closed." });
  expect(await readNow(desk, payout)).toMatchObject({ state: "failed" });
  expect(await differencesOf(desk)).toMatchObject([
    { kind: "deposit_failed", closed_at: null, facts: { amountMinor: "10000" } },
  ]);
  const again = putPayout(desk, [movement("returned_deposit", 10_000n, { sourceId: payout.payoutId })]);
  expect(await readNow(desk, again)).toMatchObject({ ties: true });
  await depositJobs["deposits.sweepFirm"](desk.cx, { firmId: desk.firm.firmId });
  expect(await differencesOf(desk)).toMatchObject([{ kind: "deposit_failed", closed_how: "agrees" }]);
});

test("what failed never gets well, whatever a late answer says", async () => {
  const desk = await makeBankDesk(box, []);
  const payout = putPayout(desk, [], { state: "failed" });
  await readNow(desk, payout);
  changePayout(desk, payout, { state: "paid" });
  desk.clock.at += MINUTE_MS;
  expect(await readNow(desk, payout)).toMatchObject({ state: "failed" });
});

test("an answer to an earlier question changes nothing", async () => {
  const desk = await makeBankDesk(box, []);
  const payout = putPayout(desk, [], { state: "paid" });
  await readNow(desk, payout);
  changePayout(desk, payout, { state: "failed" });
  const earlier = { ...desk.cx, now: () => new Date(desk.clock.at - MINUTE_MS) };
  expect(await readNow(desk, payout, "operating", earlier)).toMatchObject({ state: "paid" });
});
