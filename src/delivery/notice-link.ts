import { dayOf, formatLongDay } from "../base/day.ts";
import { never } from "../base/error.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { countExpiringWith } from "../links/expiring-queries.ts";
import { lastDayOf } from "../links/notice-expiring.ts";
import { findSuccessor, type LinkRow } from "../links/queries.ts";
import { stateAt } from "../links/state.ts";
import { findPayment, type PaymentRow, type Sender } from "./facts-queries.ts";
import type { Told } from "./notice-difference.ts";
import { tellDispute, tellFailedRefund, tellReturn } from "./notice-undone.ts";
import { askedOf, moneyOf, paidOf, stop, toLink, toPostings } from "./notice-words.ts";
import { listPostingTroubles, type NoticeEvent } from "./notify-queries.ts";
import type { EmailRow } from "./queries.ts";

type About = {
  link: LinkRow;
  payment: PaymentRow | undefined;
  sender: Sender;
  troubles: string[];
  /** Whether it expired unpaid, and whether another was made in its place since. */
  isOver: boolean;
  isSucceeded: boolean;
  /** Other links of the same sender that expire on the same day. */
  alsoExpiring: number;
};
type LinkEvent = Exclude<NoticeEvent, "difference">;
type ToldOfLink = Omit<Told, "otherwise">;

/** What a notice about a link says as things stand; undefined when it is not true any more. */
export async function tellOfLink(
  tx: Tx,
  cx: FirmContext,
  sender: Sender,
  email: EmailRow,
  link: LinkRow | undefined,
): Promise<Told | undefined> {
  if (!link) return undefined;
  const payment = email.payment_id === null ? undefined : await findPayment(tx, cx.firmId, email.payment_id);
  const about = {
    link,
    payment,
    sender,
    troubles: payment ? await listPostingTroubles(tx, cx.firmId, payment.id) : [],
    isOver: stateAt(link, cx.now()) === "expired",
    isSucceeded: (await findSuccessor(tx, cx.firmId, link.id)) !== undefined,
    alsoExpiring:
      email.topic === "expiring"
        ? await countExpiringWith(tx, cx.firmId, link, lastDayOf(link, sender.timeZone))
        : 0,
  };
  const told = await tell(tx, email.topic as LinkEvent, about);
  return told && { ...told, otherwise: toLink(link) };
}

async function tell(tx: Tx, event: LinkEvent, about: About): Promise<ToldOfLink | undefined> {
  const { link, payment } = about;
  const { timeZone } = about.sender;
  switch (event) {
    case "payment":
      return tellPayment(about);
    case "payment_failed":
      return tellFailure(about) ?? (payment && (await tellReturn(tx, { link, payment, timeZone })));
    case "bounce":
      return tellBounce(about);
    case "dispute":
      return payment && (await tellDispute(tx, { link, payment, timeZone }));
    case "refund_failed":
      return payment && (await tellFailedRefund(tx, { link, payment, timeZone }));
    case "expiring":
      return tellExpiry(about);
    case "posting_problem":
      return tellPosting(about);
    case "fresh_link":
      return tellFreshLink(about);
    default:
      return never(event);
  }
}

function tellPayment({ link, payment }: About): ToldOfLink | undefined {
  if (payment?.state !== "succeeded") return undefined;
  const left = link.amount_minor - payment.amount_minor;
  const rest =
    link.state === "part_paid" && left > 0n
      ? `It is a part: ${moneyOf(left, link)} of ${askedOf(link)} is still owed.`
      : "";
  return {
    title: payment.is_surplus
      ? `${link.reference} was paid twice: one payment must be refunded`
      : `Payment received for ${link.reference}`,
    paragraphs: [
      `${payment.payer_name} paid ${paidOf(payment)}${by(payment)} for ${link.description}. Its reference is ${payment.reference}.`,
      ...(rest === "" ? [] : [rest]),
    ],
    ...toLink(link),
  };
}

function tellFailure({ link, payment }: About): ToldOfLink | undefined {
  if (payment?.state !== "failed") return undefined;
  const why = payment.failure_reason === null ? "" : ` The reason: ${stop(payment.failure_reason)}`;
  const next =
    link.state === "outstanding"
      ? "The link is open again, and the payer was told by email how to pay."
      : "Nothing was received by this payment.";
  return {
    title: `A payment failed for ${link.reference}`,
    paragraphs: [
      `The payment of ${paidOf(payment)} of ${payment.payer_name} for ${link.description} did not go through.${why}`,
      next,
    ],
    ...toLink(link),
  };
}

function tellBounce({ link }: About): ToldOfLink | undefined {
  if (link.state !== "outstanding" || link.delivery !== "bounced") return undefined;
  return {
    title: `An email about ${link.reference} did not arrive`,
    paragraphs: [
      `${link.payer_emails.length > 1 ? "Not every email" : "The email"} to ${link.payer_name} about ${askedOf(link)} for ${link.description} ${link.payer_emails.length > 1 ? "arrived" : "did not arrive"}. ${stop(link.delivery_reason ?? "")}`.trim(),
      "Until the address is corrected, the payer may not know of the request, and no reminder goes out.",
    ],
    label: "Fix and resend",
    path: `/links/${link.id}/correct`,
  };
}

function tellExpiry({ link, sender, alsoExpiring }: About): ToldOfLink | undefined {
  if (link.state !== "outstanding") return undefined;
  const day = formatLongDay(dayOf(link.expires_at, sender.timeZone));
  const seen = link.last_viewed_at === null ? "The payer never opened it." : "The payer opened it.";
  if (alsoExpiring > 0) return tellExpiries(link, day, alsoExpiring + 1);
  return {
    title: `${link.reference} is about to expire unpaid`,
    paragraphs: [
      `The link that asks ${link.payer_name} for ${askedOf(link)} for ${link.description} expires on ${day}. ${seen}`,
      "You can extend it, send it again, or let it end.",
    ],
    ...toLink(link),
  };
}

function tellPosting({ link, payment, troubles }: About): ToldOfLink | undefined {
  if (!payment || troubles.length === 0) return undefined;
  return {
    title: `A posting for ${link.reference} needs attention`,
    paragraphs: [
      `The payment ${payment.reference} of ${paidOf(payment)} by ${payment.payer_name} is not fully written into the matter system.`,
      ...new Set(troubles),
    ],
    ...toPostings(payment),
  };
}

function tellFreshLink({ link, sender, isOver, isSucceeded }: About): ToldOfLink | undefined {
  if (!isOver || isSucceeded) return undefined;
  const day = formatLongDay(dayOf(link.expires_at, sender.timeZone));
  return {
    title: `The payer of ${link.reference} asks for a fresh link`,
    paragraphs: [
      `The link that asked ${link.payer_name} for ${askedOf(link)} for ${link.description} expired on ${day}. The payer opened it and asks for a new one.`,
      "Nothing was sent to them. A new link for the same amount is made on the page of the old one.",
    ],
    ...toLink(link),
  };
}

/** One notice for a sender's links of one day: nobody reads a hundred. */
function tellExpiries(link: LinkRow, day: string, count: number): ToldOfLink {
  return {
    title: `${count} links are about to expire unpaid`,
    paragraphs: [
      `${count} links from one sender expire unpaid on ${day}. ${link.reference} is one of them.`,
      "You can extend them, send them again, or let them end.",
    ],
    label: "See them in Sent Pages",
    path: `/sent?tab=outstanding&sender=${link.created_by}&sort=expires`,
  };
}

function by(payment: PaymentRow): string {
  return payment.method_label === "" ? "" : ` by ${payment.method_label}`;
}
