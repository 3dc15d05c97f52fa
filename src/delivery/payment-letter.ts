import { dayOf, formatLongDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { linkUrl } from "../links/address.ts";
import { findLink } from "../links/queries.ts";
import type { Composed } from "./compose.ts";
import { findPayment, listPaymentLines, type Sender } from "./facts-queries.ts";
import type { LetterBlock } from "./letter.ts";
import type { EmailRow } from "./queries.ts";
import { letterLine, typedLine } from "./request-letter.ts";

type PaymentMail = "receipt" | "on_its_way" | "bank_failed";

/** What each email about a payment says. The payer's bank and the processor set the days; nothing here promises one. */
const WORDS = {
  receipt: {
    title: "Receipt for your payment to",
    caption: "Payment received",
    paragraph: "Thank you. We received your payment. Keep this email as your receipt.",
    button: "See your receipt",
  },
  on_its_way: {
    title: "Your payment is on its way to",
    caption: "Bank payment under way",
    paragraph:
      "Thank you. Your bank payment is on its way. Banks take a few business days; we write again when it has arrived. There is nothing more for you to do.",
    button: "See your payment",
  },
  bank_failed: {
    title: "Your bank payment did not reach",
    caption: "Bank payment not completed",
    paragraph: "Your bank did not complete your payment, so nothing was received.",
    button: "Pay again",
  },
} as const satisfies Record<PaymentMail, Record<string, string>>;

/** An email about one payment. Undefined when there is no such payment. */
export async function paymentLetter(
  tx: Tx,
  cx: FirmContext,
  sender: Sender,
  email: EmailRow,
  kind: PaymentMail,
): Promise<Composed | undefined> {
  const payment = email.payment_id === null ? undefined : await findPayment(tx, cx.firmId, email.payment_id);
  if (!payment) return undefined;
  const link = await findLink(tx, cx.firmId, payment.link_id);
  const words = WORDS[kind];
  const amount = formatMoney({ minor: payment.amount_minor, currency: payment.currency });
  const laid = (await listPaymentLines(tx, cx.firmId, payment.id)).filter((line) => line.number !== null);
  const showsLink = link !== undefined && (kind !== "bank_failed" || link.state === "outstanding");
  const block: LetterBlock = {
    caption: words.caption,
    amount,
    note: note(payment, sender.timeZone),
    lines:
      laid.length === 0 && link && link.source !== "matters"
        ? [typedLine(link, payment.amount_minor)]
        : laid.map((line) => letterLine(line, payment.currency)),
    button: showsLink ? { label: words.button, url: linkUrl(cx, link) } : undefined,
  };
  const title = `${words.title} ${sender.firmName}`;
  return {
    subject: title,
    letter: {
      title,
      preview: `${amount}, reference ${payment.reference}`,
      greeting: `Dear ${payment.payer_name},`,
      paragraphs: [
        words.paragraph,
        ...(kind === "bank_failed" ? [failureText(payment.failure_reason, showsLink)] : []),
      ],
      blocks: [block],
      notes: payment.account_kind === "trust" ? [TRUST_NOTE] : [],
      sentBy: undefined,
    },
  };
}

const TRUST_NOTE = "This payment goes into our client trust account, where it is held for you.";

function note(
  payment: { reference: string; method_label: string; received_at: Date | null; created_at: Date },
  timeZone: string,
): string {
  const day = formatLongDay(dayOf(payment.received_at ?? payment.created_at, timeZone));
  return [day, payment.method_label, `reference ${payment.reference}`]
    .filter((part) => part !== "")
    .join(", ");
}

function failureText(reason: string | null, canPayAgain: boolean): string {
  const why = reason === null ? "" : `The bank's reason: ${reason.replace(/\.$/, "")}. `;
  return canPayAgain
    ? `${why}Please pay again, by card or from another account.`
    : `${why}Please write or call us before you pay again.`;
}
