import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { queueEmail } from "../delivery/queue.ts";
import { findLink } from "../links/queries.ts";
import { findCheckout } from "../pay/queries.ts";
import { enqueue } from "../queue/enqueue.ts";
import type { PaymentRow } from "./queries.ts";
import { receiptPlace } from "./receipt-place.ts";
import type { RefundRow } from "./undone-queries.ts";

/** Queues the email that tells the payer of a refund that went through, once, to where the receipt went. */
export async function tellRefund(
  tx: Tx,
  who: FirmContext,
  payment: PaymentRow,
  refund: RefundRow,
): Promise<void> {
  const checkout =
    payment.checkout_id === null ? undefined : await findCheckout(tx, who.firmId, payment.checkout_id);
  const link = await findLink(tx, who.firmId, payment.link_id);
  const place = receiptPlace(payment, checkout, link);
  if (!place) return;
  await queueEmail(tx, who, {
    kind: "refund",
    intent: `refund:${refund.id}`,
    ...place,
    linkId: payment.link_id,
    paymentId: payment.id,
    topic: refund.amount_minor.toString(),
  });
}

/** Tells those who keep the firm's books of a refund that the payer did not get, once for each way in which it ended. */
export function tellOfFailedRefund(tx: Tx, refund: RefundRow): Promise<void> {
  return enqueue(tx, "delivery.notify", {
    firmId: refund.firm_id,
    event: "refund_failed",
    occurrence: `${refund.id}:${refund.state}`,
    paymentId: refund.payment_id,
  });
}
