import type { Selectable } from "kysely";
import { formatInstant } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import type { AuditEvent } from "../db/schema.ts";
import type { IconName } from "../ui/icons.tsx";
import type { TimelineEntry } from "../ui/lists.tsx";

type Words = {
  icon: IconName;
  title: string;
  tone?: "info" | "good";
  detail?: (after: Facts) => string | undefined;
};
type Facts = Readonly<Record<string, unknown>>;

/** What the record's actions are called on a link's time line. */
const WORDS: Record<string, Words> = {
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

/** A line of the firm's record in plain words, for the time line. Times in the firm's zone. */
export function describeEvent(event: Selectable<AuditEvent>, timeZone: string): TimelineEntry {
  const words = WORDS[event.action] ?? { icon: "flag", title: plainAction(event.action) };
  const after = isFacts(event.after) ? event.after : {};
  const who = event.actor_kind === "mail" ? undefined : event.actor_name;
  const detail = [words.detail?.(after), who].filter((part) => part !== undefined && part !== "").join(" ");
  return {
    icon: words.icon,
    title: words.title,
    ...(words.tone === undefined ? {} : { tone: words.tone }),
    time: formatInstant(event.at, timeZone),
    dateTime: event.at.toISOString(),
    detail: detail === "" ? undefined : detail,
  };
}

/** `posting.setAside` becomes `Posting set aside`: for what other features record. */
function plainAction(action: string): string {
  const text = action
    .replace(".", " ")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
  return `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}`;
}

function issuedDetail(after: Facts): string | undefined {
  const money = moneyOf(after);
  return money === undefined ? undefined : `For ${money}, by`;
}

function successorDetail(after: Facts): string | undefined {
  return [after.successor, moneyOf(after)].filter((part) => typeof part === "string").join(", ");
}

function kindOf(after: Facts): string | undefined {
  const words = EMAIL_WORDS[String(after.kind)];
  return words === undefined ? undefined : `${words}.`;
}

function reasonOf(after: Facts): string | undefined {
  return typeof after.reason === "string" ? after.reason : undefined;
}

function moneyOf(after: Facts): string | undefined {
  const { amountMinor, currency } = after;
  if (typeof amountMinor !== "string" || !/^\d+$/.test(amountMinor) || typeof currency !== "string")
    return undefined;
  return formatMoney({ minor: BigInt(amountMinor), currency });
}

function isFacts(value: unknown): value is Facts {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
