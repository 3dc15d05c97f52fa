import type Stripe from "stripe";
import { expect, test } from "vitest";
import { bank, OPERATING, type Stand, sessionFor, startStand, until } from "./stand.ts";

const on = { stripeAccount: OPERATING };

async function debit(
  stand: Stand,
  accountNumber?: string,
  amount = 200_000,
): Promise<Stripe.Checkout.Session> {
  const session = await stand.stripe.checkout.sessions.create(sessionFor(amount), on);
  expect((await stand.pay(session, bank(accountNumber))).status).toBe(303);
  return stand.stripe.checkout.sessions.retrieve(
    session.id,
    { expand: ["payment_intent.latest_charge"] },
    on,
  );
}

test("a bank debit leaves the session complete and unpaid until it settles", async () => {
  const stand = await startStand();
  const session = await debit(stand);
  expect(session).toMatchObject({ status: "complete", payment_status: "unpaid" });
  expect(session.payment_intent).toMatchObject({
    status: "processing",
    latest_charge: { status: "pending", balance_transaction: null },
  });
  await stand.delivered("payment_intent.processing");

  await stand.control("settle", { session: session.id });
  const { event } = await stand.delivered("checkout.session.async_payment_succeeded");
  expect(event.data.object).toMatchObject({ id: session.id, payment_status: "paid" });
  const [transaction] = (await stand.stripe.balanceTransactions.list({}, on)).data;
  // 0.8 % would be 1600 cents; the fee of a bank debit stops at 500.
  expect(transaction).toMatchObject({ type: "payment", amount: 200_000, fee: 500, net: 199_500 });
});

test("a bank debit settles by itself after its delay", async () => {
  const stand = await startStand({ bankDebitDelayMilliseconds: 20 });
  const session = await debit(stand, undefined, 10_000);
  await stand.delivered("checkout.session.async_payment_succeeded");
  expect((await stand.stripe.checkout.sessions.retrieve(session.id, {}, on)).payment_status).toBe("paid");
  expect((await stand.stripe.balanceTransactions.list({}, on)).data[0]?.fee).toBe(80);
});

test.each([
  ["000111111113", "account_closed"],
  ["000111111116", "no_account"],
  ["000222222227", "insufficient_funds"],
  ["000333333335", "debit_not_authorized"],
  ["000444444440", "payment_method_currency_mismatch"],
  ["000777777771", "charge_exceeds_source_limit"],
  ["000888888885", "bank_account_unusable"],
])("a debit of the account %s fails later with %s", async (number, code) => {
  const stand = await startStand({ bankDebitDelayMilliseconds: 0 });
  const session = await debit(stand, number);
  const { event } = await stand.delivered("checkout.session.async_payment_failed");
  expect(event.data.object).toMatchObject({ id: session.id, status: "complete", payment_status: "unpaid" });
  const failed = (await stand.delivered("payment_intent.payment_failed")).event.data
    .object as Stripe.PaymentIntent;
  expect(failed).toMatchObject({ status: "requires_payment_method", last_payment_error: { code } });
  expect((await stand.stripe.balanceTransactions.list({}, on)).data).toEqual([]);
});

test.each(["000000004954", "000666666661"])("the account %s is refused on the page", async (number) => {
  const stand = await startStand();
  const session = await stand.stripe.checkout.sessions.create(sessionFor(), on);
  expect((await stand.pay(session, bank(number))).status).toBe(402);
  expect((await stand.stripe.checkout.sessions.retrieve(session.id, {}, on)).status).toBe("open");
});

test("one account stays processing until it is settled by hand", async () => {
  const stand = await startStand({ bankDebitDelayMilliseconds: 0 });
  const stays = await debit(stand, "000000000009");
  const settles = await debit(stand);
  await until(
    async () => (await stand.stripe.checkout.sessions.retrieve(settles.id, {}, on)).payment_status === "paid",
  );
  expect((await stand.stripe.checkout.sessions.retrieve(stays.id, {}, on)).payment_status).toBe("unpaid");
  const intent = (stays.payment_intent as Stripe.PaymentIntent).id;
  await expect(stand.stripe.paymentIntents.cancel(intent, {}, on)).rejects.toMatchObject({ statusCode: 400 });
  expect(await stand.control("settle", { payment_intent: intent })).toMatchObject({ status: "succeeded" });
});

test("a debit that comes back after it succeeded is a dispute that is lost at once", async () => {
  const stand = await startStand({ bankDebitDelayMilliseconds: 0 });
  await debit(stand, "000555555559", 50_000);
  await stand.delivered("charge.dispute.closed");
  const [dispute] = (await stand.stripe.disputes.list({}, on)).data;
  expect(dispute).toMatchObject({ status: "lost", reason: "insufficient_funds", amount: 50_000 });
  expect(dispute?.balance_transactions).toMatchObject([{ type: "adjustment", amount: -50_000, fee: 1500 }]);
  await stand.delivered("charge.dispute.created");
  await stand.delivered("charge.dispute.funds_withdrawn");
  await expect(stand.stripe.refunds.create({ charge: String(dispute?.charge) }, on)).rejects.toMatchObject({
    code: "charge_disputed",
  });
});

test("a bank debit is offered only where the session allows it", async () => {
  const stand = await startStand();
  const cardOnly = { ...sessionFor(), allowed_payment_method_types: ["card", "ideal"] };
  const session = await stand.stripe.checkout.sessions.create(
    cardOnly as Stripe.Checkout.SessionCreateParams,
    on,
  );
  expect(session.payment_method_types).toEqual(["card"]);
  // The form of a method that is not allowed is read as the card form it is not.
  expect((await stand.pay(session, bank())).status).toBe(422);
  const page = await (await fetch(`${stand.origin}/c/pay/${session.id}`)).text();
  expect(page).not.toContain("US bank account");
});
