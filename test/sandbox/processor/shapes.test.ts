import type Stripe from "stripe";
import { expect, test } from "vitest";
import { misfits, publishedSchema } from "./schema.ts";
import { bank, card, OPERATING, type Stand, sessionFor, startStand } from "./stand.ts";

const on = { stripeAccount: OPERATING };

/** The fields of each resource that are always there, as the API's version 2026-10-28.endive has them. */
const ALWAYS: Record<string, string> = {
  "checkout.session": `id object allowed_payment_method_types amount_subtotal amount_total cancel_url
    client_reference_id created currency customer_details customer_email expires_at
    line_items livemode metadata mode payment_intent payment_method_types payment_status
    status success_url total_details ui_mode url`,
  payment_intent: `id object allowed_payment_method_types amount amount_received canceled_at
    cancellation_reason client_secret created currency description last_payment_error
    latest_charge livemode metadata next_action payment_method payment_method_types
    payment_record receipt_email status`,
  charge: `id object amount amount_captured amount_refunded balance_transaction billing_details
    captured created currency disputed failure_code failure_message livemode metadata
    outcome paid payment_intent payment_method payment_method_details receipt_url refunded
    status`,
  balance_transaction: `id object amount available_on balance_type created currency description fee
    fee_details net reporting_category source status type`,
  refund:
    "id object amount balance_transaction charge created currency metadata payment_intent reason status",
  dispute: `id object amount balance_transactions charge created currency evidence evidence_details
    intended_submission_method is_charge_refundable metadata payment_intent reason status`,
  payout: `id object amount arrival_date automatic balance_transaction created currency
    failure_code reconciliation_status status trace_id type`,
  account:
    "id object business_profile charges_enabled controller details_submitted email payouts_enabled type",
  event: "id object account api_version created data livemode pending_webhooks request type",
  webhook_endpoint:
    "id object api_version application created description enabled_events livemode metadata status url",
};

/** Every state that the resources go through, made on purpose. */
async function samples({
  stripe,
  pay,
  submit,
  control,
  delivered,
}: Stand): Promise<Record<string, unknown[]>> {
  const make = () => stripe.checkout.sessions.create(sessionFor(), on);
  for (const fields of [
    card(),
    card("4000000000000002"),
    card("4000002500003155"),
    bank(),
    bank("000222222227"),
  ]) {
    await pay(await make(), fields);
  }
  const checked = await make();
  await pay(checked, card("4000002760003184"));
  await submit(`/c/pay/${checked.id}/authenticate`, { outcome: "complete" });
  const refused = await make();
  await pay(refused, card("4000002760003184"));
  await submit(`/c/pay/${refused.id}/authenticate`, { outcome: "fail" });
  await stripe.checkout.sessions.expire((await make()).id, {}, on);
  await delivered("checkout.session.async_payment_failed");
  await delivered("checkout.session.async_payment_succeeded");
  const charges = (await stripe.charges.list({ limit: 100 }, on)).data;
  const paid = charges.filter(({ status }) => status === "succeeded");
  for (const [index, { id }] of paid.entries()) {
    await stripe.refunds.create({ charge: id, amount: 1_000, reason: "duplicate" }, on);
    await control("dispute", { charge: id, inquiry: index === 0 });
  }
  const payable = await make();
  await pay(payable, card("4000000000005126"));
  const last = await stripe.checkout.sessions.retrieve(payable.id, {}, on);
  await stripe.refunds.create({ payment_intent: String(last.payment_intent), amount: 100 }, on);
  await delivered("refund.failed");
  await pay(await stripe.checkout.sessions.create(sessionFor(90_000), on));
  const payout = await control("payout", { account: OPERATING });
  await delivered("payout.paid");
  await control("payout/fail", { payout: payout.id });
  return listAll(stripe);
}

async function listAll(stripe: Stripe): Promise<Record<string, unknown[]>> {
  const all = { limit: 100 };
  const expand = ["data.line_items"];
  return {
    "checkout.session": (await stripe.checkout.sessions.list({ ...all, expand }, on)).data,
    payment_intent: (await stripe.paymentIntents.list(all, on)).data,
    charge: (await stripe.charges.list(all, on)).data,
    balance_transaction: (await stripe.balanceTransactions.list(all, on)).data,
    refund: (await stripe.refunds.list(all, on)).data,
    dispute: (await stripe.disputes.list(all, on)).data,
    payout: (await stripe.payouts.list(all, on)).data,
    account: (await stripe.accounts.list(all)).data,
    event: (await stripe.events.list(all, on)).data,
    webhook_endpoint: (await stripe.webhookEndpoints.list(all)).data,
  };
}

test("every resource, in every state, has the published shape", async () => {
  const stand = await startStand({ bankDebitDelayMilliseconds: 0 });
  const made = await samples(stand);
  const schema = publishedSchema();
  for (const [name, fields] of Object.entries(ALWAYS)) {
    const objects = made[name] ?? [];
    expect(objects.length, name).toBeGreaterThan(0);
    for (const object of objects) {
      // What the library adds to an answer is not the API's.
      const plain = JSON.parse(JSON.stringify(object)) as Record<string, unknown>;
      for (const field of fields.split(/\s+/)) expect(plain, name).toHaveProperty(field);
      expect(plain.object).toBe(name);
      if (schema !== undefined) expect(misfits(schema, name, plain), JSON.stringify(plain)).toEqual([]);
    }
  }
});

test("the states that the shapes were checked in are all there", async () => {
  const stand = await startStand({ bankDebitDelayMilliseconds: 0 });
  const made = await samples(stand);
  const seen = (name: string, field: string) =>
    new Set((made[name] ?? []).map((object) => (object as Record<string, unknown>)[field]));
  expect(seen("checkout.session", "status")).toEqual(new Set(["open", "complete", "expired"]));
  expect(seen("payment_intent", "status")).toEqual(
    new Set(["requires_payment_method", "requires_action", "succeeded"]),
  );
  expect(seen("charge", "status")).toEqual(new Set(["succeeded", "failed"]));
  expect(seen("refund", "status")).toEqual(new Set(["succeeded", "failed"]));
  expect(seen("dispute", "status")).toEqual(new Set(["needs_response", "warning_needs_response", "lost"]));
  expect(seen("payout", "status")).toEqual(new Set(["failed"]));
});

test("an event's object has the published shape of its kind", async () => {
  const stand = await startStand({ bankDebitDelayMilliseconds: 0 });
  const events = ((await samples(stand)).event ?? []) as Stripe.Event[];
  const schema = publishedSchema();
  for (const { data, type } of events) {
    const object = data.object as unknown as Record<string, unknown>;
    expect(
      type.startsWith(String(object.object).split("_")[0] ?? "") || type.startsWith("charge."),
      type,
    ).toBe(true);
    if (schema !== undefined) expect(misfits(schema, String(object.object), object), type).toEqual([]);
  }
});
