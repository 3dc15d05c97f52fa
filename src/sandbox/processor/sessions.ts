import { type ListBody, listFields, pageOf } from "./api/list.ts";
import { integer, listOf, mergeMetadata, metadata, nothing, oneOf, shape, text } from "./api/parameters.ts";
import { badParameter, notAllowed } from "./api/problems.ts";
import { type Route, route } from "./api/route.ts";
import { type Context, seconds } from "./context.ts";
import { cancelIntent, checkAmount, intentFields, noMethodTypes } from "./intents.ts";
import { lineItems } from "./line-items.ts";
import type { LineItem, Session } from "./resources.ts";
import { newSession } from "./session-body.ts";
import { fieldIs, find, get, insert, type Stored, save } from "./store/objects.ts";
import { planAt, unplan } from "./store/tasks.ts";
import { emit } from "./webhooks/events.ts";

const MAX_LINE_ITEMS = 100;
const DEFAULT_LINE_ITEMS = 10;
const MAX_METHODS = 100;
const MAX_REFERENCE_LENGTH = 200;
const MAX_CUSTOM_TEXT_LENGTH = 1200;
const LEAST_LIFETIME_MINUTES = 30;
const GREATEST_LIFETIME_MINUTES = 24 * 60;
const SECONDS_IN_MINUTE = 60;

const customText = shape({ message: text(MAX_CUSTOM_TEXT_LENGTH) }, ["message"]);

const createRule = shape(
  {
    mode: oneOf("payment"),
    ui_mode: hostedPage,
    line_items: listOf(lineItemRule(), MAX_LINE_ITEMS),
    success_url: text(),
    cancel_url: text(),
    expires_at: integer(0),
    client_reference_id: text(MAX_REFERENCE_LENGTH),
    customer_email: text(),
    customer_creation: oneOf("always", "if_required"),
    metadata,
    locale: text(),
    submit_type: oneOf("auto", "pay", "book", "donate"),
    custom_text: shape({ submit: customText, after_submit: customText }),
    billing_address_collection: oneOf("auto", "required"),
    allowed_payment_method_types: listOf(text(), MAX_METHODS),
    payment_method_types: noMethodTypes,
    payment_method_options: shape({
      us_bank_account: shape({ verification_method: oneOf("automatic", "instant") }),
      card: shape({ request_three_d_secure: oneOf("automatic", "any", "challenge") }),
    }),
    payment_intent_data: shape(intentFields),
  },
  ["line_items"],
);

type SessionInput = ReturnType<typeof createRule>;

function lineItemRule() {
  return shape(
    {
      price_data: shape(
        {
          currency: text(),
          unit_amount: integer(0),
          product_data: shape({ name: text(), description: text(), metadata }, ["name"]),
        },
        ["currency", "unit_amount", "product_data"],
      ),
      quantity: integer(1),
      metadata,
    },
    ["price_data", "quantity"],
  );
}

function hostedPage(value: Parameters<ReturnType<typeof text>>[0], path: string): "hosted_page" {
  const mode = oneOf("hosted_page", "embedded_page", "elements", "form")(value, path);
  if (mode !== "hosted_page")
    throw badParameter(path, `This sandbox has no page for ui_mode ${mode}, only hosted_page.`);
  return mode;
}

function create(cx: Context, input: SessionInput): Session {
  if (input.success_url === undefined) {
    throw badParameter("success_url", "Missing required param: success_url.", "parameter_missing");
  }
  const expiresAt = input.expires_at ?? seconds(cx) + GREATEST_LIFETIME_MINUTES * SECONDS_IN_MINUTE;
  checkExpiry(cx, expiresAt);
  const items = lineItems(input.line_items);
  const total = items.reduce((sum, { amount_total }) => sum + amount_total, 0);
  const currency = String(items[0]?.currency);
  checkAmount(total, currency, "line_items");
  const body = newSession(cx, input, { total, currency, expiresAt, successUrl: input.success_url });
  insert(cx, "checkout.session", body, {
    line_items: items,
    intent_data: input.payment_intent_data ?? {},
    allowed: input.allowed_payment_method_types ?? null,
  });
  planAt(cx, "expire_session", body.id, expiresAt * 1000);
  return body;
}

function checkExpiry(cx: Context, expiresAt: number): void {
  const lifetime = expiresAt - seconds(cx);
  if (lifetime < LEAST_LIFETIME_MINUTES * SECONDS_IN_MINUTE) {
    throw badParameter(
      "expires_at",
      "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
    );
  }
  if (lifetime > GREATEST_LIFETIME_MINUTES * SECONDS_IN_MINUTE) {
    throw badParameter(
      "expires_at",
      "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
    );
  }
}

/** Ends an open session: nobody can pay it any more, and an intent it had made is canceled. */
export function expireSession(cx: Context, stored: Stored<"checkout.session">): Session {
  const intent =
    stored.body.payment_intent === null ? undefined : find(cx, "payment_intent", stored.body.payment_intent);
  stored.body = { ...stored.body, status: "expired", url: null };
  save(cx, stored);
  unplan(cx, "expire_session", stored.body.id);
  if (intent?.body.status.startsWith("requires_") === true) cancelIntent(cx, intent, "expired");
  emit(cx, "checkout.session.expired", stored.body);
  return stored.body;
}

function expire(cx: Context, id: string): Session {
  const stored = get(cx, "checkout.session", id, "session");
  if (stored.body.status !== "open") {
    const words =
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session ` +
      `has a status of ${stored.body.status}.`;
    throw notAllowed(words);
  }
  return expireSession(cx, stored);
}

/** The line items of a session as a list. */
export function lineItemsOf(cx: Context, id: string): ListBody<LineItem> {
  const { hidden } = get(cx, "checkout.session", id, "session");
  return {
    object: "list",
    data: hidden.line_items,
    has_more: false,
    url: `/v1/checkout/sessions/${id}/line_items`,
  };
}

const updateRule = shape({ metadata });

function update(cx: Context, input: ReturnType<typeof updateRule>, id: string): Session {
  const stored = get(cx, "checkout.session", id, "session");
  stored.body.metadata = mergeMetadata(stored.body.metadata, input.metadata);
  save(cx, stored);
  return stored.body;
}

const listRule = shape({
  ...listFields,
  payment_intent: text(),
  status: oneOf("open", "complete", "expired"),
});

function list(cx: Context, input: ReturnType<typeof listRule>) {
  const { payment_intent, status } = input;
  return pageOf(cx, "checkout.session", "/v1/checkout/sessions", input, [
    ...(payment_intent === undefined ? [] : [fieldIs("payment_intent", payment_intent)]),
    ...(status === undefined ? [] : [fieldIs("status", status)]),
  ]);
}

const itemsRule = shape({ limit: listFields.limit, starting_after: text() });

function lineItemsPage(cx: Context, input: ReturnType<typeof itemsRule>, id: string): ListBody<LineItem> {
  const all = lineItemsOf(cx, id);
  const start = all.data.findIndex((item) => item.id === input.starting_after) + 1;
  const data = all.data.slice(start, start + (input.limit ?? DEFAULT_LINE_ITEMS));
  return { ...all, data, has_more: start + data.length < all.data.length };
}

export const sessionRoutes: Route[] = [
  route("post", "/v1/checkout/sessions", createRule, create),
  route("get", "/v1/checkout/sessions", listRule, list),
  route(
    "get",
    "/v1/checkout/sessions/:id",
    nothing,
    (cx, _input, id) => get(cx, "checkout.session", id, "session").body,
  ),
  route("post", "/v1/checkout/sessions/:id", updateRule, update),
  route("post", "/v1/checkout/sessions/:id/expire", nothing, (cx, _input, id) => expire(cx, id)),
  route("get", "/v1/checkout/sessions/:id/line_items", itemsRule, (cx, input, id) =>
    lineItemsPage(cx, input, id),
  ),
];
