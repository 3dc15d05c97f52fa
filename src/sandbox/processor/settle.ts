import { notAllowed } from "./api/problems.ts";
import { failCharge, succeedCharge } from "./charges.ts";
import { type Context, seconds } from "./context.ts";
import { openDispute } from "./disputes.ts";
import { refuse, succeedIntent } from "./hosted/outcome.ts";
import { newId } from "./store/identifiers.ts";
import { find, get, insert, save } from "./store/objects.ts";
import { planIn, unplan } from "./store/tasks.ts";
import { emit } from "./webhooks/events.ts";

/**
 * The days are over: a pending bank debit succeeds or fails, as its account number says. Throws when it is
 * not pending.
 */
export function settleBankDebit(cx: Context, chargeId: string): void {
  const charge = get(cx, "charge", chargeId, "charge");
  if (charge.body.status !== "pending") throw notAllowed(`Charge ${chargeId} is not pending.`);
  unplan(cx, "settle_bank_debit", chargeId);
  const intent = get(cx, "payment_intent", charge.body.payment_intent ?? "");
  const session =
    intent.hidden.session === null ? undefined : find(cx, "checkout.session", intent.hidden.session);
  const { decline, fate } = charge.hidden;
  if (decline === null) {
    emit(cx, "charge.succeeded", succeedCharge(cx, charge));
    succeedIntent(cx, intent, {});
    if (fate !== "none") planIn(cx, "follow_up_charge", chargeId, cx.delays.followUpMilliseconds);
  } else {
    const method = get(cx, "payment_method", intent.body.payment_method ?? "").body;
    emit(cx, "charge.failed", failCharge(cx, charge, decline));
    refuse(cx, intent, method, decline, chargeId);
  }
  if (session === undefined) return;
  if (decline === null) {
    session.body = { ...session.body, payment_status: "paid" };
    save(cx, session);
  }
  emit(cx, `checkout.session.async_payment_${decline === null ? "succeeded" : "failed"}`, session.body);
}

/** What some test numbers make happen a while after the payment. */
export function followUpCharge(cx: Context, chargeId: string): void {
  const { body, hidden } = get(cx, "charge", chargeId);
  switch (hidden.fate) {
    case "dispute_fraudulent":
      openDispute(cx, chargeId, { reason: "fraudulent" });
      break;
    case "dispute_not_received":
      openDispute(cx, chargeId, { reason: "product_not_received" });
      break;
    case "inquiry":
      openDispute(cx, chargeId, { reason: "general", inquiry: true });
      break;
    case "bank_return":
      openDispute(cx, chargeId, { reason: "insufficient_funds" });
      break;
    case "early_fraud_warning":
      warnOfFraud(cx, chargeId, body.payment_intent);
      break;
  }
}

function warnOfFraud(cx: Context, charge: string, paymentIntent: string | null): void {
  const warning = insert(
    cx,
    "radar.early_fraud_warning",
    {
      id: newId("issfr"),
      object: "radar.early_fraud_warning",
      actionable: true,
      charge,
      created: seconds(cx),
      fraud_type: "made_with_stolen_card",
      livemode: false,
      payment_intent: paymentIntent,
    },
    {},
  );
  emit(cx, "radar.early_fraud_warning.created", warning.body);
}
