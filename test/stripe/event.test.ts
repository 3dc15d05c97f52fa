import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { openProcessor } from "../../src/stripe/client.ts";

const NOW = new Date("2026-11-20T15:00:00Z");
const SECONDS = NOW.getTime() / 1000;
const BODY = JSON.stringify({
  id: "evt_1",
  object: "event",
  type: "payment_intent.succeeded",
  account: "acct_1",
  created: SECONDS - 5,
  data: { object: { id: "pi_1", object: "payment_intent" } },
});

const processor = openProcessor({
  STRIPE_SECRET_KEY: "sk_test_none",
  STRIPE_API_BASE: "https://api.stripe.com",
  STRIPE_WEBHOOK_SECRET: "whsec_new whsec_old",
});

const hmac = (secret: string, at: number, body = BODY) =>
  createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
const sign = (secret: string, at = SECONDS, body = BODY) => `t=${at},v1=${hmac(secret, at, body)}`;

test.each(["whsec_new", "whsec_old"])(
  "an event signed with %s is ours while secrets are replaced",
  async (secret) => {
    expect(await processor.verifyEvent(BODY, sign(secret), NOW)).toEqual({
      id: "evt_1",
      type: "payment_intent.succeeded",
      account: "acct_1",
      createdAt: new Date(NOW.getTime() - 5_000),
      objectKind: "payment_intent",
      objectId: "pi_1",
      paymentIntentId: "pi_1",
      sessionId: undefined,
    });
  },
);

test("one good signature among others is enough", async () => {
  const header = `t=${SECONDS},v0=00,v1=${"0".repeat(64)},v1=${hmac("whsec_new", SECONDS)}`;
  expect(await processor.verifyEvent(BODY, header, NOW)).toMatchObject({ id: "evt_1" });
});

test.each([-300, -299, 0, 59, 60])("a signature %i seconds from now is in time", async (offset) => {
  expect(await processor.verifyEvent(BODY, sign("whsec_new", SECONDS + offset), NOW)).toMatchObject({
    id: "evt_1",
  });
});

test.each([-301, -86_400, 61, 86_400])("a signature %i seconds from now is refused", async (offset) => {
  await expect(processor.verifyEvent(BODY, sign("whsec_new", SECONDS + offset), NOW)).rejects.toMatchObject({
    name: "ProcessorError",
    kind: "rejected",
  });
});

test.each([
  ["no header", undefined],
  ["an empty header", ""],
  ["an unknown secret", sign("whsec_other")],
  ["both secrets as one", sign("whsec_new whsec_old")],
  ["another body", sign("whsec_new", SECONDS, `${BODY} `)],
  ["another time", `t=${SECONDS + 1},v1=${hmac("whsec_new", SECONDS)}`],
  ["the older scheme only", `t=${SECONDS},v0=${hmac("whsec_new", SECONDS)}`],
  ["no time", `v1=${hmac("whsec_new", SECONDS)}`],
  ["a time that is no number", `t=soon,v1=${hmac("whsec_new", SECONDS)}`],
  ["no signature", `t=${SECONDS}`],
])("a delivery with %s is refused", async (_name, header) => {
  await expect(processor.verifyEvent(BODY, header, NOW)).rejects.toMatchObject({ kind: "rejected" });
});

test("a second time in the header cannot make an old signature young", async () => {
  const old = SECONDS - 86_400;
  const future = SECONDS + 86_400;
  for (const header of [
    `t=${SECONDS},t=${old},v1=${hmac("whsec_new", old)}`,
    `t=${old},t=${SECONDS},v1=${hmac("whsec_new", old)}`,
    `t=${SECONDS},t=${future},v1=${hmac("whsec_new", future)}`,
    `t=${future},t=${SECONDS},v1=${hmac("whsec_new", future)}`,
  ])
    await expect(processor.verifyEvent(BODY, header, NOW), header).rejects.toMatchObject({
      kind: "rejected",
    });
});

test.each([
  [
    "checkout.session",
    { id: "cs_1", payment_intent: null },
    { sessionId: "cs_1", paymentIntentId: undefined },
  ],
  ["charge", { id: "ch_1", payment_intent: "pi_2" }, { sessionId: undefined, paymentIntentId: "pi_2" }],
  ["dispute", { id: "du_1", payment_intent: { id: "pi_3" } }, { paymentIntentId: "pi_3" }],
  ["payout", { id: "po_1" }, { paymentIntentId: undefined, sessionId: undefined }],
])("an event about a %s says where its payment is found", async (object, subject, expected) => {
  const body = JSON.stringify({ ...JSON.parse(BODY), data: { object: { object, ...subject } } });
  expect(await processor.verifyEvent(body, sign("whsec_new", SECONDS, body), NOW)).toMatchObject(expected);
});

test("a thin event is refused", async () => {
  const body = JSON.stringify({ id: "evt_2", object: "v2.core.event" });
  await expect(processor.verifyEvent(body, sign("whsec_new", SECONDS, body), NOW)).rejects.toMatchObject({
    kind: "rejected",
  });
});
