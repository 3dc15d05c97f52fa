import { createCharge, failCharge } from "../charges.ts";
import { type Context, seconds } from "../context.ts";
import { createIntent } from "../intents.ts";
import type { Decline } from "../resources.ts";
import { expireSession } from "../sessions.ts";
import { get, type Stored, save } from "../store/objects.ts";
import { planIn } from "../store/tasks.ts";
import { emit } from "../webhooks/events.ts";
import {
  type BankEntry,
  type CardEntry,
  chargeDetails,
  type Payer,
  storeBankAccount,
  storeCard,
} from "./methods.ts";
import { attempted, chargeCard, completeSession, type Result, refuse } from "./outcome.ts";

const AUTHENTICATION_FAILED: Decline = {
  code: "payment_intent_authentication_failure",
  decline_code: null,
  message:
    "We are unable to authenticate your payment method. Please choose a different payment " +
    "method and try again.",
};

/** A session that can still be paid, or undefined; one whose time is over is expired on the way. */
export function payableSession(cx: Context, id: string): Stored<"checkout.session"> | undefined {
  const session = get(cx, "checkout.session", id);
  if (session.body.status !== "open") return undefined;
  if (session.body.expires_at > seconds(cx)) return session;
  expireSession(cx, session);
  return undefined;
}

/** Tries to pay a session by card. Call it in a transaction: two attempts at once then make one charge. */
export function payByCard(cx: Context, id: string, entry: CardEntry, payer: Payer): Result {
  const session = payableSession(cx, id);
  if (session === undefined) return { next: "closed" };
  const intent = intentOf(cx, session, payer);
  const method = storeCard(cx, entry, payer);
  const { decline, fate } = entry.card;
  if (!entry.card.authenticates) {
    return chargeCard(cx, session, intent, method, { decline, fate, authenticated: false });
  }
  const url = `${cx.origin}/c/pay/${id}/authenticate`;
  intent.body = {
    ...intent.body,
    status: "requires_action",
    payment_method: method.id,
    last_payment_error: null,
    next_action: {
      type: "redirect_to_url",
      redirect_to_url: { return_url: `${cx.origin}/c/pay/${id}`, url },
    },
  };
  intent.hidden = { ...intent.hidden, pending: { decline, fate } };
  save(cx, intent);
  emit(cx, "payment_intent.requires_action", intent.body);
  return { next: "authenticate" };
}

/** Goes on after the payer's bank asked for 3-D Secure. */
export function authenticate(cx: Context, id: string, passed: boolean): Result {
  const session = payableSession(cx, id);
  if (session === undefined || session.body.payment_intent === null) return { next: "closed" };
  const intent = get(cx, "payment_intent", session.body.payment_intent);
  const { pending } = intent.hidden;
  if (pending === null || intent.body.payment_method === null) return { next: "closed" };
  const method = get(cx, "payment_method", intent.body.payment_method).body;
  if (!passed) return refuse(cx, intent, method, AUTHENTICATION_FAILED, null);
  return chargeCard(cx, session, intent, method, { ...pending, authenticated: true });
}

/**
 * Tries to pay a session by bank debit: an authorised debit leaves the session complete and unpaid until it
 * settles.
 */
export function payByBankDebit(cx: Context, id: string, entry: BankEntry, payer: Payer): Result {
  const session = payableSession(cx, id);
  if (session === undefined) return { next: "closed" };
  const intent = intentOf(cx, session, payer);
  const method = storeBankAccount(cx, entry, payer);
  const { account } = entry;
  const hidden = { fate: account.fate, decline: account.decline, stays: account.stays };
  const pending = createCharge(
    cx,
    intent.body,
    method,
    chargeDetails(method, intent.body.amount, false),
    hidden,
  );
  if (account.refusedAtOnce && account.decline !== null) {
    emit(cx, "charge.failed", failCharge(cx, pending, account.decline));
    return refuse(cx, intent, method, account.decline, pending.body.id);
  }
  intent.body = { ...intent.body, ...attempted(pending.body.id, method), status: "processing" };
  save(cx, intent);
  emit(cx, "payment_intent.processing", intent.body);
  emit(cx, "charge.pending", pending.body);
  completeSession(cx, session, "unpaid");
  if (!account.stays) planIn(cx, "settle_bank_debit", pending.body.id, cx.delays.bankDebitMilliseconds);
  return { next: "success", session: session.body };
}

/** The intent of a session, made at the first attempt, with who pays written on the session. */
function intentOf(cx: Context, session: Stored<"checkout.session">, payer: Payer): Stored<"payment_intent"> {
  const { body, hidden } = session;
  const intent =
    body.payment_intent === null
      ? createIntent(cx, {
          ...hidden.intent_data,
          amount: body.amount_total,
          currency: body.currency,
          allowed: hidden.allowed,
          session: body.id,
        })
      : get(cx, "payment_intent", body.payment_intent);
  session.body = {
    ...body,
    payment_intent: intent.body.id,
    customer_details: {
      address: null,
      business_name: null,
      email: payer.email,
      individual_name: null,
      name: payer.name,
      phone: null,
      tax_exempt: "none",
      tax_ids: [],
    },
  };
  save(cx, session);
  return intent;
}
