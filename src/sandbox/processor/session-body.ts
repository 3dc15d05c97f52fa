import { type Context, seconds } from "./context.ts";
import { eligibleMethods } from "./intents.ts";
import type { Metadata, Session } from "./resources.ts";
import { newId } from "./store/identifiers.ts";

type Wishes = {
  allowed_payment_method_types?: string[] | undefined;
  billing_address_collection?: "auto" | "required" | undefined;
  cancel_url?: string | undefined;
  client_reference_id?: string | undefined;
  custom_text?: Record<string, unknown> | undefined;
  customer_creation?: string | undefined;
  customer_email?: string | undefined;
  locale?: string | undefined;
  metadata?: Metadata | undefined;
  payment_method_options?: Record<string, unknown> | undefined;
  submit_type?: string | undefined;
};

/** `total` in the smallest unit of the currency, `expiresAt` in seconds since 1970. */
type Facts = { total: number; currency: string; expiresAt: number; successUrl: string };

const NO_TEXT = {
  after_submit: null,
  shipping_address: null,
  submit: null,
  terms_of_service_acceptance: null,
};

/** The body of a session as it is just after its creation: open, unpaid, without an intent. */
export function newSession(cx: Context, wishes: Wishes, facts: Facts): Session {
  const id = newId("cs_test");
  return {
    id,
    object: "checkout.session",
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: wishes.allowed_payment_method_types ?? null,
    amount_subtotal: facts.total,
    amount_total: facts.total,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: wishes.billing_address_collection ?? null,
    cancel_url: wishes.cancel_url ?? null,
    client_reference_id: wishes.client_reference_id ?? null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: seconds(cx),
    currency: facts.currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { ...NO_TEXT, ...wishes.custom_text },
    customer: null,
    customer_account: null,
    customer_creation: wishes.customer_creation ?? "if_required",
    customer_details: null,
    customer_email: wishes.customer_email ?? null,
    discounts: [],
    expires_at: facts.expiresAt,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: wishes.locale ?? null,
    managed_payments: null,
    metadata: wishes.metadata ?? {},
    mode: "payment",
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: "if_required",
    payment_method_configuration_details: null,
    payment_method_options: wishes.payment_method_options ?? {},
    payment_method_types: eligibleMethods(facts.currency, wishes.allowed_payment_method_types ?? null),
    payment_status: "unpaid",
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: "open",
    submit_type: wishes.submit_type ?? null,
    subscription: null,
    success_url: facts.successUrl,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: "hosted_page",
    url: `${cx.origin}/c/pay/${id}`,
    wallet_options: null,
  };
}
