import { dayOf } from "../base/day.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { linkUrl } from "../links/address.ts";
import { findLink, type LinkRow } from "../links/queries.ts";
import { hasGreeting } from "../settings/templates.ts";
import { findPayment, listPaymentLines, type PaymentRow, type Sender } from "./facts-queries.ts";
import { type Composed, type LetterBlock, type LetterLine, toParagraphs } from "./letter.ts";
import { linkFacts, writeTemplate } from "./letter-facts.ts";
import { letterLine, typedLine } from "./link-block.ts";
import type { EmailRow } from "./queries.ts";
import type { Tongue } from "./words.ts";

type PaymentMail = "receipt" | "on_its_way" | "bank_failed" | "refund";

/**
 * An email about one payment. The payer's bank and the processor set the days; nothing here promises one. Undefined when there is no
 * such payment, or no refund of it.
 */
export async function paymentLetter(
  tx: Tx,
  cx: FirmContext,
  sender: Sender,
  email: EmailRow & { kind: PaymentMail },
  tongue: Tongue,
): Promise<Composed | undefined> {
  const payment = email.payment_id === null ? undefined : await findPayment(tx, cx.firmId, email.payment_id);
  const link = payment && (await findLink(tx, cx.firmId, payment.link_id));
  if (!payment || !link) return undefined;
  const amountMinor = email.kind === "refund" ? refundedOf(email, payment) : payment.amount_minor;
  if (amountMinor <= 0n) return undefined;
  const about: About = { sender, payment, link, kind: email.kind, amountMinor, tongue };
  const { subject, body } = await textOf(tx, cx, about);
  const showsLink = email.kind !== "bank_failed" || link.state === "outstanding";
  const block = await blockOf(tx, about, showsLink ? linkUrl(cx, link) : undefined);
  const { words } = tongue;
  return {
    subject,
    letter: {
      tongue,
      title: subject,
      mark: undefined,
      preview: `${block.amount}, ${words.reference(payment.reference)}`,
      greeting: hasGreeting(body) ? undefined : words.dear(payment.payer_name),
      paragraphs: [
        ...toParagraphs(body),
        ...(email.kind === "bank_failed" ? [failureText(payment.failure_reason, showsLink, tongue)] : []),
      ],
      blocks: [block],
      link: undefined,
      notes: payment.account_kind === "trust" && isArriving(email.kind) ? [words.trust] : [],
      sentBy: undefined,
    },
  };
}

type About = {
  sender: Sender;
  payment: PaymentRow;
  link: LinkRow;
  kind: PaymentMail;
  amountMinor: bigint;
  tongue: Tongue;
};

/** What one refund gives back, in minor units: named by the topic, else all that was refunded. */
function refundedOf(email: EmailRow, payment: PaymentRow): bigint {
  return /^\d{1,15}$/.test(email.topic ?? "") ? BigInt(email.topic ?? "") : payment.refunded_minor;
}

async function textOf(tx: Tx, cx: FirmContext, about: About): Promise<{ subject: string; body: string }> {
  const { sender, payment, link, kind, amountMinor, tongue } = about;
  const money = { minor: amountMinor, currency: payment.currency };
  if (kind === "refund") {
    const words = tongue.words.refund;
    const day = tongue.longDay(dayOfPayment(payment, sender));
    return {
      subject: words.subject(sender.firmName),
      body: words.body(sender.firmName, tongue.money(money), day),
    };
  }
  const facts = { ...(await linkFacts(tx, sender, link)), payerName: payment.payer_name, amount: money };
  return await writeTemplate(tx, cx.firmId, kind, facts, tongue);
}

async function blockOf(tx: Tx, about: About, url: string | undefined): Promise<LetterBlock> {
  const { sender, payment, kind, amountMinor, tongue } = about;
  const { words } = tongue;
  const day = tongue.longDay(dayOfPayment(payment, sender));
  const note = [day, payment.method_label, words.reference(payment.reference)];
  const faces = {
    receipt: { caption: words.received, button: words.seeReceipt },
    on_its_way: { caption: words.underWay, button: words.seePayment },
    bank_failed: { caption: words.notCompleted, button: words.payAgain },
    refund: { caption: words.refunded, button: words.seeReceipt },
  } as const satisfies Record<PaymentMail, { caption: string; button: string }>;
  return {
    caption: faces[kind].caption,
    amount: tongue.money({ minor: amountMinor, currency: payment.currency }),
    note: note.filter((part) => part !== "").join(", "),
    // A refund may give back a part of each line; which is the bookkeeper's business.
    lines: kind === "refund" ? [] : await linesOf(tx, about),
    button: url === undefined ? undefined : { label: faces[kind].button, url },
  };
}

async function linesOf(tx: Tx, { payment, link, tongue }: About): Promise<LetterLine[]> {
  const lines = await listPaymentLines(tx, payment.firm_id, payment.id);
  const laid = lines.filter((line) => line.number !== null);
  if (laid.length > 0) return laid.map((line) => letterLine(line, payment.currency, tongue));
  return link.source === "matters" ? [] : [typedLine(link, payment.amount_minor, tongue)];
}

function dayOfPayment(payment: PaymentRow, sender: Sender): string {
  return dayOf(payment.received_at ?? payment.created_at, sender.timeZone);
}

function isArriving(kind: PaymentMail): boolean {
  return kind === "receipt" || kind === "on_its_way";
}

/** The processor gives reasons in English only; another language does without. */
function failureText(reason: string | null, canPayAgain: boolean, { words, language }: Tongue): string {
  const isSaid = reason !== null && language === "en";
  const why = isSaid ? `The bank's reason: ${reason.replace(/\.$/, "")}. ` : "";
  return `${why}${canPayAgain ? words.tryAgain : words.askFirst}`;
}
