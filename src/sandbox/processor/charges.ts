import { listFields, pageOf } from "./api/list.ts";
import { mergeMetadata, metadata, nothing, shape, text } from "./api/parameters.ts";
import { type Route, route } from "./api/route.ts";
import { move, processingFee } from "./balance.ts";
import { type Context, seconds } from "./context.ts";
import type { Charge, ChargeHidden, Decline, Intent, PaymentMethod } from "./resources.ts";
import { newId } from "./store/identifiers.ts";
import { fieldIs, get, insert, type Stored, save } from "./store/objects.ts";

const APPROVED = {
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: "approved_by_network",
  reason: null,
  risk_level: "normal",
  risk_score: 20,
  seller_message: "Payment complete.",
  type: "authorized",
};

/**
 * Writes a charge that is under way (`pending`); its outcome is written by `succeedCharge` or `failCharge`.
 */
export function createCharge(
  cx: Context,
  intent: Intent,
  method: PaymentMethod,
  details: Record<string, unknown>,
  hidden: ChargeHidden,
): Stored<"charge"> {
  const body: Charge = {
    id: newId(method.type === "card" ? "ch" : "py"),
    object: "charge",
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: null,
    captured: false,
    created: seconds(cx),
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: null,
    paid: false,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { type: method.type, [method.type]: details },
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: "pending",
    transfer_data: null,
    transfer_group: null,
  };
  return insert(cx, "charge", body, hidden);
}

/** Takes the money: the charge succeeds and the amount, less the fee, goes into the account's balance. */
export function succeedCharge(cx: Context, stored: Stored<"charge">): Charge {
  const { body } = stored;
  const { type } = body.payment_method_details;
  const transaction = move(cx, {
    type: type === "card" ? "charge" : "payment",
    reportingCategory: "charge",
    amount: body.amount,
    currency: body.currency,
    source: body.id,
    fee: { amount: processingFee(type, body.amount), description: "Stripe processing fees" },
    description: typeof body.description === "string" ? body.description : null,
    availableAtOnce: stored.hidden.fate === "available_at_once",
  });
  stored.body = {
    ...body,
    status: "succeeded",
    paid: true,
    captured: true,
    amount_captured: body.amount,
    balance_transaction: transaction.id,
    outcome: APPROVED,
    receipt_url: `${cx.origin}/receipts/${body.id}`,
  };
  save(cx, stored);
  return stored.body;
}

/** Marks the charge as failed, with the reason. */
export function failCharge(cx: Context, stored: Stored<"charge">, decline: Decline): Charge {
  stored.body = {
    ...stored.body,
    status: "failed",
    failure_code: decline.code,
    failure_message: decline.message,
    outcome: {
      ...APPROVED,
      network_status: "declined_by_network",
      reason: decline.decline_code ?? decline.code,
      seller_message: "The bank did not approve the payment.",
      type: "issuer_declined",
    },
  };
  save(cx, stored);
  return stored.body;
}

/** The refunds of a charge as the list inside it. */
export function refundsOf(cx: Context, charge: string) {
  return pageOf(cx, "refund", `/v1/charges/${charge}/refunds`, {}, [fieldIs("charge", charge)]);
}

const listRule = shape({ ...listFields, payment_intent: text() });

function list(cx: Context, input: ReturnType<typeof listRule>) {
  const conditions =
    input.payment_intent === undefined ? [] : [fieldIs("payment_intent", input.payment_intent)];
  return pageOf(cx, "charge", "/v1/charges", input, conditions);
}

const updateRule = shape({ description: text(), metadata });

function update(cx: Context, input: ReturnType<typeof updateRule>, id: string): Charge {
  const stored = get(cx, "charge", id);
  stored.body.description = input.description ?? stored.body.description;
  stored.body.metadata = mergeMetadata(stored.body.metadata as Record<string, string>, input.metadata);
  save(cx, stored);
  return stored.body;
}

export const chargeRoutes: Route[] = [
  route("get", "/v1/charges", listRule, list),
  route("get", "/v1/charges/:id", nothing, (cx, _input, id) => get(cx, "charge", id).body),
  route("post", "/v1/charges/:id", updateRule, update),
];
