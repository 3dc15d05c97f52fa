import Stripe from "stripe";
import { expect, test } from "vitest";
import { client, OPERATING, SECRET_KEY, type Stand, sessionFor, startStand, TRUST } from "./stand.ts";

const on = { stripeAccount: OPERATING };

function portOf(stand: Stand): number {
  return Number(new URL(stand.origin).port);
}

/** A request as no library would send it. */
async function raw(stand: Stand, path: string, form?: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${stand.origin}${path}`, {
    method: form === undefined ? "GET" : "POST",
    headers: {
      authorization: `Bearer ${SECRET_KEY}`,
      "stripe-account": OPERATING,
      ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      ...headers,
    },
    ...(form === undefined ? {} : { body: form }),
  });
  return { response, body: (await response.json()) as Record<string, Record<string, unknown>> };
}

const INTENT = "amount=1000&currency=usd";

test("a wrong key and a missing key are 401", async () => {
  const stand = await startStand();
  const wrong = new Stripe("sk_test_wrong", { host: "127.0.0.1", port: portOf(stand), protocol: "http" });
  await expect(wrong.events.list()).rejects.toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
  const { response, body } = await raw(stand, "/v1/events", undefined, { authorization: "" });
  expect(response.status).toBe(401);
  expect(body.error).toMatchObject({ type: "invalid_request_error" });
});

test("answers carry the request's id, its account and its API version", async () => {
  const { stripe } = await startStand();
  const { lastResponse } = await stripe.events.list({}, on);
  expect(lastResponse.requestId).toMatch(/^req_/);
  expect(lastResponse.apiVersion).toBe("2026-10-28.endive");
  expect(lastResponse.stripeAccount).toBe(OPERATING);
});

test.each([
  ["payment_method_types[0]=card", "payment_method_types_no_longer_supported", "payment_method_types"],
  ["ui_mode=hosted", undefined, "ui_mode"],
  ["ui_mode=embedded", undefined, "ui_mode"],
  ["ui_mode=custom", undefined, "ui_mode"],
  ["colour=blue", "parameter_unknown", "colour"],
  ["payment_intent_data[colour]=blue", "parameter_unknown", "payment_intent_data[colour]"],
  ["line_items[0][quantity]=x", "parameter_invalid_integer", "line_items[0][quantity]"],
  ["client_reference_id=", "parameter_invalid_empty", "client_reference_id"],
  [`client_reference_id=${"x".repeat(201)}`, undefined, "client_reference_id"],
  ["expires_at=1", undefined, "expires_at"],
  ["expires_at=99999999999", undefined, "expires_at"],
  ["line_items[0][price_data][unit_amount]=49", "amount_too_small", "line_items"],
  ["success_url=", "parameter_invalid_empty", "success_url"],
  [`metadata[${"k".repeat(41)}]=v`, undefined, "metadata"],
  [
    "allowed_payment_method_types[0]=ideal",
    "payment_intent_invalid_parameter",
    "allowed_payment_method_types",
  ],
])("a session with %s is refused", async (parameter, code, param) => {
  const stand = await startStand();
  const price = "line_items[0][price_data]";
  const item = `${price}[currency]=usd&${price}[unit_amount]=1000&${price}[product_data][name]=A`;
  const form = `${item}&line_items[0][quantity]=1&success_url=https://firm.example&${parameter}`;
  const { response, body } = await raw(stand, "/v1/checkout/sessions", form);
  expect(response.status).toBe(400);
  expect(body.error?.param).toBe(param);
  expect(body.error?.code).toBe(code);
  expect(body.error?.type).toBe("invalid_request_error");
});

test("a required parameter that is missing is named", async () => {
  const stand = await startStand();
  const { body } = await raw(stand, "/v1/payment_intents", "amount=1000");
  expect(body.error).toMatchObject({
    code: "parameter_missing",
    param: "currency",
    message: "Missing required param: currency.",
  });
});

test("an unknown path is 404 in the shape of an error", async () => {
  const stand = await startStand();
  const { response, body } = await raw(stand, "/v1/unicorns");
  expect(response.status).toBe(404);
  expect(body.error?.message).toContain("Unrecognized request URL (GET: /v1/unicorns)");
});

test("only what can be expanded is expanded", async () => {
  const { stripe } = await startStand();
  const session = await stripe.checkout.sessions.create(sessionFor(), on);
  await expect(stripe.checkout.sessions.retrieve(session.id, { expand: ["status"] }, on)).rejects.toThrow(
    "This property cannot be expanded (status).",
  );
  const list = await stripe.checkout.sessions.list({ expand: ["data.line_items"] }, on);
  expect(list.data[0]?.line_items?.data).toHaveLength(1);
});

test("lists are paged by cursor, newest first, and filtered by the time of creation", async () => {
  const { stripe } = await startStand();
  const ids: string[] = [];
  for (const amount of [100, 200, 300, 400, 500]) {
    ids.unshift((await stripe.paymentIntents.create({ amount, currency: "usd" }, on)).id);
  }
  const first = await stripe.paymentIntents.list({ limit: 2 }, on);
  expect(first).toMatchObject({ has_more: true, url: "/v1/payment_intents" });
  const seen: string[] = [];
  for await (const { id } of stripe.paymentIntents.list({ limit: 2 }, on)) seen.push(id);
  expect(seen).toEqual(ids);
  const before = await stripe.paymentIntents.list({ limit: 2, ending_before: ids[3] ?? "" }, on);
  expect(before.data.map(({ id }) => id)).toEqual(ids.slice(1, 3));
  const later = Math.floor(Date.now() / 1000) + 60;
  expect((await stripe.paymentIntents.list({ created: { gt: later } }, on)).data).toEqual([]);
  expect((await stripe.paymentIntents.list({ created: { lte: later } }, on)).data).toHaveLength(5);
});

test("line items can be listed by themselves", async () => {
  const { stripe } = await startStand();
  const session = await stripe.checkout.sessions.create(sessionFor(900), on);
  const items = await stripe.checkout.sessions.listLineItems(session.id, {}, on);
  expect(items.data).toMatchObject([{ object: "item", amount_total: 900, price: { unit_amount: 900 } }]);
});

test("the same key and parameters make one object and replay its answer", async () => {
  const { stripe } = await startStand();
  const options = { ...on, idempotencyKey: "attempt-1" };
  const first = await stripe.checkout.sessions.create(sessionFor(), options);
  const again = await stripe.checkout.sessions.create(sessionFor(), options);
  expect(again.id).toBe(first.id);
  expect(first.lastResponse.headers["idempotent-replayed"]).toBeUndefined();
  expect(again.lastResponse.headers["idempotent-replayed"]).toBe("true");
  expect((await stripe.checkout.sessions.list({}, on)).data).toHaveLength(1);
});

test("the same key with other parameters is an idempotency error", async () => {
  const { stripe } = await startStand();
  const options = { ...on, idempotencyKey: "attempt-1" };
  await stripe.checkout.sessions.create(sessionFor(1_000), options);
  await expect(stripe.checkout.sessions.create(sessionFor(2_000), options)).rejects.toBeInstanceOf(
    Stripe.errors.StripeIdempotencyError,
  );
});

test("the same key on another account is another request", async () => {
  const { stripe } = await startStand();
  const first = await stripe.checkout.sessions.create(sessionFor(), { ...on, idempotencyKey: "k" });
  const other = await stripe.checkout.sessions.create(sessionFor(), {
    stripeAccount: TRUST,
    idempotencyKey: "k",
  });
  expect(other.id).not.toBe(first.id);
});

test("a refused request does not use its key up, a failed one does", async () => {
  const stand = await startStand();
  const headers = { "idempotency-key": "once" };
  expect((await raw(stand, "/v1/payment_intents", "amount=x&currency=usd", headers)).response.status).toBe(
    400,
  );
  expect((await raw(stand, "/v1/payment_intents", INTENT, headers)).response.status).toBe(200);

  await stand.control("faults", { kind: "error", count: 1, path: "/v1/payment_intents" });
  const failed = { "idempotency-key": "broken" };
  expect((await raw(stand, "/v1/payment_intents", INTENT, failed)).response.status).toBe(500);
  const replayed = await raw(stand, "/v1/payment_intents", INTENT, failed);
  expect(replayed.response.status).toBe(500);
  expect(replayed.response.headers.get("idempotent-replayed")).toBe("true");
  expect((await stand.stripe.paymentIntents.list({}, on)).data).toHaveLength(1);
});

test("a key whose first request is still running is 409", async () => {
  const stand = await startStand();
  await stand.control("faults", { kind: "latency", milliseconds: 300, path: "/v1/payment_intents" });
  const headers = { "idempotency-key": "busy" };
  const answers = await Promise.all([
    raw(stand, "/v1/payment_intents", INTENT, headers),
    raw(stand, "/v1/payment_intents", INTENT, headers),
  ]);
  expect(answers.map(({ response }) => response.status).sort()).toEqual([200, 409]);
  const conflict = answers.find(({ response }) => response.status === 409);
  expect(conflict?.body.error).toMatchObject({
    type: "idempotency_error",
    code: "idempotency_key_in_use",
  });
});

test("a key is forgotten after a day and then makes a second object", async () => {
  let now = Date.now();
  const { stripe } = await startStand({ now: () => now });
  const params = { amount: 1000, currency: "usd" };
  const first = await stripe.paymentIntents.create(params, { ...on, idempotencyKey: "old" });
  now += 24 * 60 * 60 * 1000 + 1;
  const second = await stripe.paymentIntents.create(params, { ...on, idempotencyKey: "old" });
  expect(second.id).not.toBe(first.id);
});

test("an answer that is lost is fetched again by the library, and nothing is made twice", async () => {
  const stand = await startStand();
  await stand.control("faults", { kind: "drop_answer", count: 1, path: "/v1/checkout/sessions" });
  const session = await stand.stripe.checkout.sessions.create(sessionFor(), on);
  expect(session.lastResponse.headers["idempotent-replayed"]).toBe("true");
  expect((await stand.stripe.checkout.sessions.list({}, on)).data).toHaveLength(1);
});

test("the library's own key covers one call only: calling again makes a second object", async () => {
  const stand = await startStand();
  const impatient = client(portOf(stand), { timeout: 100, maxNetworkRetries: 0 });
  await stand.control("faults", { kind: "latency", milliseconds: 300, path: "/v1/payment_intents" });
  const params = { amount: 1000, currency: "usd" };
  const lost = impatient.paymentIntents.create(params, on);
  await expect(lost).rejects.toBeInstanceOf(Stripe.errors.StripeConnectionError);
  await impatient.paymentIntents.create(params, { ...on, timeout: 5_000 });
  // The first call took effect after the library had given up on it.
  await expect.poll(async () => (await stand.stripe.paymentIntents.list({}, on)).data.length).toBe(2);
});

test("the library takes a JSON answer without an error key for a success, whatever its status", async () => {
  const stand = await startStand();
  await stand.control("faults", { kind: "no_error_body", count: 1, path: "/v1/checkout/sessions" });
  const session = await stand.stripe.checkout.sessions.create(sessionFor(), on);
  expect(session.lastResponse.statusCode).toBe(404);
  expect(session.object).toBeUndefined();
  expect(session.id).toBeUndefined();
});

test("the library does not try again after 429", async () => {
  const stand = await startStand();
  await stand.control("faults", { kind: "rate_limit", count: 2, path: "/v1/payment_intents" });
  const limited = stand.stripe.paymentIntents.create({ amount: 1000, currency: "usd" }, on);
  await expect(limited).rejects.toMatchObject({
    type: "StripeRateLimitError",
    statusCode: 429,
    headers: { "stripe-rate-limited-reason": "endpoint-rate" },
  });
  // One of the two is left: the library made one call.
  await expect(stand.stripe.paymentIntents.list({}, on)).rejects.toMatchObject({ statusCode: 429 });
  expect((await stand.stripe.paymentIntents.list({}, on)).data).toEqual([]);
});

test("the health of the stand-in can be asked for", async () => {
  const { origin } = await startStand();
  expect(await (await fetch(`${origin}/control/health`)).json()).toEqual({ healthy: true });
});
