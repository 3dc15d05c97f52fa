import type Stripe from "stripe";
import { expect, test } from "vitest";
import { readPayment, readSession } from "../../src/stripe/read.ts";

const session = (change: Record<string, unknown> = {}) =>
  ({
    id: "cs_1",
    object: "checkout.session",
    status: "open",
    payment_status: "unpaid",
    amount_total: 100,
    currency: "usd",
    payment_intent: null,
    url: "https://checkout.example/c/1",
    metadata: null,
    ...change,
  }) as unknown as Stripe.Checkout.Session;

const intent = (change: Record<string, unknown> = {}) =>
  ({
    id: "pi_1",
    object: "payment_intent",
    status: "requires_payment_method",
    amount: 100,
    amount_received: 0,
    currency: "usd",
    latest_charge: null,
    last_payment_error: null,
    metadata: {},
    ...change,
  }) as unknown as Stripe.PaymentIntent;

const disputes = (...states: string[]) => states.map((status) => ({ status })) as Stripe.Dispute[];

test.each([
  ["a word that came later", { payment_status: "paid_in_part" }, "other"],
  ["paid", { payment_status: "paid" }, "paid"],
  ["nothing to pay", { payment_status: "no_payment_required" }, "other"],
])("a session with %s is never more than it says", (_name, change, expected) => {
  expect(readSession(session(change)).paymentStatus).toBe(expected);
});

test.each([
  ["another object", { object: "payment_intent" }],
  ["no id", { id: undefined }],
  ["an unknown state", { status: "paused" }],
  ["no amount", { amount_total: null }],
  ["half a cent", { amount_total: 100.5 }],
  ["an amount below zero", { amount_total: -1 }],
  ["an amount beyond exact numbers", { amount_total: 2 ** 53 }],
  ["an amount in words", { amount_total: "100" }],
  ["no currency", { currency: null }],
])("a session with %s is unreadable", (_name, change) => {
  expect(() => readSession(session(change))).toThrow(expect.objectContaining({ kind: "unreadable" }));
});

test.each([
  ["succeeded", "succeeded"],
  ["processing", "processing"],
  ["canceled", "cancelled"],
  ["requires_payment_method", "open"],
  ["requires_confirmation", "open"],
  ["requires_action", "open"],
  ["requires_capture", "other"],
  ["a_word_that_came_later", "other"],
])("an intent that is %s is %s", (status, expected) => {
  expect(readPayment(intent({ status, amount_received: 100 }), []).state).toBe(expected);
});

test.each([
  [[], "none"],
  [["warning_closed"], "none"],
  [["prevented"], "none"],
  [["won"], "won"],
  [["lost", "won"], "lost"],
  [["won", "needs_response", "lost"], "open"],
  [["warning_needs_response"], "open"],
  [["appeal_under_review"], "open"],
  [["a_word_that_came_later"], "open"],
])("disputes that are %j together are %s", (states, expected) => {
  expect(readPayment(intent(), disputes(...states)).dispute).toBe(expected);
});

test("of a payment that succeeded the amount received counts", () => {
  expect(readPayment(intent({ status: "succeeded", amount_received: 60 }), []).amountMinor).toBe(60n);
});
