import { record } from "../audit/record.ts";
import { newId, newReference } from "../base/id.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { moveLink } from "../links/move.ts";
import type { LinkRow } from "../links/queries.ts";
import { canMove as canMoveLink } from "../links/state.ts";
import { type CheckoutRow, findLinkPayment, listLinkStatements } from "../pay/queries.ts";
import { enqueue } from "../queue/enqueue.ts";
import type { PaymentFacts } from "../stripe/port.ts";
import type { UndoneFacts } from "../stripe/undone.ts";
import { allocate } from "./allocate.ts";
import { askForPostings } from "./ask-postings.ts";
import { followUp } from "./follow-up.ts";
import {
  findMerchantAccount,
  findPaymentByIntent,
  findSurplus,
  insertPayment,
  type PaymentRow,
  updatePayment,
} from "./queries.ts";
import { recordUndone } from "./record-undone.ts";
import { canMove, linkStateAfter, type PaymentState } from "./state.ts";

/** 35 random bits: short enough to read out on the telephone. */
const REFERENCE_LENGTH = 7;

export type Told = {
  link: LinkRow;
  checkout: CheckoutRow | undefined;
  facts: {
    processorAccount: string;
    undone: UndoneFacts | undefined;
    /** Just before the processor was asked. */
    readAt: Date;
  };
  payment: PaymentFacts;
  state: PaymentState;
};

/**
 * Writes what the processor says of one payment, in the caller's transaction, which holds the link's lock. Returns whether anything is
 * new. Money is never dropped: a second payment of the link, or one that differs from what was asked, is kept with its whole amount on no
 * statement, so that a person must look.
 */
export async function recordPayment(tx: Tx, who: FirmContext, told: Told): Promise<boolean> {
  const known = await findPaymentByIntent(tx, who.firmId, told.payment.paymentIntentId);
  if (!known) {
    const row = await insertNew(tx, who, told);
    await arrive(tx, who, told, row);
    await recordUndone(tx, who, row, told.facts.undone);
    return true;
  }
  // An answer to an earlier question than the last one that was applied says nothing new.
  if (known.read_at !== null && told.facts.readAt < known.read_at) return false;
  const moves = canMove(known.state, told.state);
  const row = await updatePayment(tx, who.firmId, known.id, {
    ...factsOf(told),
    ...(moves ? { ...stateOf(who, told), is_surplus: await isSurplus(tx, who, told) } : {}),
  });
  const changed = await noteChange(tx, who, known, row);
  if (moves) await arrive(tx, who, told, row);
  const isUndone = await recordUndone(tx, who, row, told.facts.undone);
  return moves || changed || isUndone;
}

async function insertNew(tx: Tx, who: FirmContext, told: Told): Promise<PaymentRow> {
  const { link, checkout, payment } = told;
  const account = await findMerchantAccount(tx, who.firmId, told.facts.processorAccount);
  if (!account) throw new Error("a payment arrived on an account that no longer belongs to the firm");
  const surplus = await isSurplus(tx, who, told);
  const difference = differenceOf(told);
  const lines = surplus || difference ? [] : await listLinkStatements(tx, who.firmId, link.id);
  const id = newId();
  const row = await insertPayment(
    tx,
    {
      ...factsOf(told),
      firm_id: who.firmId,
      id,
      reference: newReference("PAY", REFERENCE_LENGTH),
      link_id: link.id,
      checkout_id: checkout?.id ?? null,
      merchant_account_id: account.id,
      account_kind: account.kind,
      processor_account: told.facts.processorAccount,
      payment_intent_id: payment.paymentIntentId,
      ...stateOf(who, told),
      is_surplus: surplus,
      amount_minor: payment.amountMinor,
      currency: payment.currency,
      method: payment.method ?? checkout?.method ?? "card",
      payer_name: payment.payerName ?? link.payer_name,
      payer_email: payment.payerEmail ?? null,
      created_at: who.now(),
    },
    allocate(payment.amountMinor, lines),
  );
  if (difference) {
    const entry = {
      action: "payment.differs",
      objectKind: "payment",
      objectId: id,
      linkId: link.id,
    } as const;
    await record(tx, who, { ...entry, ...difference });
  }
  return row;
}

/** What may change as long as the payment lives. */
function factsOf({ payment, facts }: Told) {
  return {
    charge_id: payment.chargeId ?? null,
    fee_minor: payment.feeMinor,
    refunded_minor: payment.refundedMinor,
    dispute: payment.dispute,
    method_label: payment.methodLabel,
    expected_on: payment.expectedOn ?? null,
    read_at: facts.readAt,
  };
}

/** The state, with when the money came or why it did not: written once, when the payment comes into it. */
function stateOf(who: FirmContext, { payment, state }: Told) {
  return {
    state,
    received_at: state === "succeeded" ? (payment.paidAt ?? who.now()) : null,
    failure_reason: state === "failed" ? (payment.failureReason ?? "The payment failed.") : null,
  };
}

/** Whether another payment of this link is under way or taken: then this one is too much. */
async function isSurplus(tx: Tx, who: FirmContext, { link, payment, state }: Told): Promise<boolean> {
  if (state === "failed") return false;
  const live = await findLinkPayment(tx, who.firmId, link.id);
  return live !== undefined && live.payment_intent_id !== payment.paymentIntentId;
}

/** What was asked and what came, when they are not the same. Without a checkout of ours nothing can be compared but the link. */
function differenceOf({ link, checkout, payment, facts }: Told) {
  const asked = {
    amountMinor: checkout?.amount_minor ?? link.amount_minor,
    currency: checkout?.currency ?? link.currency,
    account: checkout?.processor_account ?? facts.processorAccount,
  };
  const came = {
    amountMinor: payment.amountMinor,
    currency: payment.currency,
    account: facts.processorAccount,
  };
  const isSame =
    asked.amountMinor === came.amountMinor &&
    asked.currency === came.currency &&
    asked.account === came.account;
  return isSame ? undefined : { before: asked, after: came };
}

/** What became known of a payment. Refunds and disputes have records of their own beside it. */
async function noteChange(tx: Tx, who: FirmContext, before: PaymentRow, after: PaymentRow): Promise<boolean> {
  const pick = (row: PaymentRow) => ({
    refundedMinor: row.refunded_minor,
    dispute: row.dispute,
    feeMinor: row.fee_minor,
  });
  const [was, is] = [pick(before), pick(after)];
  const isUndone = was.refundedMinor !== is.refundedMinor || was.dispute !== is.dispute;
  if (was.feeMinor === is.feeMinor) return isUndone;
  await record(tx, who, {
    action: "payment.changed",
    objectKind: "payment",
    objectId: after.id,
    linkId: after.link_id,
    before: was,
    after: is,
  });
  return true;
}

/** The payment came into a new state: the link follows, and what must happen next is enqueued. */
async function arrive(tx: Tx, who: FirmContext, told: Told, row: PaymentRow): Promise<void> {
  const link = row.is_surplus ? told.link : await leadLink(tx, who, told.link, row);
  await followUp(tx, who, { link, checkout: told.checkout, payment: row });
  if (row.state !== "failed") return;
  // A second payment that was too much is not, once the first has failed: it pays the link.
  const surplus = await findSurplus(tx, who.firmId, link.id);
  if (!surplus || (await findLinkPayment(tx, who.firmId, link.id))) return;
  const promoted = await updatePayment(tx, who.firmId, surplus.id, { is_surplus: false });
  const entry = { action: "payment.promoted", objectKind: "payment", objectId: promoted.id } as const;
  await record(tx, who, { ...entry, linkId: link.id, before: { surplus: true }, after: { surplus: false } });
  await leadLink(tx, who, link, promoted);
  if (promoted.state === "succeeded") await askForPostings(tx, who.firmId, promoted.id);
}

async function leadLink(tx: Tx, who: FirmContext, link: LinkRow, row: PaymentRow): Promise<LinkRow> {
  const to = linkStateAfter({ state: row.state, amountMinor: row.amount_minor }, link);
  if (to === undefined || !canMoveLink(link.state, to)) return link;
  // A second payment that fails leaves the link with the first, which is under way still.
  if (row.state === "failed" && (await findLinkPayment(tx, who.firmId, link.id))) return link;
  // Whether anything follows is the firm's setting, which the job reads.
  if (to === "part_paid") await enqueue(tx, "links.succeed", { firmId: who.firmId, linkId: link.id });
  return await moveLink(tx, who, link, to);
}
