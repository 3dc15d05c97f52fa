import { formatMoney } from "../base/money.ts";
import { may, type Role } from "../base/permission.ts";
import { PROBLEM_TITLES } from "../postings/problem-words.ts";
import { formatCount } from "../ui/listing.tsx";
import type { QueueItem } from "../ui/work.tsx";
import type { Expiring, LinkTrouble, PostingTrouble } from "./queries.ts";
import type { Dashboard } from "./read-dashboard.ts";

/** What needs a person, most urgent first: connections, disputes, differences, postings, declined payers, bounced emails, links about to expire. */
export function workOf(dashboard: Dashboard, role: Role): QueueItem[] {
  return [
    ...dashboard.needAuthorization.map((connection) => authorizationItem(connection, role)),
    ...(dashboard.undone?.items ?? []),
    ...(dashboard.differences?.items ?? []),
    ...postingItems(dashboard.postings),
    ...named(dashboard.declined, declinedItem, "declined payments"),
    ...named(dashboard.bounced, bouncedItem, "emails that bounced"),
    ...dashboard.expiring.map(expiringItem),
  ];
}

/** How many things the queue stands for, those that it only counts too. */
export function countWork(dashboard: Dashboard): number {
  const links = (dashboard.declined[0]?.total ?? 0) + (dashboard.bounced[0]?.total ?? 0);
  const expiring = dashboard.expiring.reduce((sum, each) => sum + each.count, 0);
  const money = (dashboard.postings?.attention ?? 0) + (dashboard.differences?.count ?? 0);
  const undone = dashboard.undone?.count ?? 0;
  return dashboard.needAuthorization.length + undone + money + links + expiring;
}

function authorizationItem(connection: { system: string; reason: string | null }, role: Role): QueueItem {
  const canFix = may(role, "connections.manage");
  return {
    icon: "plug",
    tone: "bad",
    title: `${connection.system} must be authorized again`,
    detail:
      `${connection.reason ?? ""} Payments are still taken; nothing is read or written there until then.${
        canFix ? "" : " An administrator of your firm can do it."
      }`.trim(),
    action: canFix
      ? { label: "Authorize", href: "/settings/connections" }
      : { label: "Open Sent Pages", href: "/sent" },
  };
}

function postingItems(postings: Dashboard["postings"]): QueueItem[] {
  if (!postings) return [];
  const items = postings.troubles.map(postingItem);
  const rest = postings.attention - items.length;
  return rest > 0 ? [...items, moreItem(rest, "postings that need attention", POSTINGS_HREF)] : items;
}

const POSTINGS_HREF = "/postings?tab=needs-attention";

function postingItem(trouble: PostingTrouble): QueueItem {
  const amount = formatMoney({ minor: trouble.amountMinor, currency: trouble.currency });
  const title = trouble.problem === null ? "A posting needs attention" : PROBLEM_TITLES[trouble.problem];
  return {
    icon: "ledger",
    tone: "bad",
    title: title.replace(/\.$/, ""),
    detail: `${trouble.payerName}, ${amount}. ${trouble.text ?? ""}`.trim(),
    action: { label: "Open postings", href: POSTINGS_HREF },
  };
}

function declinedItem(link: LinkTrouble): QueueItem {
  return {
    icon: "card",
    tone: "warn",
    title: `A payment of ${link.payerName} was declined`,
    detail: detailOf(link),
    action: { label: "Open link", href: `/links/${link.id}` },
  };
}

function bouncedItem(link: LinkTrouble): QueueItem {
  return {
    icon: "mail",
    tone: "warn",
    title: `The email to ${link.payerName} bounced`,
    detail: detailOf(link),
    action: { label: "Fix and resend", href: `/links/${link.id}` },
  };
}

function expiringItem(expiring: Expiring): QueueItem {
  const { count, unseen } = expiring;
  const amount = formatMoney({ minor: expiring.amountMinor, currency: expiring.currency });
  return {
    icon: "clock",
    tone: "warn",
    title: `${count === 1 ? "1 link expires" : `${formatCount(count)} links expire`} within 3 days with ${amount} unpaid`,
    detail:
      unseen === 0 ? "All were opened by the client." : `${formatCount(unseen)} never opened by the client.`,
    action: { label: "Review links", href: "/sent?tab=outstanding" },
  };
}

function named(links: LinkTrouble[], toItem: (link: LinkTrouble) => QueueItem, plural: string): QueueItem[] {
  const rest = (links[0]?.total ?? 0) - links.length;
  const items = links.map(toItem);
  return rest > 0 ? [...items, moreItem(rest, plural, "/sent?tab=outstanding")] : items;
}

function moreItem(count: number, plural: string, href: string): QueueItem {
  return {
    icon: "s-alert",
    tone: "warn",
    title: `${formatCount(count)} more ${plural}`,
    action: { label: "Show all", href },
  };
}

function detailOf(link: LinkTrouble): string {
  const amount = formatMoney({ minor: link.amountMinor, currency: link.currency });
  const reason = link.reason ? ` ${link.reason.replace(/\.?$/, ".")}` : "";
  return `${link.description}, ${amount}.${reason}`;
}
