import { listFields, pageOf } from "./api/list.ts";
import { integer, listOf, mergeMetadata, metadata, nothing, oneOf, shape, text } from "./api/parameters.ts";
import { badParameter, notAllowed } from "./api/problems.ts";
import { type Route, route } from "./api/route.ts";
import { type Context, seconds } from "./context.ts";
import type { Intent, IntentData, PaymentMethodType } from "./resources.ts";
import { newId, randomText } from "./store/identifiers.ts";
import { find, get, insert, type Stored, save } from "./store/objects.ts";
import { emit } from "./webhooks/events.ts";

const LEAST_AMOUNT = 50;
const GREATEST_AMOUNT = 99_999_999;
const MAX_METHODS = 100;
const MAX_DESCRIPTION_LENGTH = 1000;
const MAX_SUFFIX_LENGTH = 22;

/** What a payment can carry from the request that asks for it to the intent. */
export const intentFields = {
  description: text(MAX_DESCRIPTION_LENGTH),
  metadata,
  receipt_email: text(),
  statement_descriptor_suffix: text(MAX_SUFFIX_LENGTH),
};

/** Refuses the parameter that this API version no longer takes. */
export function noMethodTypes(_value: unknown, path: string): never {
  const words =
    "The parameter `payment_method_types` is no longer supported. Use " +
    "`allowed_payment_method_types` to limit the payment methods, or leave it out.";
  throw badParameter(path, words, "payment_method_types_no_longer_supported");
}

/**
 * The methods a payment in this currency can use, narrowed to the allowed ones; those that do not fit drop
 * out silently.
 */
export function eligibleMethods(currency: string, allowed: string[] | null): PaymentMethodType[] {
  const possible: PaymentMethodType[] = currency === "usd" ? ["card", "us_bank_account"] : ["card"];
  const eligible = possible.filter((type) => allowed === null || allowed.includes(type));
  if (eligible.length === 0) {
    const words = `None of the allowed payment method types can be used for a payment in ${currency}.`;
    throw badParameter("allowed_payment_method_types", words, "payment_intent_invalid_parameter");
  }
  return eligible;
}

type NewIntent = IntentData & {
  amount: number;
  currency: string;
  allowed: string[] | null;
  /** The Checkout Session it belongs to, or null. */
  session: string | null;
};

/** Makes an intent that waits for a payment method. */
export function createIntent(cx: Context, wanted: NewIntent): Stored<"payment_intent"> {
  const id = newId("pi");
  const body: Intent = {
    id,
    object: "payment_intent",
    allowed_payment_method_types: wanted.allowed,
    amount: wanted.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: wanted.session === null ? { allow_redirects: "always", enabled: true } : null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic_async",
    client_secret: `${id}_secret_${randomText(24)}`,
    confirmation_method: "automatic",
    created: seconds(cx),
    currency: wanted.currency,
    customer: null,
    customer_account: null,
    description: wanted.description ?? null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: mergeMetadata({}, wanted.metadata),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: eligibleMethods(wanted.currency, wanted.allowed),
    payment_record: null,
    processing: null,
    receipt_email: wanted.receipt_email ?? null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: wanted.statement_descriptor_suffix ?? null,
    status: "requires_payment_method",
    transfer_data: null,
    transfer_group: null,
  };
  const stored = insert(cx, "payment_intent", body, { session: wanted.session, pending: null });
  emit(cx, "payment_intent.created", body);
  return stored;
}

/** Cancels an intent that is not finished; the reason is the API's word for it, or null. */
export function cancelIntent(cx: Context, stored: Stored<"payment_intent">, reason: string | null): Intent {
  stored.body = {
    ...stored.body,
    status: "canceled",
    canceled_at: seconds(cx),
    cancellation_reason: reason,
    next_action: null,
  };
  stored.hidden = { ...stored.hidden, pending: null };
  save(cx, stored);
  emit(cx, "payment_intent.canceled", stored.body);
  return stored.body;
}

const createRule = shape(
  {
    ...intentFields,
    amount: integer(1),
    currency: text(),
    allowed_payment_method_types: listOf(text(), MAX_METHODS),
    payment_method_types: noMethodTypes,
  },
  ["amount", "currency"],
);

function create(cx: Context, input: ReturnType<typeof createRule>): Intent {
  const currency = input.currency.toLowerCase();
  checkAmount(input.amount, currency, "amount");
  const allowed = input.allowed_payment_method_types ?? null;
  return createIntent(cx, { ...input, currency, allowed, session: null }).body;
}

/** Refuses an amount, in cents, that the processor would not take. */
export function checkAmount(amount: number, currency: string, param: string): void {
  if (amount < LEAST_AMOUNT) {
    const words = `The total amount due must add up to at least $0.50 ${currency}`;
    throw badParameter(param, words, "amount_too_small");
  }
  if (amount > GREATEST_AMOUNT) {
    throw badParameter(param, "Amount must be no more than $999,999.99", "amount_too_large");
  }
}

const updateRule = shape({ description: intentFields.description, metadata });

function update(cx: Context, input: ReturnType<typeof updateRule>, id: string): Intent {
  const stored = get(cx, "payment_intent", id, "intent");
  stored.body.description = input.description ?? stored.body.description;
  stored.body.metadata = mergeMetadata(stored.body.metadata, input.metadata);
  save(cx, stored);
  return stored.body;
}

const cancelRule = shape({
  cancellation_reason: oneOf("abandoned", "duplicate", "fraudulent", "requested_by_customer"),
});

function cancel(cx: Context, input: ReturnType<typeof cancelRule>, id: string): Intent {
  const stored = get(cx, "payment_intent", id, "intent");
  const { status } = stored.body;
  if (!status.startsWith("requires_")) {
    const words =
      `You cannot cancel this PaymentIntent because it has a status of ${status}. Only a ` +
      "PaymentIntent with one of the following statuses may be canceled: " +
      "requires_payment_method, requires_capture, requires_confirmation, requires_action.";
    throw notAllowed(words, "payment_intent_unexpected_state");
  }
  const { session } = stored.hidden;
  if (session !== null && find(cx, "checkout.session", session)?.body.status === "open") {
    const words =
      "You cannot cancel this PaymentIntent because it belongs to an open Checkout Session. " +
      "Expire the Checkout Session instead.";
    throw notAllowed(words, "payment_intent_unexpected_state");
  }
  return cancelIntent(cx, stored, input.cancellation_reason ?? null);
}

export const intentRoutes: Route[] = [
  route("post", "/v1/payment_intents", createRule, create),
  route("get", "/v1/payment_intents", shape(listFields), (cx, input) =>
    pageOf(cx, "payment_intent", "/v1/payment_intents", input, []),
  ),
  route(
    "get",
    "/v1/payment_intents/:id",
    nothing,
    (cx, _input, id) => get(cx, "payment_intent", id, "intent").body,
  ),
  route("post", "/v1/payment_intents/:id", updateRule, update),
  route("post", "/v1/payment_intents/:id/cancel", cancelRule, cancel),
];
