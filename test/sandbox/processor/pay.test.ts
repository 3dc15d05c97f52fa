import type Stripe from "stripe";
import { expect, test } from "vitest";
import { card, OPERATING, sessionFor, startStand, TRUST, WEBHOOK_SECRET } from "./stand.ts";

const on = { stripeAccount: OPERATING };

test("a session is paid by card and the webhook verifies with the real library", async () => {
  const { stripe, pay, delivered } = await startStand();
  const session = await stripe.checkout.sessions.create(sessionFor(12_500), on);
  expect(session).toMatchObject({
    status: "open",
    payment_status: "unpaid",
    payment_intent: null,
    amount_total: 12_500,
  });

  const response = await pay(session);
  expect(response.status).toBe(303);
  expect(response.headers.get("location")).toBe(`https://firm.example/paid?session=${session.id}`);

  const { body, header } = await delivered("checkout.session.completed");
  const event = await stripe.webhooks.constructEventAsync(body, header, WEBHOOK_SECRET);
  expect(event).toMatchObject({ account: OPERATING, api_version: "2026-10-28.endive", livemode: false });
  expect(event.data.object).toMatchObject({ id: session.id, status: "complete", payment_status: "paid" });
});

test("a payment's events come in the order in which things happened", async () => {
  const { stripe, pay, delivered, receiver } = await startStand();
  await pay(await stripe.checkout.sessions.create(sessionFor(), on));
  await delivered("checkout.session.completed");
  expect(receiver.received.map(({ event }) => event.type)).toEqual([
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
  ]);
});

test("a session expands down to the balance transaction of its charge", async () => {
  const { stripe, pay } = await startStand();
  const { id } = await stripe.checkout.sessions.create(sessionFor(10_000), on).then(async (session) => {
    await pay(session);
    return session;
  });
  const expand = ["payment_intent.latest_charge.balance_transaction", "line_items"];
  const session = await stripe.checkout.sessions.retrieve(id, { expand }, on);
  const intent = session.payment_intent as Stripe.PaymentIntent;
  const charge = intent.latest_charge as Stripe.Charge;
  expect(intent).toMatchObject({ status: "succeeded", amount_received: 10_000, metadata: { attempt: "1" } });
  expect(charge).toMatchObject({
    status: "succeeded",
    paid: true,
    metadata: { attempt: "1" },
    receipt_email: null,
  });
  expect(charge.payment_method_details?.card).toMatchObject({ last4: "4242", brand: "visa" });
  expect(charge.balance_transaction).toMatchObject({ amount: 10_000, fee: 320, net: 9_680, type: "charge" });
  expect(session.line_items?.data[0]).toMatchObject({ description: "Statement 1042", amount_total: 10_000 });
});

test("an account whose platform pays the fees receives the whole amount", async () => {
  const { stripe, pay } = await startStand();
  const trust = { stripeAccount: TRUST };
  await pay(await stripe.checkout.sessions.create(sessionFor(10_000), trust));
  const { data } = await stripe.balanceTransactions.list({}, trust);
  expect(data).toMatchObject([{ amount: 10_000, fee: 0, fee_details: [], net: 10_000 }]);
  expect((await stripe.accounts.retrieve(TRUST)).controller?.fees?.payer).toBe("application");
});

test("a declined card shows the reason and the session can still be paid with another card", async () => {
  const { stripe, pay, delivered } = await startStand();
  const session = await stripe.checkout.sessions.create(sessionFor(), on);
  const declined = await pay(session, card("4000000000009995"));
  expect(declined.status).toBe(402);
  expect(await declined.text()).toContain("Your card has insufficient funds.");

  const { event } = await delivered("payment_intent.payment_failed");
  expect(event.data.object).toMatchObject({
    status: "requires_payment_method",
    last_payment_error: { code: "card_declined", decline_code: "insufficient_funds", type: "card_error" },
  });
  expect((await delivered("charge.failed")).event.data.object).toMatchObject({
    status: "failed",
    paid: false,
  });
  expect((await stripe.checkout.sessions.retrieve(session.id, {}, on)).status).toBe("open");

  expect((await pay(session)).status).toBe(303);
  const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] }, on);
  expect(paid.payment_intent).toMatchObject({ status: "succeeded", last_payment_error: null });
  const charges = await stripe.charges.list(
    { payment_intent: (paid.payment_intent as Stripe.PaymentIntent).id },
    on,
  );
  expect(charges.data.map(({ status }) => status)).toEqual(["succeeded", "failed"]);
});

test.each([
  ["4000000000000002", "card_declined", "generic_decline"],
  ["4000000000009987", "card_declined", "lost_card"],
  ["4000000000009979", "card_declined", "stolen_card"],
  ["4000000000000069", "expired_card", undefined],
  ["4000000000000127", "incorrect_cvc", undefined],
  ["4000000000000119", "processing_error", undefined],
  ["4111111111111111", "card_declined", "test_mode_live_card"],
])("the card %s is declined with %s %s", async (number, code, declineCode) => {
  const { stripe, pay, delivered } = await startStand();
  expect((await pay(await stripe.checkout.sessions.create(sessionFor(), on), card(number))).status).toBe(402);
  const intent = (await delivered("payment_intent.payment_failed")).event.data.object as Stripe.PaymentIntent;
  expect(intent.last_payment_error?.code).toBe(code);
  expect(intent.last_payment_error?.decline_code).toBe(declineCode);
});

test("a form that is filled in wrongly charges nothing and says what is wrong with each field", async () => {
  const { stripe, pay } = await startStand();
  const session = await stripe.checkout.sessions.create(sessionFor(), on);
  const response = await pay(session, {
    ...card("4242424242424241"),
    expiry: "01/20",
    cvc: "1",
    email: "nobody",
  });
  expect(response.status).toBe(422);
  const page = await response.text();
  for (const words of ["card number is invalid", "in the past", "security code", "Enter an e-mail address"]) {
    expect(page).toContain(words);
  }
  expect((await stripe.charges.list({}, on)).data).toEqual([]);
});

test("3-D Secure goes on to success or back to the page", async () => {
  const { stripe, pay, submit } = await startStand();
  const session = await stripe.checkout.sessions.create(sessionFor(), on);
  const authenticatePath = `/c/pay/${session.id}/authenticate`;
  expect((await pay(session, card("4000002500003155"))).headers.get("location")).toBe(authenticatePath);
  const intents = await stripe.paymentIntents.list({}, on);
  expect(intents.data).toMatchObject([
    { status: "requires_action", next_action: { type: "redirect_to_url" } },
  ]);

  const failed = await submit(authenticatePath, { outcome: "fail" });
  expect(failed.status).toBe(402);
  expect(await failed.text()).toContain("unable to authenticate");
  const [intent] = (await stripe.paymentIntents.list({}, on)).data;
  expect(intent?.last_payment_error?.code).toBe("payment_intent_authentication_failure");

  await pay(session, card("4000002500003155"));
  expect((await submit(authenticatePath, { outcome: "complete" })).status).toBe(303);
  const [charge] = (await stripe.charges.list({}, on)).data;
  expect(charge?.payment_method_details?.card?.three_d_secure?.result).toBe("authenticated");
});

test("3-D Secure can be passed and the card declined all the same", async () => {
  const { stripe, pay, submit } = await startStand();
  const session = await stripe.checkout.sessions.create(sessionFor(), on);
  await pay(session, card("4000008400001629"));
  const response = await submit(`/c/pay/${session.id}/authenticate`, { outcome: "complete" });
  expect(response.status).toBe(402);
  expect((await stripe.paymentIntents.list({}, on)).data[0]?.status).toBe("requires_payment_method");
});

test("two submits at once make exactly one charge", async () => {
  const { stripe, pay } = await startStand();
  const session = await stripe.checkout.sessions.create(sessionFor(), on);
  const responses = await Promise.all(Array.from({ length: 8 }, () => pay(session)));
  expect(responses.map(({ status }) => status).sort()).toEqual([303, ...Array(7).fill(409)]);
  expect((await stripe.charges.list({}, on)).data).toHaveLength(1);
  expect((await stripe.events.list({ type: "checkout.session.completed" }, on)).data).toHaveLength(1);
});

test("a session that was paid says so", async () => {
  const { stripe, pay, origin } = await startStand();
  const session = await stripe.checkout.sessions.create(sessionFor(), on);
  await pay(session);
  const page = await fetch(`${origin}/c/pay/${session.id}`);
  expect(await page.text()).toContain("This has been paid");
});
