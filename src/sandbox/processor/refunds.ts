import { listFields, pageOf } from "./api/list.ts";
import { integer, mergeMetadata, metadata, nothing, oneOf, shape, text } from "./api/parameters.ts";
import { notAllowed } from "./api/problems.ts";
import { type Route, route } from "./api/route.ts";
import { move } from "./balance.ts";
import { type Context, seconds } from "./context.ts";
import { disputesOf } from "./disputes.ts";
import type { Refund } from "./resources.ts";
import { newId } from "./store/identifiers.ts";
import { fieldIs, get, insert, type Stored, save } from "./store/objects.ts";
import { planIn, unplan } from "./store/tasks.ts";
import { emit } from "./webhooks/events.ts";

const createRule = shape({
  payment_intent: text(),
  charge: text(),
  amount: integer(1),
  currency: text(),
  reason: oneOf("duplicate", "fraudulent", "requested_by_customer"),
  metadata,
});

type Input = ReturnType<typeof createRule>;

function create(cx: Context, input: Input): Refund {
  const charge = chargeToRefund(cx, input);
  const amount = amountToRefund(charge, input.amount);
  const isCard = charge.body.payment_method_details.type === "card";
  const { fate } = charge.hidden;
  const body: Refund = {
    id: newId(isCard ? "re" : "pyr"),
    object: "refund",
    amount,
    balance_transaction: null,
    charge: charge.body.id,
    created: seconds(cx),
    currency: charge.body.currency,
    customer: null,
    customer_account: null,
    destination_details: isCard
      ? {
          card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" },
          type: "card",
        }
      : { type: "us_bank_transfer", us_bank_transfer: { reference: null, reference_status: null } },
    metadata: mergeMetadata({}, input.metadata),
    payment_intent: charge.body.payment_intent,
    payment_method: null,
    reason: input.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: isCard && fate !== "refund_pending" ? "succeeded" : "pending",
    transfer_reversal: null,
  };
  if (body.status === "pending") body.pending_reason = "processing";
  const transaction = move(cx, {
    type: isCard ? "refund" : "payment_refund",
    reportingCategory: "refund",
    amount: -amount,
    currency: body.currency,
    source: body.id,
    description: isCard ? "REFUND FOR CHARGE" : "REFUND FOR PAYMENT",
  });
  body.balance_transaction = transaction.id;
  const fails = fate === "refund_fails";
  insert(cx, "refund", body, { fails });
  if (fails || body.status === "pending") planIn(cx, "turn_refund", body.id, cx.delays.followUpMilliseconds);
  setRefunded(cx, charge, charge.body.amount_refunded + amount);
  emit(cx, "refund.created", body);
  emit(cx, "charge.refunded", charge.body);
  return body;
}

/** The charge that a refund is asked for; throws when there is none, or none with money in it. */
function chargeToRefund(cx: Context, input: Input): Stored<"charge"> {
  if ((input.charge === undefined) === (input.payment_intent === undefined)) {
    const words =
      "One of the following params should be provided for this request: payment_intent or charge.";
    throw notAllowed(words, input.charge === undefined ? "parameter_missing" : "parameters_exclusive");
  }
  const charge = input.charge ?? intentsCharge(cx, input.payment_intent ?? "");
  const stored = get(cx, "charge", charge, "charge");
  if (stored.body.status !== "succeeded") {
    throw notAllowed(
      `Charge ${charge} is not in a state that can be refunded.`,
      "charge_not_refundable",
      "charge",
    );
  }
  // An inquiry and a dispute that was won leave the money where it can be refunded.
  if (!disputesOf(cx, charge).every((dispute) => dispute.is_charge_refundable)) {
    throw notAllowed(`Charge ${charge} has been charged back; cannot issue a refund.`, "charge_disputed");
  }
  return stored;
}

function intentsCharge(cx: Context, id: string): string {
  const intent = get(cx, "payment_intent", id, "payment_intent").body;
  if (intent.latest_charge === null || intent.status !== "succeeded") {
    const words = `This PaymentIntent (${id}) does not have a successful charge to refund.`;
    throw notAllowed(words, "payment_intent_unexpected_state", "payment_intent");
  }
  return intent.latest_charge;
}

function amountToRefund({ body }: Stored<"charge">, wanted: number | undefined): number {
  const rest = body.amount - body.amount_refunded;
  if (rest === 0) throw notAllowed(`Charge ${body.id} has already been refunded.`, "charge_already_refunded");
  const amount = wanted ?? rest;
  if (amount > rest) {
    const words =
      `Refund amount (${dollars(amount)}) is greater than unrefunded amount on charge ` +
      `(${dollars(rest)})`;
    throw notAllowed(words, undefined, "amount");
  }
  return amount;
}

function dollars(cents: number): string {
  return `$${(cents / 100).toFixed(2)}`;
}

function setRefunded(cx: Context, charge: Stored<"charge">, amountRefunded: number): void {
  charge.body = {
    ...charge.body,
    amount_refunded: amountRefunded,
    refunded: amountRefunded === charge.body.amount,
  };
  save(cx, charge);
}

/**
 * What becomes of a refund after a while: a pending one arrives; one that is bound to fail gives the money
 * back.
 */
export function turnRefund(cx: Context, id: string): void {
  const stored = get(cx, "refund", id);
  if (stored.hidden.fails) failRefund(cx, stored);
  else if (stored.body.status === "pending") arrive(cx, stored);
}

/** Ends a refund now: it arrives, or the payer's bank sends it back, which it may do days after it arrived. */
export function decideRefund(cx: Context, id: string, outcome: "succeeded" | "failed"): Refund {
  const stored = get(cx, "refund", id);
  const { status } = stored.body;
  if (status !== "pending" && status !== outcome && !(status === "succeeded" && outcome === "failed"))
    throw notAllowed(`This refund is decided. Its status is ${status}.`);
  if (status !== outcome) (outcome === "failed" ? failRefund : arrive)(cx, stored);
  unplan(cx, "turn_refund", id);
  return stored.body;
}

function arrive(cx: Context, stored: Stored<"refund">): void {
  const { pending_reason: _arrived, ...rest } = stored.body;
  stored.body = { ...rest, status: "succeeded" } as Refund;
  save(cx, stored);
  emit(cx, "refund.updated", stored.body);
  emit(cx, "charge.refund.updated", stored.body);
}

function failRefund(cx: Context, stored: Stored<"refund">): void {
  const { body } = stored;
  const back = move(cx, {
    type: "refund_failure",
    reportingCategory: "refund_failure",
    amount: body.amount,
    currency: body.currency,
    source: body.id,
    description: "REFUND FAILURE",
  });
  stored.body = {
    ...body,
    status: "failed",
    failure_balance_transaction: back.id,
    failure_reason: "expired_or_canceled_card",
  };
  save(cx, stored);
  const charge = get(cx, "charge", body.charge);
  setRefunded(cx, charge, charge.body.amount_refunded - body.amount);
  for (const type of ["refund.updated", "refund.failed", "charge.refund.updated"])
    emit(cx, type, stored.body);
}

const updateRule = shape({ metadata });

function update(cx: Context, input: ReturnType<typeof updateRule>, id: string): Refund {
  const stored = get(cx, "refund", id);
  stored.body.metadata = mergeMetadata(stored.body.metadata, input.metadata);
  save(cx, stored);
  emit(cx, "refund.updated", stored.body);
  return stored.body;
}

const listRule = shape({ ...listFields, charge: text(), payment_intent: text() });

function list(cx: Context, input: ReturnType<typeof listRule>) {
  const { charge, payment_intent } = input;
  return pageOf(cx, "refund", "/v1/refunds", input, [
    ...(charge === undefined ? [] : [fieldIs("charge", charge)]),
    ...(payment_intent === undefined ? [] : [fieldIs("payment_intent", payment_intent)]),
  ]);
}

export const refundRoutes: Route[] = [
  route("post", "/v1/refunds", createRule, create),
  route("get", "/v1/refunds", listRule, list),
  route("get", "/v1/refunds/:id", nothing, (cx, _input, id) => get(cx, "refund", id).body),
  route("post", "/v1/refunds/:id", updateRule, update),
];
