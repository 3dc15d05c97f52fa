import { expect, test } from "vitest";
import { bank, card, OPERATING, startStand } from "../sandbox/processor/stand.ts";
import { open, paid, requestFor } from "./checkout.ts";

test("an open session is expired; one that is expired or complete says so", async () => {
  const stand = await startStand();
  const processor = open(stand.origin);
  const { sessionId } = await processor.createCheckout(requestFor());
  for (let index = 0; index < 2; index++)
    expect(await processor.expireCheckout(OPERATING, sessionId)).toMatchObject({ status: "expired" });
  const { session } = await paid(stand, processor, card(), {
    checkoutId: "9c4f0e36-1111-4d1e-9f1c-0d3f0a3f1d11",
  });
  expect(await processor.expireCheckout(OPERATING, session.sessionId)).toMatchObject({
    status: "complete",
    paymentStatus: "paid",
  });
});

test("a paid card payment is read with its fee, its card and its payer", async () => {
  const stand = await startStand();
  const { payment } = await paid(stand, open(stand.origin));
  expect(payment).toMatchObject({
    state: "succeeded",
    amountMinor: 125_000n,
    feeMinor: 3_655n,
    method: "card",
    methodLabel: "Visa ··4242",
    payerName: "Pat Payer",
    refundedMinor: 0n,
    dispute: "none",
    failureReason: undefined,
    paidAt: expect.any(Date),
  });
});

test("a declined card is a failed attempt with a reason and nothing paid", async () => {
  const stand = await startStand();
  const { payment } = await paid(stand, open(stand.origin), card("4000000000000002"));
  expect(payment).toMatchObject({
    state: "failed",
    failureReason: "Your card was declined.",
    triedAt: expect.any(Date),
    feeMinor: 0n,
    paidAt: undefined,
  });
});

test("a bank debit is processing on a session that is complete and unpaid", async () => {
  const stand = await startStand();
  const processor = open(stand.origin);
  const { session, payment } = await paid(stand, processor, bank(), { method: "bank_debit" });
  expect(payment).toMatchObject({
    state: "processing",
    method: "bank_debit",
    methodLabel: "Bank account ··6789",
  });
  expect(await processor.findCheckout(OPERATING, session.sessionId)).toMatchObject({
    status: "complete",
    paymentStatus: "unpaid",
  });
});

test("refunds and disputes are read with the payment", async () => {
  const stand = await startStand();
  const processor = open(stand.origin);
  const { paymentIntentId } = await paid(stand, processor);
  await stand.stripe.refunds.create(
    { payment_intent: paymentIntentId, amount: 1_000 },
    { stripeAccount: OPERATING },
  );
  const dispute = await stand.control("dispute", { payment_intent: paymentIntentId });
  expect(await processor.findPayment(OPERATING, paymentIntentId)).toMatchObject({
    refundedMinor: 1_000n,
    dispute: "open",
  });
  await stand.control("dispute/close", { dispute: dispute.id, outcome: "lost" });
  expect(await processor.findPayment(OPERATING, paymentIntentId)).toMatchObject({ dispute: "lost" });
});

test("the events about money are listed oldest first, from an instant on, up to a limit", async () => {
  const stand = await startStand();
  const processor = open(stand.origin);
  await paid(stand, processor);
  const all = await processor.listEvents(OPERATING, new Date(Date.now() - 60_000), 100);
  expect(all.map(({ type }) => type)).toEqual(["payment_intent.succeeded", "checkout.session.completed"]);
  expect(all.every(({ account }) => account === OPERATING)).toBe(true);
  expect(all[0]?.paymentIntentId).toMatch(/^pi_/);
  expect(all[1]).toMatchObject({ objectKind: "checkout.session", sessionId: expect.stringMatching(/^cs_/) });
  expect(await processor.listEvents(OPERATING, new Date(Date.now() - 60_000), 1)).toEqual(all.slice(0, 1));
  expect(await processor.listEvents(OPERATING, new Date(Date.now() + 60_000), 100)).toEqual([]);
});
