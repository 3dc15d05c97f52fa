import { createCharge, failCharge, succeedCharge } from "../charges.ts";
import type { Context } from "../context.ts";
import type { ChargeHidden, Decline, Fate, PaymentMethod, Session } from "../resources.ts";
import { type Stored, save } from "../store/objects.ts";
import { planIn, unplan } from "../store/tasks.ts";
import { emit } from "../webhooks/events.ts";
import { chargeDetails } from "./methods.ts";

/** What the payer sees next. `closed`: the session was paid or ended before this attempt. */
export type Result =
  | { next: "success"; session: Session }
  | { next: "authenticate" }
  | { next: "declined"; message: string }
  | { next: "closed" };

type Outcome = { decline: Decline | null; fate: Fate; authenticated: boolean };

/** Charges a card and finishes the session, or refuses with the reason. */
export function chargeCard(
  cx: Context,
  session: Stored<"checkout.session">,
  intent: Stored<"payment_intent">,
  method: PaymentMethod,
  { decline, fate, authenticated }: Outcome,
): Result {
  const hidden: ChargeHidden = { fate, decline: null, stays: false };
  const details = chargeDetails(method, intent.body.amount, authenticated);
  const made = createCharge(cx, intent.body, method, details, hidden);
  if (decline !== null) {
    emit(cx, "charge.failed", failCharge(cx, made, decline));
    return refuse(cx, intent, method, decline, made.body.id);
  }
  emit(cx, "charge.succeeded", succeedCharge(cx, made));
  succeedIntent(cx, intent, attempted(made.body.id, method));
  completeSession(cx, session, "paid");
  if (fate !== "none") planIn(cx, "follow_up_charge", made.body.id, cx.delays.followUpMilliseconds);
  return { next: "success", session: session.body };
}

/**
 * What an attempt writes on the intent: its charge and its method, with the traces of earlier ones removed.
 */
export function attempted(charge: string, method: PaymentMethod) {
  return { latest_charge: charge, payment_method: method.id, last_payment_error: null, next_action: null };
}

/** Marks the intent as paid in full. */
export function succeedIntent(
  cx: Context,
  intent: Stored<"payment_intent">,
  fields: Record<string, unknown>,
): void {
  intent.body = { ...intent.body, ...fields, status: "succeeded", amount_received: intent.body.amount };
  intent.hidden = { ...intent.hidden, pending: null };
  save(cx, intent);
  emit(cx, "payment_intent.succeeded", intent.body);
}

/** Puts the intent back to the start with the reason; the session, while open, can be tried again. */
export function refuse(
  cx: Context,
  intent: Stored<"payment_intent">,
  method: PaymentMethod,
  decline: Decline,
  charge: string | null,
): Result {
  const { decline_code, ...rest } = decline;
  const type = method.type === "card" && charge !== null ? "card_error" : "invalid_request_error";
  intent.body = {
    ...intent.body,
    status: "requires_payment_method",
    payment_method: null,
    next_action: null,
    latest_charge: charge ?? intent.body.latest_charge,
    last_payment_error: {
      ...rest,
      ...(charge === null ? {} : { charge }),
      ...(decline_code === null ? {} : { decline_code }),
      doc_url: `https://stripe.com/docs/error-codes/${decline.code}`,
      payment_method: method,
      type,
    },
  };
  intent.hidden = { ...intent.hidden, pending: null };
  save(cx, intent);
  emit(cx, "payment_intent.payment_failed", intent.body);
  return { next: "declined", message: decline.message };
}

/** Ends an open session with a payment: paid, or authorised only. */
export function completeSession(
  cx: Context,
  session: Stored<"checkout.session">,
  paymentStatus: "paid" | "unpaid",
): void {
  session.body = { ...session.body, status: "complete", payment_status: paymentStatus, url: null };
  save(cx, session);
  unplan(cx, "expire_session", session.body.id);
  emit(cx, "checkout.session.completed", session.body);
}
