import { listFields, pageOf } from "./api/list.ts";
import { mergeMetadata, metadata, nothing, shape, text } from "./api/parameters.ts";
import { notAllowed } from "./api/problems.ts";
import { type Route, route } from "./api/route.ts";
import { move } from "./balance.ts";
import { type Context, seconds } from "./context.ts";
import type { Charge, Dispute } from "./resources.ts";
import { newId } from "./store/identifiers.ts";
import { fieldIs, get, insert, type Stored, save, select } from "./store/objects.ts";
import { emit } from "./webhooks/events.ts";

const DISPUTE_FEE_CENTS = 1500;
const DAYS_TO_ANSWER = 9;
const SECONDS_IN_DAY = 86_400;
const MAX_DISPUTES_PER_CHARGE = 10;

type Cause = {
  reason: string;
  /** An inquiry asks only; no money moves. */
  inquiry: boolean;
  /** In cents. */
  amount: number;
};

const NO_EVIDENCE = Object.fromEntries(
  `access_activity_log billing_address cancellation_policy cancellation_policy_disclosure
  cancellation_rebuttal customer_communication customer_email_address customer_name
  customer_purchase_ip customer_signature duplicate_charge_documentation duplicate_charge_explanation
  duplicate_charge_id product_description receipt refund_policy refund_policy_disclosure
  refund_refusal_explanation service_date service_documentation shipping_address shipping_carrier
  shipping_date shipping_documentation shipping_tracking_number uncategorized_file uncategorized_text`
    .split(/\s+/)
    .map((name) => [name, null]),
);

function newDispute(cx: Context, charge: Charge, cause: Cause): Dispute {
  const isCard = charge.payment_method_details.type === "card";
  const caseType = cause.inquiry ? "inquiry" : "chargeback";
  return {
    id: newId("du"),
    object: "dispute",
    amount: cause.amount,
    balance_transactions: [],
    charge: charge.id,
    created: seconds(cx),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: { ...NO_EVIDENCE, enhanced_evidence: {} },
    evidence_details: {
      due_by: isCard ? seconds(cx) + DAYS_TO_ANSWER * SECONDS_IN_DAY : null,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "not_submitted",
    },
    intended_submission_method: null,
    is_charge_refundable: cause.inquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    ...(isCard
      ? {
          payment_method_details: {
            card: { brand: "visa", case_type: caseType, network: "visa", network_reason_code: "10.4" },
            type: "card",
          },
        }
      : {}),
    reason: cause.reason,
    status: cause.inquiry ? "warning_needs_response" : "needs_response",
  };
}

/**
 * The payer's bank takes a charge back, or asks about it. Of a card payment the money is withdrawn and the
 * dispute stays
 * open; of a bank debit it cannot be contested, so that it opens and closes as lost at once.
 */
export function openDispute(cx: Context, chargeId: string, wish: Partial<Cause>): Dispute {
  const charge = get(cx, "charge", chargeId, "charge");
  if (charge.body.status !== "succeeded") throw notAllowed(`Charge ${chargeId} has not succeeded.`);
  const isCard = charge.body.payment_method_details.type === "card";
  const inquiry = (wish.inquiry ?? false) && isCard;
  const reason = wish.reason ?? (isCard ? "fraudulent" : "insufficient_funds");
  const amount = wish.amount ?? charge.body.amount;
  const stored = insert(cx, "dispute", newDispute(cx, charge.body, { reason, inquiry, amount }), {});
  charge.body = { ...charge.body, disputed: true };
  save(cx, charge);
  if (!inquiry) withdraw(cx, stored);
  if (!isCard) stored.body.status = "lost";
  save(cx, stored);
  // A bank return is already decided when it arrives, so its first event says lost, too.
  emit(cx, "charge.dispute.created", stored.body);
  if (!inquiry) emit(cx, "charge.dispute.funds_withdrawn", stored.body);
  if (!isCard) emit(cx, "charge.dispute.closed", stored.body);
  return stored.body;
}

function withdraw(cx: Context, stored: Stored<"dispute">): void {
  const { body } = stored;
  const transaction = move(cx, {
    type: "adjustment",
    reportingCategory: "dispute",
    amount: -body.amount,
    currency: body.currency,
    source: body.id,
    fee: { amount: DISPUTE_FEE_CENTS, description: "Dispute fee" },
    description: `Chargeback withdrawal for ${body.charge}`,
  });
  body.balance_transactions = [...body.balance_transactions, transaction];
}

/** Ends an open dispute. A won one gives the money back; an inquiry ends as `warning_closed` either way. */
export function closeDispute(cx: Context, id: string, outcome: "won" | "lost"): Dispute {
  const stored = get(cx, "dispute", id);
  const { status } = stored.body;
  if (status !== "needs_response" && status !== "warning_needs_response") {
    throw notAllowed(`This dispute is already closed. Its status is ${status}.`, "dispute_already_closed");
  }
  stored.body.status = status === "warning_needs_response" ? "warning_closed" : outcome;
  if (stored.body.status === "won") reinstate(cx, stored);
  save(cx, stored);
  emit(cx, "charge.dispute.closed", stored.body);
  if (stored.body.status === "won") emit(cx, "charge.dispute.funds_reinstated", stored.body);
  return stored.body;
}

function reinstate(cx: Context, stored: Stored<"dispute">): void {
  const { body } = stored;
  const transaction = move(cx, {
    type: "adjustment",
    reportingCategory: "dispute_reversal",
    amount: body.amount,
    currency: body.currency,
    source: body.id,
    description: `Chargeback reversal for ${body.charge}`,
  });
  body.balance_transactions = [...body.balance_transactions, transaction];
  body.is_charge_refundable = true;
}

/** The disputes of a charge, newest first. */
export function disputesOf(cx: Context, charge: string): Dispute[] {
  const limit = MAX_DISPUTES_PER_CHARGE;
  return select(cx.store, "dispute", cx.account, [fieldIs("charge", charge)], { limit }).map(
    ({ body }) => body,
  );
}

const updateRule = shape({ metadata });

function update(cx: Context, input: ReturnType<typeof updateRule>, id: string): Dispute {
  const stored = get(cx, "dispute", id);
  stored.body.metadata = mergeMetadata(stored.body.metadata as Record<string, string>, input.metadata);
  save(cx, stored);
  emit(cx, "charge.dispute.updated", stored.body);
  return stored.body;
}

const listRule = shape({ ...listFields, charge: text(), payment_intent: text() });

function list(cx: Context, input: ReturnType<typeof listRule>) {
  const { charge, payment_intent } = input;
  return pageOf(cx, "dispute", "/v1/disputes", input, [
    ...(charge === undefined ? [] : [fieldIs("charge", charge)]),
    ...(payment_intent === undefined ? [] : [fieldIs("payment_intent", payment_intent)]),
  ]);
}

export const disputeRoutes: Route[] = [
  route("get", "/v1/disputes", listRule, list),
  route("get", "/v1/disputes/:id", nothing, (cx, _input, id) => get(cx, "dispute", id).body),
  route("post", "/v1/disputes/:id", updateRule, update),
  // To close a dispute through the API is to accept it.
  route("post", "/v1/disputes/:id/close", nothing, (cx, _input, id) => closeDispute(cx, id, "lost")),
];
