import { createHash } from "node:crypto";
import { type Context, seconds } from "../context.ts";
import type { BillingDetails, PaymentMethod } from "../resources.ts";
import { newId } from "../store/identifiers.ts";
import { insert } from "../store/objects.ts";
import type { TestBankAccount } from "./banks.ts";
import type { TestCard } from "./cards.ts";

export type Payer = { email: string; name: string };
export type CardEntry = { card: TestCard; expiryMonth: number; expiryYear: number };
export type BankEntry = {
  account: TestBankAccount;
  routingNumber: string;
  accountType: "checking" | "savings";
  holderType: "individual" | "company";
};

const SHOWN_DIGITS = 4;
const FINGERPRINT_LENGTH = 16;

function billingDetails(payer: Payer): BillingDetails {
  return {
    address: { city: null, country: "US", line1: null, line2: null, postal_code: null, state: null },
    email: payer.email,
    name: payer.name,
    phone: null,
    tax_id: null,
  };
}

/** Stores the card that was entered, without its number, as a payment method. */
export function storeCard(cx: Context, entry: CardEntry, payer: Payer): PaymentMethod {
  const { brand, number } = entry.card;
  return store(cx, "card", payer, {
    brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
    country: "US",
    display_brand: brand,
    exp_month: entry.expiryMonth,
    exp_year: entry.expiryYear,
    fingerprint: fingerprint(number),
    funding: "credit",
    last4: number.slice(-SHOWN_DIGITS),
    networks: { available: [brand], preferred: null },
    three_d_secure_usage: { supported: true },
    wallet: null,
  });
}

/** Stores the bank account that was entered, without its number, as a payment method. */
export function storeBankAccount(cx: Context, entry: BankEntry, payer: Payer): PaymentMethod {
  return store(cx, "us_bank_account", payer, {
    account_holder_type: entry.holderType,
    account_type: entry.accountType,
    bank_name: "STRIPE TEST BANK",
    fingerprint: fingerprint(entry.account.number),
    last4: entry.account.number.slice(-SHOWN_DIGITS),
    networks: { preferred: "ach", supported: ["ach"] },
    routing_number: entry.routingNumber,
    status_details: null,
  });
}

function store(cx: Context, type: PaymentMethod["type"], payer: Payer, details: Record<string, unknown>) {
  const body: PaymentMethod = {
    id: newId("pm"),
    object: "payment_method",
    allow_redisplay: "limited",
    billing_details: billingDetails(payer),
    created: seconds(cx),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type,
    [type]: details,
  };
  return insert(cx, "payment_method", body, {}).body;
}

/** What a charge says of the method it was made with; `authenticated` after a 3-D Secure check. */
export function chargeDetails(
  method: PaymentMethod,
  amount: number,
  authenticated: boolean,
): Record<string, unknown> {
  const entered = method[method.type] as Record<string, unknown>;
  if (method.type === "us_bank_account") {
    const { networks: _networks, status_details: _details, ...shown } = entered;
    return { ...shown, mandate: newId("mandate"), payment_reference: null };
  }
  const { display_brand: _brand, networks: _networks, three_d_secure_usage: _usage, ...shown } = entered;
  return {
    ...shown,
    amount_authorized: amount,
    authorization_code: null,
    electronic_commerce_indicator: authenticated ? "05" : null,
    extended_authorization: { status: "disabled" },
    incremental_authorization: { status: "unavailable" },
    installments: null,
    mandate: null,
    multicapture: { status: "unavailable" },
    network: shown.brand,
    network_token: { used: false },
    network_transaction_id: null,
    overcapture: { maximum_amount_capturable: amount, status: "unavailable" },
    regulated_status: "unregulated",
    three_d_secure: authenticated ? AUTHENTICATED : null,
    transaction_link_id: null,
  };
}

const AUTHENTICATED = {
  authentication_flow: "challenge",
  electronic_commerce_indicator: "05",
  exemption_indicator: null,
  result: "authenticated",
  result_reason: null,
  transaction_id: null,
  version: "2.2.0",
};

function fingerprint(number: string): string {
  return createHash("sha256").update(number).digest("hex").slice(0, FINGERPRINT_LENGTH);
}
