import { formatMoney } from "../base/money.ts";
import type { IconName } from "../ui/icons.tsx";
import { UNDONE_WORDS } from "./undone-words.ts";

export type EventWords = {
  icon: IconName;
  title: string;
  tone?: "info" | "good";
  detail?: (after: EventFacts) => string | undefined;
};
/** What the record keeps of an event. */
export type EventFacts = Readonly<Record<string, unknown>>;

/** What the record's actions are called on a link's time line. */
export const EVENT_WORDS: Readonly<Record<string, EventWords>> = {
  ...UNDONE_WORDS,
  "link.issued": { icon: "plus", title: "Created", detail: issuedDetail },
  "link.resent": { icon: "mail", title: "Sent again" },
  "link.corrected": {
    icon: "mail",
    title: "Address corrected",
    detail: () => "The earlier link opens nothing any more.",
  },
  "link.extended": { icon: "calendar", title: "Expiry changed" },
  "link.cancelled": { icon: "x", title: "Cancelled" },
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
  "link.viewed": { icon: "eye", title: "Viewed", tone: "info" },
  "link.tried": { icon: "card", title: "Payment declined", detail: reasonOf },
  "link.freshAsked": { icon: "mail", title: "The payer asked for a fresh link" },
  "checkout.opened": { icon: "card", title: "Went to the card processor", tone: "info" },
  "checkout.completed": { icon: "card", title: "Finished at the card processor", tone: "info" },
  "checkout.expired": { icon: "clock", title: "Visit to the card processor ended" },
  "checkout.abandoned": { icon: "clock", title: "Visit to the card processor did not begin" },
  "payment.processing": { icon: "s-wait", title: "Bank payment begun", tone: "info", detail: paidDetail },
  "payment.received": { icon: "receipt", title: "Payment received", tone: "good", detail: paidDetail },
  "payment.failed": { icon: "s-x", title: "Payment failed", detail: reasonOf },
  "payment.matched": { icon: "ledger", title: "Laid on its statement", detail: matchedDetail },
  "posting.needsAttention": { icon: "s-alert", title: "Posting needs attention", detail: reasonOf },
  "email.sent": { icon: "mail", title: "Emailed", detail: kindOf },
  "email.delivered": { icon: "check", title: "Delivered", tone: "info", detail: kindOf },
  "email.opened": { icon: "eye", title: "Email opened", tone: "info", detail: kindOf },
  "email.bounced": { icon: "s-alert", title: "Email bounced", detail: reasonOf },
  "email.complained": { icon: "s-alert", title: "Email reported as spam", detail: reasonOf },
  "email.failed": { icon: "s-alert", title: "Email not sent", detail: reasonOf },
  "email.unclear": { icon: "s-alert", title: "Email may or may not have been sent", detail: reasonOf },
};

const EMAIL_WORDS: Record<string, string> = {
  request: "The request",
  receipt: "The receipt",
  on_its_way: "Word that the bank payment is on its way",
  bank_failed: "Word that the bank payment failed",
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

function reasonOf(after: EventFacts): string | undefined {
  return typeof after.reason === "string" ? after.reason : undefined;
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
