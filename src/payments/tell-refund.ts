import { isLanguage } from "../base/language.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { queueEmail } from "../delivery/queue.ts";
import { findLink } from "../links/queries.ts";
import { findCheckout } from "../pay/queries.ts";
import type { PaymentRow } from "./queries.ts";
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
  const toAddress = checkout?.receipt_email ?? payment.payer_email ?? link?.payer_emails[0];
  if (toAddress === undefined) return;
  await queueEmail(tx, who, {
    kind: "refund",
    intent: `refund:${refund.id}`,
    toAddress,
    linkId: payment.link_id,
    paymentId: payment.id,
    topic: refund.amount_minor.toString(),
    language: isLanguage(checkout?.language) ? checkout.language : undefined,
  });
}
