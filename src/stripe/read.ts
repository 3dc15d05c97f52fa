import type Stripe from "stripe";
import { type CheckoutFacts, type PaymentFacts, ProcessorError } from "./port.ts";

/** The names of our own ids in the processor's metadata. https://docs.stripe.com/api/metadata */
export const METADATA = {
  firm: "firm_id",
  link: "link_id",
  checkout: "checkout_id",
  refund: "refund_id",
} as const;

const MILLISECONDS = 1_000;
const SESSION_STATES = ["open", "complete", "expired"] as const;
const PAID_STATES = ["paid", "unpaid"] as const;

/**
 * The library hands over any JSON without an `error` key as a success, whatever its status: a proxy's 404, an empty object. So the
 * kind and the id are looked at before anything else. Throws `unreadable`.
 */
export function demandObject(body: unknown, kind: string, idPrefix: string): void {
  const { object, id } = (body ?? {}) as { object?: unknown; id?: unknown };
  if (object !== kind || typeof id !== "string" || !id.startsWith(idPrefix))
    throw new ProcessorError("unreadable", `the processor answered with something other than a ${kind}`);
}

/** The same for a list. Throws `unreadable`. */
export function demandList(answer: unknown): void {
  const { object, data } = (answer ?? {}) as { object?: unknown; data?: unknown };
  if (object !== "list" || !Array.isArray(data))
    throw new ProcessorError("unreadable", "the processor answered with something other than a list");
}

/** A session as the product sees it. Throws `unreadable` for what is no session or lacks its amount. */
export function readSession(session: Stripe.Checkout.Session): CheckoutFacts {
  demandObject(session, "checkout.session", "cs_");
  const status = SESSION_STATES.find((known) => known === session.status);
  if (!status) throw new ProcessorError("unreadable", "a session is in a state that is not known");
  return {
    sessionId: session.id,
    url: session.url ?? undefined,
    status,
    paymentStatus: PAID_STATES.find((known) => known === session.payment_status) ?? "other",
    paymentIntentId: idOf(session.payment_intent),
    checkoutId: session.metadata?.[METADATA.checkout],
    amountMinor: readMinor(session.amount_total),
    currency: readCurrency(session.currency),
  };
}

/** A payment as the product sees it, with its disputes. Needs `latest_charge.balance_transaction` expanded. Throws `unreadable`. */
export function readPayment(intent: Stripe.PaymentIntent, disputes: readonly Stripe.Dispute[]): PaymentFacts {
  demandObject(intent, "payment_intent", "pi_");
  const charge = objectOf(intent.latest_charge);
  const movement = objectOf(charge?.balance_transaction ?? null);
  const state = readState(intent);
  const problem = intent.last_payment_error;
  return {
    paymentIntentId: intent.id,
    state,
    amountMinor: readMinor(state === "succeeded" ? intent.amount_received : intent.amount),
    currency: readCurrency(intent.currency),
    chargeId: charge?.id,
    method: readMethod(charge?.payment_method_details?.type),
    methodLabel: labelOf(charge),
    payerName: charge?.billing_details?.name ?? undefined,
    payerEmail: charge?.billing_details?.email ?? undefined,
    failureReason: problem ? (problem.message ?? "The payment was declined.") : undefined,
    triedAt: charge ? instantOf(charge.created) : undefined,
    feeMinor: movement ? readMinor(movement.fee) : 0n,
    refundedMinor: charge ? readMinor(charge.amount_refunded) : 0n,
    dispute: gravest(disputes.map(({ status }) => readDispute(status))),
    checkoutId: intent.metadata?.[METADATA.checkout],
    linkId: intent.metadata?.[METADATA.link],
    // The balance moves when the money is taken; a bank debit's charge itself is days older.
    paidAt: state === "succeeded" && charge ? instantOf((movement ?? charge).created) : undefined,
    expectedOn: movement ? dayAt(movement.available_on) : undefined,
  };
}

/** New words may come at any time and are never a success. https://docs.stripe.com/payments/paymentintents/lifecycle */
function readState(intent: Stripe.PaymentIntent): PaymentFacts["state"] {
  switch (intent.status) {
    case "succeeded":
      return "succeeded";
    case "processing":
      return "processing";
    case "canceled":
      return "cancelled";
    case "requires_payment_method":
      return intent.last_payment_error ? "failed" : "open";
    case "requires_action":
    case "requires_confirmation":
      return "open";
    default:
      return "other";
  }
}

/** A word that is not known is taken for an open dispute: a person looks. https://docs.stripe.com/api/disputes/object */
function readDispute(status: string): PaymentFacts["dispute"] {
  if (status === "won" || status === "lost") return status;
  // An inquiry that was closed and a dispute that was prevented moved no money.
  if (status === "warning_closed" || status === "prevented") return "none";
  return "open";
}

const GRAVITY = ["open", "lost", "won"] as const;

function gravest(found: readonly PaymentFacts["dispute"][]): PaymentFacts["dispute"] {
  return GRAVITY.find((state) => found.includes(state)) ?? "none";
}

function readMethod(type: string | undefined): PaymentFacts["method"] {
  if (type === "card") return "card";
  return type === "us_bank_account" ? "bank_debit" : undefined;
}

const BRANDS: Readonly<Record<string, string>> = {
  amex: "American Express",
  diners: "Diners Club",
  discover: "Discover",
  jcb: "JCB",
  mastercard: "Mastercard",
  unionpay: "UnionPay",
  visa: "Visa",
};

/** `Visa ··4242`, `Bank account ··6789`: what the payer recognises, and nothing more of the number. */
function labelOf(charge: Stripe.Charge | undefined): string {
  const details = charge?.payment_method_details;
  if (details?.card) return `${BRANDS[details.card.brand ?? ""] ?? "Card"} ··${details.card.last4 ?? ""}`;
  if (details?.us_bank_account) return `Bank account ··${details.us_bank_account.last4 ?? ""}`;
  return "";
}

/** A whole number of cents, never negative. Throws `unreadable`. */
export function readMinor(amount: unknown): bigint {
  if (typeof amount !== "number" || !Number.isSafeInteger(amount) || amount < 0)
    throw new ProcessorError("unreadable", "an amount of the processor is not a whole number of cents");
  return BigInt(amount);
}

/** `usd` becomes `USD`. Throws `unreadable`. */
export function readCurrency(currency: unknown): string {
  if (typeof currency !== "string" || !/^[a-z]{3}$/i.test(currency))
    throw new ProcessorError("unreadable", "a currency of the processor cannot be read");
  return currency.toUpperCase();
}

/** An instant of the processor, in seconds since 1970. */
export function instantOf(seconds: number): Date {
  return new Date(seconds * MILLISECONDS);
}

/** The calendar date of such an instant, `YYYY-MM-DD`: the processor counts its days in UTC. */
export function dayAt(seconds: number): string {
  return instantOf(seconds).toISOString().slice(0, 10);
}

/** The id in a field that holds either an id or the whole object. */
export function idOf(field: string | { id: string } | null | undefined): string | undefined {
  return typeof field === "string" ? field : (field?.id ?? undefined);
}

function objectOf<Found extends { id: string }>(field: string | Found | null | undefined): Found | undefined {
  return typeof field === "string" ? undefined : (field ?? undefined);
}
