import Stripe from "stripe";
import { expect, test } from "vitest";
import { card, OPERATING, sessionFor, startStand, TRUST, temporaryFolder, until } from "./stand.ts";

const on = { stripeAccount: OPERATING };

test("an expired session cannot be paid and its intent is canceled", async () => {
  const { stripe, pay, delivered } = await startStand();
  const session = await stripe.checkout.sessions.create(sessionFor(), on);
  await pay(session, card("4000000000000002"));
  expect(await stripe.checkout.sessions.expire(session.id, {}, on)).toMatchObject({
    status: "expired",
    url: null,
  });
  const response = await pay(session);
  expect(response.status).toBe(409);
  expect(await response.text()).toContain("expired");
  expect((await delivered("payment_intent.canceled")).event.data.object).toMatchObject({
    cancellation_reason: "expired",
  });
  await delivered("checkout.session.expired");
  await expect(stripe.checkout.sessions.expire(session.id, {}, on)).rejects.toMatchObject({
    statusCode: 400,
    message: expect.stringContaining('Only Checkout Sessions with a status in ["open"] can be expired'),
  });
});

test("a session times out by itself", async () => {
  let now = Date.now();
  const { stripe, pay, delivered } = await startStand({ now: () => now });
  const expiresAt = Math.floor(now / 1000) + 30 * 60;
  const session = await stripe.checkout.sessions.create({ ...sessionFor(), expires_at: expiresAt }, on);
  now += 30 * 60 * 1000;
  expect((await delivered("checkout.session.expired")).event.data.object).toMatchObject({ id: session.id });
  expect((await pay(session)).status).toBe(409);
});

test("an intent of an open session cannot be canceled by itself, one without a session can", async () => {
  const { stripe, pay } = await startStand();
  await pay(await stripe.checkout.sessions.create(sessionFor(), on), card("4000000000000002"));
  const [intent] = (await stripe.paymentIntents.list({}, on)).data;
  const code = "payment_intent_unexpected_state";
  await expect(stripe.paymentIntents.cancel(intent?.id ?? "", {}, on)).rejects.toMatchObject({ code });
  const alone = await stripe.paymentIntents.create({ amount: 1000, currency: "usd" }, on);
  const canceled = await stripe.paymentIntents.cancel(alone.id, { cancellation_reason: "duplicate" }, on);
  expect(canceled).toMatchObject({ status: "canceled", cancellation_reason: "duplicate" });
  await expect(stripe.paymentIntents.cancel(alone.id, {}, on)).rejects.toMatchObject({
    statusCode: 400,
    code,
  });
});

test("objects live on their account only", async () => {
  const { stripe, pay } = await startStand();
  const session = await stripe.checkout.sessions.create(sessionFor(), on);
  await pay(session);
  const missing = { statusCode: 404, code: "resource_missing" };
  await expect(
    stripe.checkout.sessions.retrieve(session.id, {}, { stripeAccount: TRUST }),
  ).rejects.toMatchObject(missing);
  await expect(stripe.checkout.sessions.retrieve(session.id)).rejects.toMatchObject(missing);
  expect((await stripe.charges.list({}, { stripeAccount: TRUST })).data).toEqual([]);
  await expect(stripe.charges.list({}, { stripeAccount: "acct_nobody" })).rejects.toBeInstanceOf(
    Stripe.errors.StripePermissionError,
  );
});

test("what was committed is there after a restart, and what was planned goes on", async () => {
  const data = temporaryFolder();
  const first = await startStand({ data });
  await first.control("webhooks", { delay_milliseconds: 3_600_000 });
  const session = await first.stripe.checkout.sessions.create(sessionFor(), on);
  await first.pay(session);
  await first.close();

  const second = await startStand({ data, now: () => Date.now() + 3_600_000 });
  const found = await second.stripe.checkout.sessions.retrieve(session.id, {}, on);
  expect(found.payment_status).toBe("paid");
  await until(() => second.receiver.received.length === 4);
});
