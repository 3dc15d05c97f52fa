import { listFields, pageOf } from "./api/list.ts";
import { nothing, oneOf, shape } from "./api/parameters.ts";
import { notAllowed } from "./api/problems.ts";
import { type Route, route } from "./api/route.ts";
import { move } from "./balance.ts";
import { type Context, seconds } from "./context.ts";
import type { BalanceTransaction, Payout } from "./resources.ts";
import { newId, randomText } from "./store/identifiers.ts";
import { fieldIs, get, insert, type Stored, save, select } from "./store/objects.ts";
import { planIn } from "./store/tasks.ts";
import { emit } from "./webhooks/events.ts";

const MAX_TRANSACTIONS = 10_000;
const SECONDS_IN_DAY = 86_400;
const DEFAULT_CURRENCY = "usd";

type PayoutWish = {
  /** Made by a person and not by the timetable: what it is made of is never told. */
  manual: boolean;
};

/**
 * Pays out all that is in the account's balance and was in no payout before, as one automatic payout unless it
 * is wished otherwise.
 */
export function makePayout(cx: Context, wish: PayoutWish = { manual: false }): Payout {
  const waiting = [{ sql: "json_extract(hidden, '$.payout') is null", values: [] }];
  const included = select(cx.store, "balance_transaction", cx.account, waiting, { limit: MAX_TRANSACTIONS });
  const amount = included.reduce((sum, { body }) => sum + body.net, 0);
  if (amount <= 0) throw notAllowed("There is nothing in the balance to pay out.", "balance_insufficient");
  const id = newId("po");
  const currency = included[0]?.body.currency ?? DEFAULT_CURRENCY;
  const transaction = move(cx, {
    type: "payout",
    reportingCategory: "payout",
    amount: -amount,
    currency,
    source: id,
    description: "STRIPE PAYOUT",
    availableAtOnce: true,
  });
  const body: Payout = {
    id,
    object: "payout",
    amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: seconds(cx) + SECONDS_IN_DAY,
    automatic: !wish.manual,
    balance_transaction: transaction.id,
    created: seconds(cx),
    currency,
    description: "STRIPE PAYOUT",
    destination: null,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: {},
    method: "standard",
    original_payout: null,
    payout_method: null,
    reconciliation_status: wish.manual ? "not_applicable" : "in_progress",
    reversed_by: null,
    source_type: "card",
    statement_descriptor: null,
    status: "in_transit",
    trace_id: { status: "pending", value: null },
    type: "bank_account",
  };
  insert(cx, "payout", body, {});
  for (const entry of [...included, get(cx, "balance_transaction", transaction.id)]) {
    save(cx, { ...entry, hidden: { payout: id } });
  }
  emit(cx, "payout.created", body);
  if (!wish.manual) planIn(cx, "reconcile_payout", id, cx.delays.followUpMilliseconds);
  planIn(cx, "pay_payout", id, cx.delays.followUpMilliseconds);
  return body;
}

/** From now on the payout's contents can be listed. */
export function reconcilePayout(cx: Context, id: string): void {
  const stored = get(cx, "payout", id);
  change(cx, stored, { reconciliation_status: "completed" });
  emit(cx, "payout.reconciliation_completed", stored.body);
}

/** The payout arrives at the bank, with the bank's reference; one that failed meanwhile stays as it is. */
export function payPayout(cx: Context, id: string): void {
  const stored = get(cx, "payout", id);
  if (stored.body.status !== "in_transit") return;
  change(cx, stored, {
    status: "paid",
    arrival_date: seconds(cx),
    trace_id: { status: "supported", value: randomText(15).toUpperCase() },
  });
  emit(cx, "payout.updated", stored.body);
  emit(cx, "payout.paid", stored.body);
}

/** The payout is called back before the bank has it; its money waits for the next payout. */
export function cancelPayout(cx: Context, id: string): Payout {
  const stored = get(cx, "payout", id);
  if (stored.body.status !== "in_transit") {
    throw notAllowed(`Payout ${id} can no longer be canceled.`);
  }
  const back = move(cx, {
    type: "payout_cancel",
    reportingCategory: "payout_reversal",
    amount: stored.body.amount,
    currency: stored.body.currency,
    source: id,
    description: "PAYOUT CANCELED",
    availableAtOnce: true,
  });
  change(cx, stored, { status: "canceled", failure_balance_transaction: back.id });
  emit(cx, "payout.canceled", stored.body);
  return stored.body;
}

/** The processor corrects the balance, in cents; below zero it takes money. No payment has to do with it. */
export function adjustBalance(cx: Context, amount: number, description: string): BalanceTransaction {
  return move(cx, {
    type: "adjustment",
    reportingCategory: "other_adjustment",
    amount,
    currency: DEFAULT_CURRENCY,
    source: newId("adj"),
    description,
    availableAtOnce: true,
  });
}

/** The bank sends the payout back, even after it was paid; its money waits for the next payout. */
export function failPayout(cx: Context, id: string): Payout {
  const stored = get(cx, "payout", id);
  if (stored.body.status === "failed") throw notAllowed(`Payout ${id} has already failed.`);
  const back = move(cx, {
    type: "payout_failure",
    reportingCategory: "payout_reversal",
    amount: stored.body.amount,
    currency: stored.body.currency,
    source: id,
    description: "PAYOUT FAILURE",
    availableAtOnce: true,
  });
  change(cx, stored, {
    status: "failed",
    failure_balance_transaction: back.id,
    failure_code: "account_closed",
    failure_message: "The bank account has been closed.",
  });
  emit(cx, "payout.failed", stored.body);
  return stored.body;
}

function change(cx: Context, stored: Stored<"payout">, fields: Partial<Payout>): void {
  stored.body = { ...stored.body, ...fields } as Payout;
  save(cx, stored);
}

const listRule = shape({
  ...listFields,
  status: oneOf("pending", "in_transit", "paid", "failed", "canceled"),
});

function list(cx: Context, input: ReturnType<typeof listRule>) {
  const conditions = input.status === undefined ? [] : [fieldIs("status", input.status)];
  return pageOf(cx, "payout", "/v1/payouts", input, conditions);
}

export const payoutRoutes: Route[] = [
  route("get", "/v1/payouts", listRule, list),
  route("get", "/v1/payouts/:id", nothing, (cx, _input, id) => get(cx, "payout", id).body),
];
