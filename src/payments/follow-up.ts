import { record } from "../audit/record.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { type EmailKind, queueEmail } from "../delivery/queue.ts";
import type { LinkRow } from "../links/queries.ts";
import { noteTried } from "../pay/note-tried.ts";
import { type CheckoutRow, findPayableCheckout } from "../pay/queries.ts";
import { enqueue } from "../queue/enqueue.ts";
import { askForPostings } from "./ask-postings.ts";
import type { PaymentRow } from "./queries.ts";
import { receiptPlace } from "./receipt-place.ts";
import type { PaymentState } from "./state.ts";

const ACTIONS = {
  processing: "payment.processing",
  succeeded: "payment.received",
  failed: "payment.failed",
} as const satisfies Record<PaymentState, string>;

const EMAILS = {
  processing: "on_its_way",
  succeeded: "receipt",
  failed: "bank_failed",
} as const satisfies Record<PaymentState, EmailKind>;

/** What follows when a payment has come into a state, in the same transaction: record, email, postings, the end of other checkouts. */
export async function followUp(
  tx: Tx,
  who: FirmContext,
  about: { link: LinkRow; checkout: CheckoutRow | undefined; payment: PaymentRow },
): Promise<void> {
  const { link, checkout, payment } = about;
  await record(tx, who, {
    action: ACTIONS[payment.state],
    objectKind: "payment",
    objectId: payment.id,
    linkId: link.id,
    after: {
      amountMinor: payment.amount_minor,
      currency: payment.currency,
      method: payment.method_label,
      surplus: payment.is_surplus,
      ...(payment.failure_reason === null ? {} : { reason: payment.failure_reason }),
    },
  });
  const place = receiptPlace(payment, checkout, link);
  if (place) {
    const kind = EMAILS[payment.state];
    const intent = `${kind}:${payment.id}`;
    await queueEmail(tx, who, { kind, intent, linkId: link.id, paymentId: payment.id, ...place });
  }
  if (payment.state !== "processing") await tellFirm(tx, who, payment);
  if (payment.state === "failed") {
    // On a link that is paid by another payment there is nothing left to try.
    if (link.state === "outstanding")
      await noteTried(tx, who, link, payment.failure_reason ?? "The payment failed.");
    return;
  }
  // None begins after this: the link is locked, and takes no payment any more.
  if (await findPayableCheckout(tx, who.firmId, link.id))
    await enqueue(tx, "pay.expireCheckouts", { firmId: who.firmId, linkId: link.id });
  if (payment.state === "succeeded") await askForPostings(tx, who.firmId, payment.id);
}

async function tellFirm(tx: Tx, who: FirmContext, payment: PaymentRow): Promise<void> {
  await enqueue(tx, "delivery.notify", {
    firmId: who.firmId,
    event: payment.state === "failed" ? "payment_failed" : "payment",
    occurrence: payment.id,
    paymentId: payment.id,
  });
}
