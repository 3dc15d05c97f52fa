import { createServer } from "node:http";
import { expect, test } from "vitest";
import { KEY_REUSED } from "../../src/stripe/refusal.ts";
import { OPERATING, type Stand, startStand } from "../sandbox/processor/stand.ts";
import { open, paid, requestFor } from "./checkout.ts";

const SESSIONS = "/v1/checkout/sessions";
const fault = (stand: Stand, kind: string, count = 1, path = SESSIONS) =>
  stand.control("faults", { kind, count, path });

test("a session is made with our ids on itself and on its payment, and with one method only", async () => {
  const stand = await startStand();
  const { session, payment, paymentIntentId } = await paid(stand, open(stand.origin));
  expect(session).toMatchObject({
    status: "open",
    paymentStatus: "unpaid",
    amountMinor: 125_000n,
    currency: "USD",
  });
  expect(session.url).toContain(stand.origin);
  const { checkoutId, linkId } = requestFor();
  expect([session.checkoutId, payment.checkoutId, payment.linkId]).toEqual([checkoutId, checkoutId, linkId]);
  const on = { stripeAccount: OPERATING };
  const raw = await stand.stripe.checkout.sessions.retrieve(
    session.sessionId,
    { expand: ["line_items"] },
    on,
  );
  expect(raw).toMatchObject({
    payment_method_types: ["card"],
    client_reference_id: checkoutId,
    locale: "en",
    submit_type: "pay",
    metadata: { firm_id: requestFor().firmId },
    line_items: { data: [{ description: "Statement 20391", amount_total: 125_000 }] },
  });
  const intent = await stand.stripe.paymentIntents.retrieve(paymentIntentId, {}, on);
  expect(intent).toMatchObject({ description: "SFP-7K2M9QX Statement 20391", application_fee_amount: null });
});

test("the same checkout twice is one session, the same checkout with another wish is refused", async () => {
  const stand = await startStand();
  const processor = open(stand.origin);
  const request = requestFor();
  const first = await processor.createCheckout(request);
  expect(await processor.createCheckout(request)).toEqual(first);
  await expect(processor.createCheckout({ ...request, amountMinor: 100n })).rejects.toMatchObject({
    kind: "rejected",
    code: KEY_REUSED,
  });
});

test("lost answers are asked for again and make no second session", async () => {
  const stand = await startStand();
  const processor = open(stand.origin);
  await fault(stand, "drop_answer", 3);
  const request = requestFor();
  await expect(processor.createCheckout(request)).rejects.toMatchObject({ kind: "outage" });
  await processor.createCheckout(request);
  const { data } = await stand.stripe.checkout.sessions.list({}, { stripeAccount: OPERATING });
  expect(data).toHaveLength(1);
});

test.each([
  ["no_error_body", 1, "unreadable"],
  ["rate_limit", 1, "outage"],
  ["error", 3, "outage"],
])("an answer of the kind %s is %s", async (kind, count, expected) => {
  const stand = await startStand();
  const processor = open(stand.origin);
  await fault(stand, kind, count);
  await expect(processor.createCheckout(requestFor())).rejects.toMatchObject({
    name: "ProcessorError",
    kind: expected,
  });
});

test.each(["findPayment", "findCheckout", "expireCheckout"] as const)(
  "%s does not take a proxy's JSON for an object",
  async (name) => {
    const stand = await startStand();
    await fault(stand, "no_error_body", 3, "/v1/");
    await expect(open(stand.origin)[name](OPERATING, "pi_1")).rejects.toMatchObject({ kind: "unreadable" });
  },
);

test("listEvents does not take a proxy's JSON for a list", async () => {
  const stand = await startStand();
  await fault(stand, "no_error_body", 1, "/v1/events");
  await expect(open(stand.origin).listEvents(OPERATING, new Date(0), 10)).rejects.toMatchObject({
    kind: "unreadable",
  });
});

test.each(["null", "[]", '"text"', "<html>", "", "{}", "7", "true"])(
  "the body %j is unreadable",
  async (body) => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    try {
      await expect(open(`http://127.0.0.1:${port}`).findPayment(OPERATING, "pi_1")).rejects.toMatchObject({
        name: "ProcessorError",
        kind: "unreadable",
      });
    } finally {
      server.close();
      server.closeAllConnections();
    }
  },
);

test("a wrong key and an account that is not ours are the operator's matter", async () => {
  const stand = await startStand();
  await expect(open(stand.origin, "sk_test_wrong").findPayment(OPERATING, "pi_1")).rejects.toMatchObject({
    kind: "auth",
  });
  await expect(open(stand.origin).findPayment("acct_stranger", "pi_1")).rejects.toMatchObject({
    kind: "auth",
  });
});

test("what is not there is missing, and a server that is not there is an outage", async () => {
  const stand = await startStand();
  const processor = open(stand.origin);
  await expect(processor.findPayment(OPERATING, "pi_none")).rejects.toMatchObject({ kind: "missing" });
  await expect(processor.findCheckout(OPERATING, "cs_none")).rejects.toMatchObject({ kind: "missing" });
  await stand.close();
  await expect(processor.findPayment(OPERATING, "pi_none")).rejects.toMatchObject({ kind: "outage" });
});

test("the port's error quotes nothing of what was asked", async () => {
  const stand = await startStand();
  const error = await open(stand.origin, "sk_test_wrong_0123456789")
    .findPayment(OPERATING, "pi_secret")
    .catch((caught: unknown) => caught);
  expect(String(error)).not.toMatch(/sk_test|pi_secret/);
});
