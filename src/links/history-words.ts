import { dayOf, formatShortDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import type { IconName } from "../ui/icons.tsx";
import { UNDONE_WORDS } from "./undone-words.ts";

export type EventWords = {
  icon: IconName;
  title: string;
  tone?: "info" | "good";
  detail?: (after: EventFacts, timeZone: string) => string | undefined;
};
/** What the record keeps of an event. */
export type EventFacts = Readonly<Record<string, unknown>>;

/** What the record's actions are called on a link's time line. */
export const EVENT_WORDS: Readonly<Record<string, EventWords>> = {
  ...UNDONE_WORDS,
  "link.issued": { icon: "plus", title: "Created", detail: issuedDetail },
  "link.resent": { icon: "mail", title: "Sent again", detail: recipientsOf },
  "link.corrected": {
    icon: "mail",
    title: "Address corrected",
    detail: (after) => `${recipientsOf(after) ?? ""} The earlier link opens nothing any more.`.trim(),
  },
  "link.extended": { icon: "calendar", title: "Expiry changed", detail: expiryOf },
  "link.cancelled": { icon: "x", title: "Cancelled", detail: reasonOf },
  "link.expired": { icon: "s-expired", title: "Expired" },
  "link.processing": { icon: "s-wait", title: "Bank payment under way", tone: "info" },
  "link.reopened": {
    icon: "undo",
    title: "Open again",
    detail: () => "The bank payment did not go through.",
  },
  "link.paid": { icon: "receipt", title: "Paid in full", tone: "good" },
  "link.partPaid": {
    icon: "receipt",
    title: "Paid in part",
    tone: "good",
    detail: () => "The link took its one payment and is closed.",
  },
  "link.succeeded": { icon: "link", title: "New link made for the rest", detail: successorDetail },
  "link.notSucceeded": {
    icon: "s-alert",
    title: "No new link could be made for the rest by itself",
    detail: reasonOf,
  },
  "link.viewed": { icon: "eye", title: "Viewed", tone: "info" },
  "link.tried": { icon: "card", title: "Payment declined", detail: reasonOf },
  "link.freshAsked": { icon: "mail", title: "The payer asked for a fresh link" },
  "pay.unchecked": {
    icon: "s-alert",
    title: "Went on without the check for robots",
    detail: () => "Its service did not answer, and your firm lets payers through then.",
  },
  "checkout.opened": { icon: "card", title: "Went to the card processor", tone: "info" },
  "checkout.completed": { icon: "card", title: "Finished at the card processor", tone: "info" },
  "checkout.expired": { icon: "clock", title: "Visit to the card processor ended" },
  "checkout.abandoned": { icon: "clock", title: "Visit to the card processor did not begin" },
  "payment.processing": { icon: "s-wait", title: "Bank payment begun", tone: "info", detail: paidDetail },
  "payment.received": { icon: "receipt", title: "Payment received", tone: "good", detail: paidDetail },
  "payment.failed": { icon: "s-x", title: "Payment failed", detail: reasonOf },
  "payment.matched": { icon: "ledger", title: "Laid on its statement", detail: matchedDetail },
  "payment.changed": { icon: "undo", title: "The card processor changed the payment" },
  "payment.differs": {
    icon: "s-alert",
    title: "The payment is not what was asked",
    detail: () => "It lies on no statement until a bookkeeper has looked.",
  },
  "payment.promoted": {
    icon: "receipt",
    title: "The second payment counts",
    detail: () => "The first one failed.",
  },
  "posting.released": { icon: "ledger", title: "Posting released" },
  "posting.started": { icon: "ledger", title: "Posting begun" },
  "posting.delayed": { icon: "clock", title: "Posting put off", detail: reasonOf },
  "posting.markedPosted": {
    icon: "ledger",
    title: "Marked as posted by hand",
    tone: "good",
    detail: postedDetail,
  },
  "posting.needsAttention": { icon: "s-alert", title: "Posting needs attention", detail: problemOf },
  "posting.laid": { icon: "ledger", title: "Laid on a statement by hand", detail: laidDetail },
  "reminder.sent": { icon: "bell", title: "Reminder sent", detail: reminderDetail },
  "reminder.skipped": { icon: "bell", title: "Reminder left out", detail: skippedDetail },
  "reminder.switchedOn": { icon: "bell", title: "Reminders switched on" },
  "reminder.switchedOff": { icon: "bell", title: "Reminders switched off" },
  "email.sent": { icon: "mail", title: "Emailed", detail: kindOf },
  "email.delivered": { icon: "check", title: "Delivered", tone: "info", detail: kindOf },
  "email.opened": { icon: "eye", title: "Email opened", tone: "info", detail: kindOf },
  "email.bounced": { icon: "s-alert", title: "Email bounced", detail: failedDetail },
  "email.complained": { icon: "s-alert", title: "Email reported as spam", detail: failedDetail },
  "email.failed": { icon: "s-alert", title: "Email not sent", detail: failedDetail },
  "email.unclear": { icon: "s-alert", title: "Email may or may not have been sent", detail: failedDetail },
  "email.stopped": {
    icon: "s-alert",
    title: "The recipient asked for no more emails",
    detail: () => "Nothing further arrives at that address.",
  },
  "email.allowed": { icon: "mail", title: "Emails to the address are allowed again" },
};

const EMAIL_WORDS: Record<string, string> = {
  request: "The request",
  receipt: "The receipt",
  on_its_way: "Word that the bank payment is on its way",
  bank_failed: "Word that the bank payment failed",
  reminder: "A reminder",
  refund: "Word of the refund",
  copy: "The sender's copy",
};

const PROBLEM_WORDS: Record<string, string> = {
  no_statement: "It lies on no statement yet.",
  no_connection: "No matter system is connected to take it.",
  statement_closed: "The statement is closed in the matter system.",
  balance_changed: "The statement's balance has changed.",
  rejected: "The matter system refused it.",
  unclear: "Nobody knows whether the matter system took it.",
  surplus: "It is a second payment of the same link.",
  unsupported: "The matter system cannot be written to.",
  double_entry: "The matter system shows it twice.",
};

const SKIP_WORDS: Record<string, string> = {
  off: "Reminders were switched off for this link.",
  processing: "A payment was under way.",
  bounced: "The address took no email.",
  no_address: "There is no address to write to.",
  missed: "Its day had passed.",
  overtaken: "A later one was due as well.",
  same_day: "Another one fell on the same day.",
  already_today: "One was sent on this day already.",
};

function issuedDetail(after: EventFacts): string | undefined {
  const money = moneyOf(after);
  return money === undefined ? undefined : `For ${money}, by`;
}

function successorDetail(after: EventFacts): string | undefined {
  return [after.successor, moneyOf(after)].filter((part) => typeof part === "string").join(", ");
}

function matchedDetail(after: EventFacts): string | undefined {
  return typeof after.statement === "string" ? `Found by the number ${after.statement}.` : undefined;
}

function kindOf(after: EventFacts): string | undefined {
  const words = EMAIL_WORDS[String(after.kind)];
  return words === undefined ? undefined : `${words}.`;
}

/** A request needs no name: the link is about it. */
function failedDetail(after: EventFacts): string | undefined {
  const kind = after.kind === "request" ? undefined : kindOf(after);
  return join(kind, reasonOf(after));
}

function reasonOf(after: EventFacts): string | undefined {
  return typeof after.reason === "string" ? stop(after.reason) : undefined;
}

function recipientsOf(after: EventFacts): string | undefined {
  if (typeof after.recipients !== "number" || after.recipients === 0) return undefined;
  return after.recipients === 1 ? "To 1 address." : `To ${after.recipients} addresses.`;
}

function expiryOf(after: EventFacts, timeZone: string): string | undefined {
  if (typeof after.expiresAt !== "string") return undefined;
  const at = new Date(after.expiresAt);
  return Number.isNaN(at.getTime()) ? undefined : `Until ${formatShortDay(dayOf(at, timeZone))}.`;
}

function problemOf(after: EventFacts): string | undefined {
  return typeof after.text === "string"
    ? stop(after.text)
    : (reasonOf(after) ?? PROBLEM_WORDS[String(after.problem)]);
}

function postedDetail(after: EventFacts): string | undefined {
  const system = typeof after.system === "string" ? after.system : undefined;
  if (typeof after.externalId !== "string" || after.externalId === "") return system && `${system}.`;
  return system === undefined ? `Number ${after.externalId}.` : `${system} confirmed ${after.externalId}.`;
}

function laidDetail(after: EventFacts): string | undefined {
  return typeof after.statement === "string" ? `On ${after.statement}.` : undefined;
}

function reminderDetail(after: EventFacts): string | undefined {
  const how = after.byHand === true ? "By hand." : undefined;
  const step = typeof after.step === "number" ? `Step ${after.step}.` : undefined;
  return join(how, step, recipientsOf(after));
}

function skippedDetail(after: EventFacts): string | undefined {
  const step = typeof after.step === "number" ? `Step ${after.step}.` : undefined;
  return join(step, SKIP_WORDS[String(after.reason)]);
}

function join(...parts: readonly (string | undefined)[]): string | undefined {
  const said = parts.filter((part) => part !== undefined && part !== "");
  return said.length === 0 ? undefined : said.join(" ");
}

function stop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function paidDetail(after: EventFacts): string | undefined {
  const parts = [moneyOf(after), after.method].filter((part) => typeof part === "string" && part !== "");
  return parts.length === 0 ? undefined : `${parts.join(", ")}.`;
}

function moneyOf(after: EventFacts): string | undefined {
  const { amountMinor, currency } = after;
  if (typeof amountMinor !== "string" || !/^\d+$/.test(amountMinor) || typeof currency !== "string")
    return undefined;
  return formatMoney({ minor: BigInt(amountMinor), currency });
}
