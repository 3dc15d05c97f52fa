/**
 * The fields that the stand-in reads or changes; the rest of each resource is written once and passes
 * through.
 */
type Resource<Name extends string> = { id: string; object: Name; created: number; [field: string]: unknown };

export type Metadata = Record<string, string>;

export type PaymentMethodType = "card" | "us_bank_account";

export type BillingDetails = { email: string | null; name: string | null; [field: string]: unknown };

export type Session = Resource<"checkout.session"> & {
  status: "open" | "complete" | "expired";
  payment_status: "unpaid" | "paid" | "no_payment_required";
  payment_intent: string | null;
  payment_method_types: PaymentMethodType[];
  amount_total: number;
  currency: string;
  customer_email: string | null;
  customer_details: Record<string, unknown> | null;
  metadata: Metadata;
  expires_at: number;
  success_url: string;
  cancel_url: string | null;
  url: string | null;
};

export type LineItem = {
  id: string;
  object: "item";
  description: string;
  quantity: number;
  amount_total: number;
  [field: string]: unknown;
};

export type IntentData = {
  description?: string | undefined;
  metadata?: Metadata | undefined;
  receipt_email?: string | undefined;
  statement_descriptor_suffix?: string | undefined;
};

type SessionHidden = { line_items: LineItem[]; intent_data: IntentData; allowed: string[] | null };

type PaymentError = { type: string; code: string; message: string; [field: string]: unknown };

export type Intent = Resource<"payment_intent"> & {
  status: "requires_payment_method" | "requires_action" | "processing" | "succeeded" | "canceled";
  amount: number;
  amount_received: number;
  currency: string;
  description: string | null;
  metadata: Metadata;
  receipt_email: string | null;
  statement_descriptor_suffix: string | null;
  latest_charge: string | null;
  payment_method: string | null;
  last_payment_error: PaymentError | null;
  next_action: Record<string, unknown> | null;
  canceled_at: number | null;
  cancellation_reason: string | null;
};

/** `session`: the Checkout Session that made the intent; `fate`: what a 3-D Secure check leads to. */
type IntentHidden = {
  session: string | null;
  pending: { fate: Fate; decline: Decline | null } | null;
};

export type Decline = { code: string; decline_code: string | null; message: string };

/** What a test number makes happen after the payment succeeded. */
export type Fate =
  | "none"
  | "dispute_fraudulent"
  | "dispute_not_received"
  | "inquiry"
  | "early_fraud_warning"
  | "refund_pending"
  | "refund_fails"
  | "available_at_once"
  | "bank_return";

export type PaymentMethod = Resource<"payment_method"> & {
  type: PaymentMethodType;
  billing_details: BillingDetails;
};

export type Charge = Resource<"charge"> & {
  status: "pending" | "succeeded" | "failed";
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  balance_transaction: string | null;
  captured: boolean;
  currency: string;
  disputed: boolean;
  failure_code: string | null;
  failure_message: string | null;
  outcome: Record<string, unknown> | null;
  paid: boolean;
  payment_intent: string | null;
  payment_method_details: { type: PaymentMethodType; [field: string]: unknown };
  refunded: boolean;
};

/** `decline` is how a pending bank debit will fail; `stays` marks one that no clock settles. */
export type ChargeHidden = { fate: Fate; decline: Decline | null; stays: boolean };

export type BalanceTransaction = Resource<"balance_transaction"> & {
  amount: number;
  fee: number;
  net: number;
  currency: string;
  source: string;
  type: string;
};

type BalanceTransactionHidden = { payout: string | null };

export type Refund = Resource<"refund"> & {
  amount: number;
  balance_transaction: string | null;
  charge: string;
  currency: string;
  payment_intent: string | null;
  metadata: Metadata;
  status: "pending" | "succeeded" | "failed";
};

export type Dispute = Resource<"dispute"> & {
  amount: number;
  balance_transactions: BalanceTransaction[];
  charge: string;
  currency: string;
  payment_intent: string | null;
  reason: string;
  is_charge_refundable: boolean;
  status: "needs_response" | "won" | "lost" | "warning_needs_response" | "warning_closed";
};

export type Payout = Resource<"payout"> & {
  amount: number;
  currency: string;
  balance_transaction: string;
  failure_balance_transaction: string | null;
  failure_code: string | null;
  failure_message: string | null;
  reconciliation_status: "completed" | "in_progress" | "not_applicable";
  status: "in_transit" | "paid" | "failed" | "canceled";
  trace_id: { status: string; value: string | null };
};

export type Account = Resource<"account"> & {
  business_profile: Record<string, unknown> & { name: string | null };
  controller: Record<string, unknown> & { fees: { payer: "account" | "application" } };
  metadata: Metadata;
};

export type Event = Resource<"event"> & {
  account?: string;
  type: string;
  data: { object: Record<string, unknown> };
  pending_webhooks: number;
};

export type WebhookEndpoint = Resource<"webhook_endpoint"> & {
  url: string;
  status: "enabled" | "disabled";
  enabled_events: string[];
  description: string | null;
  metadata: Metadata;
};

/** `managed` marks the endpoint that the process made from its own settings. */
type WebhookEndpointHidden = { secret: string; connect: boolean; managed: boolean };

type Nothing = Record<string, never>;

export type Kinds = {
  account: { body: Account; hidden: Nothing };
  balance_transaction: { body: BalanceTransaction; hidden: BalanceTransactionHidden };
  charge: { body: Charge; hidden: ChargeHidden };
  "checkout.session": { body: Session; hidden: SessionHidden };
  dispute: { body: Dispute; hidden: Nothing };
  event: { body: Event; hidden: Nothing };
  payment_intent: { body: Intent; hidden: IntentHidden };
  payment_method: { body: PaymentMethod; hidden: Nothing };
  payout: { body: Payout; hidden: Nothing };
  "radar.early_fraud_warning": { body: Resource<"radar.early_fraud_warning">; hidden: Nothing };
  refund: { body: Refund; hidden: { fails: boolean } };
  webhook_endpoint: { body: WebhookEndpoint; hidden: WebhookEndpointHidden };
};

export type Kind = keyof Kinds;
