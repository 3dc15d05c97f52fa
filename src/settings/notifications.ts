import type { Typed } from "./section.ts";

/** What members may be told by email, in the order of the page. */
export const NOTICE_EVENTS = [
  "payment",
  "payment_failed",
  "bounce",
  "dispute",
  "refund_failed",
  "expiring",
  "fresh_link",
  "posting_problem",
  "difference",
] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

export const EVENT_LABELS: Readonly<Record<NoticeEvent, string>> = {
  payment: "A payment arrived",
  payment_failed: "A bank payment failed or was returned",
  bounce: "A request could not be delivered",
  dispute: "A payer disputes a payment",
  refund_failed: "A refund did not reach the payer",
  expiring: "A link is about to expire unpaid",
  fresh_link: "A payer asks for a fresh link",
  posting_problem: "A posting needs attention",
  difference: "Money does not agree, or wrongly left a trust account",
};

/** Whom the first box of a rule stands for: the sender of the link, or for what is no sender's matter those who keep the books. */
export function firstHearers(event: NoticeEvent): string {
  return event === "difference" || event === "refund_failed"
    ? "every bookkeeper and administrator"
    : "the sender";
}

type NoticeRule = { toSender: boolean; memberIds: readonly string[] };
export type Notifications = {
  rules: Readonly<Record<NoticeEvent, NoticeRule>>;
  /** Days before a link expires, as it stands in the box. */
  expiryDays: string;
  copiesToSender: boolean;
};
export type NoticeMember = { id: string; name: string };

export const MOST_EXPIRY_DAYS = 30;

export const NOTICE_LABELS: Readonly<Record<string, string>> = {
  ...EVENT_LABELS,
  expiryDays: "Days before a link expires",
  copies: "Copies of requests to their sender",
};

/** Notifications as words by name, for the record and for comparing two states. */
export function inWords(notifications: Notifications, members: readonly NoticeMember[]): Typed {
  const nameOf = (id: string) => members.find((member) => member.id === id)?.name ?? "a former member";
  const who = (event: NoticeEvent) => {
    const { toSender, memberIds } = notifications.rules[event];
    return (
      [...(toSender ? [firstHearers(event)] : []), ...memberIds.map(nameOf).toSorted()].join(", ") || "nobody"
    );
  };
  return {
    ...Object.fromEntries(NOTICE_EVENTS.map((event) => [event, who(event)])),
    expiryDays: notifications.expiryDays,
    copies: notifications.copiesToSender ? "on" : "off",
  };
}

/** The rules from a question about each. */
export function rulesOf(ruleOf: (event: NoticeEvent) => NoticeRule): Notifications["rules"] {
  return {
    payment: ruleOf("payment"),
    payment_failed: ruleOf("payment_failed"),
    bounce: ruleOf("bounce"),
    dispute: ruleOf("dispute"),
    refund_failed: ruleOf("refund_failed"),
    expiring: ruleOf("expiring"),
    fresh_link: ruleOf("fresh_link"),
    posting_problem: ruleOf("posting_problem"),
    difference: ruleOf("difference"),
  };
}
