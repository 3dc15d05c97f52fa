import type Stripe from "stripe";
import { expect, test } from "vitest";
import { bank, card, OPERATING, type Stand, sessionFor, startStand, TRUST, until } from "./stand.ts";

const on = { stripeAccount: OPERATING };

async function paid(stand: Stand, number?: string, amount = 10_000): Promise<Stripe.Charge> {
  await stand.pay(await stand.stripe.checkout.sessions.create(sessionFor(amount), on), card(number));
  const [charge] = (await stand.stripe.charges.list({ limit: 1 }, on)).data;
  if (charge === undefined) throw new Error("nothing was charged");
  return charge;
}

test("partial refunds add up and the last one empties the charge", async () => {
  const stand = await startStand();
  const charge = await paid(stand);
  const intent = String(charge.payment_intent);
  const first = await stand.stripe.refunds.create(
    { payment_intent: intent, amount: 7_000, metadata: { a: "b" } },
    on,
  );
  expect(first).toMatchObject({
    status: "succeeded",
    amount: 7_000,
    charge: charge.id,
    metadata: { a: "b" },
  });
  await expect(stand.stripe.refunds.create({ charge: charge.id, amount: 4_000 }, on)).rejects.toMatchObject({
    statusCode: 400,
    param: "amount",
    code: undefined,
    message: "Refund amount ($40.00) is greater than unrefunded amount on charge ($30.00)",
  });
  const rest = await stand.stripe.refunds.create({ charge: charge.id }, on);
  expect(rest.amount).toBe(3_000);
  await expect(stand.stripe.refunds.create({ charge: charge.id }, on)).rejects.toMatchObject({
    code: "charge_already_refunded",
  });
  const whole = await stand.stripe.charges.retrieve(charge.id, { expand: ["refunds"] }, on);
  expect(whole).toMatchObject({ amount_refunded: 10_000, refunded: true });
  expect(whole.refunds?.data.map(({ amount }) => amount)).toEqual([3_000, 7_000]);
  const [last, , original] = (await stand.stripe.balanceTransactions.list({}, on)).data;
  expect(last).toMatchObject({ type: "refund", amount: -3_000, fee: 0, source: rest.id });
  expect(original?.fee).toBe(320);
});

test.each([0, -5])("a refund of %i cents is refused", async (amount) => {
  const stand = await startStand();
  const charge = await paid(stand);
  await expect(stand.stripe.refunds.create({ charge: charge.id, amount }, on)).rejects.toMatchObject({
    code: "parameter_invalid_integer",
    param: "amount",
  });
});

test("a charge that is not there, or not paid yet, cannot be refunded", async () => {
  const stand = await startStand();
  await expect(stand.stripe.refunds.create({ charge: "ch_none" }, on)).rejects.toMatchObject({
    code: "resource_missing",
    param: "charge",
  });
  await stand.pay(await stand.stripe.checkout.sessions.create(sessionFor(), on), bank());
  const [pending] = (await stand.stripe.charges.list({}, on)).data;
  await expect(stand.stripe.refunds.create({ charge: pending?.id ?? "" }, on)).rejects.toMatchObject({
    code: "charge_not_refundable",
  });
});

test("a refund can be pending first and succeed later", async () => {
  const stand = await startStand();
  const charge = await paid(stand, "4000000000007726");
  const refund = await stand.stripe.refunds.create({ charge: charge.id }, on);
  expect(refund).toMatchObject({ status: "pending", pending_reason: "processing" });
  const updated = (await stand.delivered("refund.updated")).event.data.object as Stripe.Refund;
  expect(updated).toMatchObject({ id: refund.id, status: "succeeded" });
});

test("a refund that succeeded can fail later and the money is back", async () => {
  const stand = await startStand();
  const charge = await paid(stand, "4000000000005126");
  const refund = await stand.stripe.refunds.create({ charge: charge.id, amount: 4_000 }, on);
  expect(refund.status).toBe("succeeded");
  await stand.delivered("refund.failed");
  const failed = await stand.stripe.refunds.retrieve(
    refund.id,
    { expand: ["failure_balance_transaction"] },
    on,
  );
  expect(failed).toMatchObject({
    status: "failed",
    failure_reason: "expired_or_canceled_card",
    failure_balance_transaction: { type: "refund_failure", amount: 4_000 },
  });
  expect((await stand.stripe.charges.retrieve(charge.id, {}, on)).amount_refunded).toBe(0);
});

test("a refund of a bank debit is pending until it arrives", async () => {
  const stand = await startStand({ bankDebitDelayMilliseconds: 0 });
  await stand.pay(await stand.stripe.checkout.sessions.create(sessionFor(), on), bank());
  await stand.delivered("checkout.session.async_payment_succeeded");
  const [charge] = (await stand.stripe.charges.list({}, on)).data;
  const refund = await stand.stripe.refunds.create({ charge: charge?.id ?? "" }, on);
  expect(refund.status).toBe("pending");
  const arrived = (await stand.delivered("refund.updated")).event.data.object;
  expect(arrived).toMatchObject({ status: "succeeded" });
});

test.each([
  ["4000000000000259", "fraudulent", "needs_response", [-10_000]],
  ["4000000000002685", "product_not_received", "needs_response", [-10_000]],
  ["4000000000001976", "general", "warning_needs_response", []],
])("the card %s is disputed as %s", async (number, reason, status, amounts) => {
  const stand = await startStand();
  await paid(stand, number);
  const dispute = (await stand.delivered("charge.dispute.created")).event.data.object as Stripe.Dispute;
  expect(dispute).toMatchObject({ reason, status });
  expect(dispute.balance_transactions.map(({ amount }) => amount)).toEqual(amounts);
});

test("the card for early fraud warnings gives one", async () => {
  const stand = await startStand();
  const charge = await paid(stand, "4000000000005423");
  const { event } = await stand.delivered("radar.early_fraud_warning.created");
  expect(event.data.object).toMatchObject({ charge: charge.id, actionable: true });
});

test("a dispute that is won gives the money back, and the charge can be refunded again", async () => {
  const stand = await startStand();
  const charge = await paid(stand);
  const { id } = await stand.control("dispute", { charge: charge.id, amount: 6_000 });
  await expect(stand.stripe.refunds.create({ charge: charge.id }, on)).rejects.toMatchObject({
    code: "charge_disputed",
  });
  await stand.control("dispute/close", { dispute: id, outcome: "won" });
  await stand.delivered("charge.dispute.funds_reinstated");
  const dispute = await stand.stripe.disputes.retrieve(String(id), {}, on);
  expect(dispute.status).toBe("won");
  expect(dispute.balance_transactions.map(({ amount }) => amount)).toEqual([-6_000, 6_000]);
  expect((await stand.stripe.refunds.create({ charge: charge.id }, on)).amount).toBe(10_000);
});

test("the open dispute of a payment can be closed by naming the payment", async () => {
  const stand = await startStand();
  const { payment_intent } = await paid(stand);
  await stand.control("dispute", { payment_intent });
  expect(await stand.control("dispute/close", { payment_intent, outcome: "lost" })).toMatchObject({
    status: "lost",
  });
  expect(await stand.control("dispute/close", { payment_intent, outcome: "lost" })).toMatchObject({
    error: { code: "resource_missing" },
  });
});

test("to close a dispute through the API is to accept it", async () => {
  const stand = await startStand();
  const charge = await paid(stand);
  const { id } = await stand.control("dispute", { payment_intent: charge.payment_intent });
  expect((await stand.stripe.disputes.close(String(id), {}, on)).status).toBe("lost");
  await expect(stand.stripe.disputes.close(String(id), {}, on)).rejects.toMatchObject({ statusCode: 400 });
});

test("a payout lists what it is made of, and it adds up", async () => {
  const stand = await startStand();
  const charge = await paid(stand);
  await paid(stand, undefined, 25_000);
  await stand.stripe.refunds.create({ charge: charge.id, amount: 2_500 }, on);
  const made = await stand.control("payout", { account: OPERATING });
  const { event } = await stand.delivered("payout.paid");
  expect(event.data.object).toMatchObject({
    id: made.id,
    status: "paid",
    trace_id: { status: "supported" },
  });
  await stand.delivered("payout.reconciliation_completed");
  const payout = await stand.stripe.payouts.retrieve(String(made.id), {}, on);
  expect(payout).toMatchObject({ automatic: true, reconciliation_status: "completed" });
  const listed = await stand.stripe.balanceTransactions.list({ payout: payout.id, limit: 100 }, on);
  const contents = listed.data.filter(({ type }) => type !== "payout");
  expect(contents.map(({ type }) => type)).toEqual(["refund", "charge", "charge"]);
  expect(contents.reduce((sum, { net }) => sum + net, 0)).toBe(payout.amount);
  expect(payout.amount).toBe(10_000 - 320 + 25_000 - 755 - 2_500);
});

test("a payout that was paid can come back, and its money is in the next one", async () => {
  const stand = await startStand();
  await paid(stand);
  const first = await stand.control("payout", { account: OPERATING });
  await stand.delivered("payout.paid");
  expect(await stand.control("payout/fail", { payout: first.id })).toMatchObject({ status: "failed" });
  await stand.delivered("payout.failed");
  expect(await stand.control("payout", { account: OPERATING })).toMatchObject({ amount: first.amount });
});

test("an account without money has nothing to pay out", async () => {
  const stand = await startStand();
  expect(await stand.control("payout", { account: TRUST })).toMatchObject({
    error: { code: "balance_insufficient" },
  });
});

test("an account is made with the payer of its fees, updated and listed", async () => {
  const { stripe, delivered } = await startStand();
  const made = await stripe.accounts.create({
    controller: { fees: { payer: "application" } },
    business_profile: { name: "New firm" },
  });
  expect(made).toMatchObject({ charges_enabled: true, controller: { fees: { payer: "application" } } });
  await stripe.accounts.update(made.id, { metadata: { firm: "7" } });
  expect((await delivered("account.updated")).event).toMatchObject({ account: made.id });
  const names = (await stripe.accounts.list({ limit: 2 })).data.map(
    ({ business_profile }) => business_profile?.name,
  );
  expect(names).toEqual(["New firm", "Hale & Brandt IOLTA"]);
  await until(async () => (await stripe.accounts.retrieve(made.id)).metadata?.firm === "7");
});

test("a refund is ended by hand: it arrives, or comes back even after it arrived", async () => {
  const stand = await startStand();
  const charge = await paid(stand);
  const refund = await stand.stripe.refunds.create({ charge: charge.id, amount: 1_000 }, on);
  await stand.control("refund", { refund: refund.id, outcome: "failed" });
  expect(await stand.stripe.refunds.retrieve(refund.id, {}, on)).toMatchObject({ status: "failed" });
  expect(await stand.stripe.charges.retrieve(charge.id, {}, on)).toMatchObject({ amount_refunded: 0 });
  expect(await stand.control("refund", { refund: refund.id, outcome: "succeeded" })).toMatchObject({
    error: { message: expect.stringContaining("This refund is decided") },
  });
});
