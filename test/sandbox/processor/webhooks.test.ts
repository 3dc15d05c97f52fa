import Stripe from "stripe";
import { expect, test } from "vitest";
import {
  OPERATING,
  type Stand,
  sessionFor,
  startReceiver,
  startStand,
  until,
  WEBHOOK_SECRET,
} from "./stand.ts";

const on = { stripeAccount: OPERATING };

async function pay(stand: Stand): Promise<void> {
  await stand.pay(await stand.stripe.checkout.sessions.create(sessionFor(), on));
}

test("a delivery is signed over the timestamp and the raw body", async () => {
  const stand = await startStand();
  await pay(stand);
  const { body, header } = await stand.delivered("charge.succeeded");
  expect(header).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
  const { webhooks } = stand.stripe;
  await expect(webhooks.constructEventAsync(`${body} `, header, WEBHOOK_SECRET)).rejects.toBeInstanceOf(
    Stripe.errors.StripeSignatureVerificationError,
  );
  await expect(webhooks.constructEventAsync(body, header, "whsec_other")).rejects.toThrow();
});

test("a delivery that is not confirmed is tried again until it is", async () => {
  const stand = await startStand();
  stand.receiver.answer.status = 500;
  await pay(stand);
  const first = await stand.delivered("charge.succeeded");
  const failing = await stand.stripe.events.list({ delivery_success: false }, on);
  expect(failing.data.map(({ id }) => id)).toContain(first.event.id);
  stand.receiver.answer.status = 200;
  await until(
    async () => (await stand.stripe.events.retrieve(first.event.id, {}, on)).pending_webhooks === 0,
  );
  await until(
    async () => (await stand.stripe.events.list({ delivery_success: false }, on)).data.length === 0,
  );
});

test("a delivery is given up after its last attempt and can be sent again", async () => {
  const stand = await startStand({ retryDelaysMilliseconds: [5] });
  stand.receiver.answer.status = 302;
  await pay(stand);
  const { event } = await stand.delivered("checkout.session.completed");
  const copies = () => stand.receiver.received.filter((received) => received.event.id === event.id);
  await until(() => copies().length === 2);
  stand.receiver.answer.status = 200;
  expect(await stand.control("resend", { event: event.id })).toEqual({ event: event.id, deliveries: 1 });
  await until(() => copies().length === 3);
  await until(async () => (await stand.stripe.events.retrieve(event.id, {}, on)).pending_webhooks === 0);
});

test("the switch for duplicates sends each event as often", async () => {
  const stand = await startStand();
  await stand.control("webhooks", { duplicate: 3 });
  await pay(stand);
  await until(() => stand.receiver.received.length === 12);
  expect(new Set(stand.receiver.received.map(({ event }) => event.id)).size).toBe(4);
});

test("the switch for disorder sends the later events first", async () => {
  const disorder = 1_000;
  let now = Math.ceil(Date.now() / disorder) * disorder;
  const stand = await startStand({ now: () => now });
  await stand.control("webhooks", { disorder });
  await pay(stand);
  expect(stand.receiver.received).toEqual([]);
  now += disorder;
  await until(() => stand.receiver.received.length === 4);
  expect(stand.receiver.received.map(({ event }) => event.type)).toEqual([
    "checkout.session.completed",
    "payment_intent.succeeded",
    "charge.succeeded",
    "payment_intent.created",
  ]);
});

test("the switch for delay holds deliveries back", async () => {
  const stand = await startStand();
  await stand.control("webhooks", { delay_milliseconds: 300 });
  const before = Date.now();
  await pay(stand);
  expect((await stand.delivered("payment_intent.created")).at - before).toBeGreaterThanOrEqual(300);
});

test("while deliveries are stopped no webhook comes, but the events can be listed", async () => {
  const stand = await startStand();
  await stand.control("webhooks", { stopped: true });
  await pay(stand);
  await stand.control("webhooks", { stopped: false });
  await stand.stripe.paymentIntents.create({ amount: 500, currency: "usd" }, on);
  const { event } = await until(() => stand.receiver.received[0]);
  // The later intent's event came; those of the payment before it never will.
  expect(event.data.object).toMatchObject({ amount: 500 });
  const types = ["checkout.session.completed", "charge.*"];
  const missed = await stand.stripe.events.list({ types, delivery_success: false }, on);
  expect(missed.data.map(({ type }) => type)).toEqual(["checkout.session.completed", "charge.succeeded"]);
});

test("the library accepts a signature from the future: the receiver must look at the time", async () => {
  const stand = await startStand();
  await stand.control("webhooks", { clock_skew_seconds: 3_600 });
  await pay(stand);
  const { body, header } = await stand.delivered("charge.succeeded");
  const ahead = Number(/t=(\d+)/.exec(header)?.[1]) - Date.now() / 1000;
  expect(ahead).toBeGreaterThan(3_500);
  // The tolerance of 300 seconds holds for the past only.
  await expect(
    stand.stripe.webhooks.constructEventAsync(body, header, WEBHOOK_SECRET),
  ).resolves.toBeDefined();
});

test("the library refuses a signature that is older than its tolerance", async () => {
  const stand = await startStand();
  await stand.control("webhooks", { clock_skew_seconds: -3_600 });
  await pay(stand);
  const { body, header } = await stand.delivered("charge.succeeded");
  await expect(stand.stripe.webhooks.constructEventAsync(body, header, WEBHOOK_SECRET)).rejects.toThrow(
    /outside the tolerance/,
  );
});

test("an event names the request and the idempotency key that caused it", async () => {
  const stand = await startStand();
  const session = await stand.stripe.checkout.sessions.create(sessionFor(), on);
  const expired = await stand.stripe.checkout.sessions.expire(
    session.id,
    {},
    { ...on, idempotencyKey: "expire-1" },
  );
  const { event } = await stand.delivered("checkout.session.expired");
  expect(event.request).toEqual({ id: expired.lastResponse.requestId, idempotency_key: "expire-1" });
});

test("an endpoint of the platform hears nothing of connected accounts, and the other way round", async () => {
  const stand = await startStand();
  const platform = await startReceiver();
  await stand.stripe.webhookEndpoints.create({
    url: platform.url,
    enabled_events: ["payment_intent.created"],
  });
  await stand.stripe.paymentIntents.create({ amount: 700, currency: "usd" });
  await stand.stripe.paymentIntents.create({ amount: 800, currency: "usd" }, on);
  const [own] = await until(() => platform.received.length > 0 && platform.received);
  expect(own?.event.account).toBeUndefined();
  expect((await stand.delivered("payment_intent.created")).event).toMatchObject({ account: OPERATING });
  expect(platform.received).toHaveLength(1);
  expect(stand.receiver.received).toHaveLength(1);
});

test("an endpoint shows its secret once, can be changed, disabled and deleted", async () => {
  const { stripe } = await startStand();
  const wish = { url: "https://firm.example/hooks", enabled_events: ["*" as const], connect: true };
  const made = await stripe.webhookEndpoints.create(wish);
  expect(made.secret).toMatch(/^whsec_/);
  expect(await stripe.webhookEndpoints.retrieve(made.id)).not.toHaveProperty("secret");
  const changed = await stripe.webhookEndpoints.update(made.id, { disabled: true, description: "Firm" });
  expect(changed).toMatchObject({ status: "disabled", description: "Firm" });
  expect((await stripe.webhookEndpoints.list()).data).toHaveLength(2);
  expect(await stripe.webhookEndpoints.del(made.id)).toMatchObject({ deleted: true });
  await expect(stripe.webhookEndpoints.retrieve(made.id)).rejects.toMatchObject({ code: "resource_missing" });
});
