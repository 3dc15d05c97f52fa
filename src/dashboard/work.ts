import { formatMoney } from "../base/money.ts";
import { may, type Role } from "../base/permission.ts";
import { sentHref } from "../links/list-address.ts";
import { problemTitle } from "../postings/problem-words.ts";
import { formatCount } from "../ui/listing.tsx";
import type { QueueItem } from "../ui/work.tsx";
import type { FigureFilter, Sums } from "./figure-queries.ts";
import { WORK_KINDS, type WorkKind, workHref } from "./kinds.ts";
import { BOUNCED, DECLINED, type LinkTrouble, type PostingTrouble, type Troubles } from "./queries.ts";
import { type Dashboard, EXPIRING } from "./read-dashboard.ts";

/** What needs a person, most urgent first, of one kind or of all; what is too much to name is counted. */
export function workOf(dashboard: Dashboard, role: Role, kind: WorkKind | undefined): QueueItem[] {
  const items: Record<WorkKind, () => QueueItem[]> = {
    connection: () => dashboard.needAuthorization.map((connection) => authorizationItem(connection, role)),
    captcha: () => captchaItems(dashboard.captchaTrouble, role),
    undone: () => dashboard.undone?.items ?? [],
    differences: () => dashboard.differences?.items ?? [],
    posting: () => postingItems(dashboard.postings),
    declined: () => named(dashboard.declined, declinedItem, DECLINED_REST),
    fresh: () => named(dashboard.askedFresh, askedItem, kind === "fresh" ? FRESH_LATER : FRESH_REST),
    bounced: () => named(dashboard.bounced, bouncedItem, BOUNCED_REST),
    expiring: () => expiringItems(dashboard.expiring),
  };
  return WORK_KINDS.filter((each) => kind === undefined || each === kind).flatMap((each) => items[each]());
}

/** How many things of each kind need a person, those too that are only counted. */
export function countWork(dashboard: Dashboard): Record<WorkKind, number> {
  return {
    connection: dashboard.needAuthorization.length,
    captcha: dashboard.captchaTrouble === undefined ? 0 : 1,
    undone: dashboard.undone?.count ?? 0,
    differences: dashboard.differences?.count ?? 0,
    posting: dashboard.postings?.attention ?? 0,
    declined: dashboard.declined.total,
    fresh: dashboard.askedFresh.total,
    bounced: dashboard.bounced.total,
    expiring: countLinks(dashboard.expiring),
  };
}

/** How many links sums stand for, whatever their currency. */
export function countLinks(sums: Sums): number {
  return sums.reduce((count, sum) => count + sum.count, 0);
}

/** What sums amount to, each currency by itself: `$70.00 and CA$5.00`. */
export function amountsOf(sums: Sums): string {
  return sums.map((sum) => formatMoney({ minor: sum.amountMinor, currency: sum.currency })).join(" and ");
}

/** What is said of those that are not named; `all` leads to the list of all of them and says how many it holds. */
type Rest = { plural: string; all: (total: number) => QueueItem["action"] };

const showAll = (filter: FigureFilter) => (total: number) => ({
  label: `Show all ${formatCount(total)}`,
  href: sentHref(filter),
});
const DECLINED_REST: Rest = { plural: "declined payments", all: showAll(DECLINED) };
const BOUNCED_REST: Rest = { plural: "emails that bounced", all: showAll(BOUNCED) };
const FRESH_REST: Rest = {
  plural: "payers who asked for a fresh link",
  all: (total) => ({ label: `Show all ${formatCount(total)}`, href: workHref("fresh") }),
};
/** Sent Pages has no list of them; they move up as those above get their links. */
const FRESH_LATER: Rest = {
  plural: "payers who asked for a fresh link, shown here when those above have theirs",
  all: () => ({ label: "Open expired links", href: sentHref({ state: "expired" }) }),
};

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

const CAPTCHA_REASONS: Readonly<Record<string, string>> = {
  secret: "Its maker does not accept the secret key.",
  keys_differ: "The site key and the secret key do not belong together.",
  test_keys: "Its keys are the maker’s public ones for tests.",
};

function captchaItems(trouble: string | undefined, role: Role): QueueItem[] {
  if (trouble === undefined) return [];
  const canFix = may(role, "settings.manage");
  const who = canFix ? "" : " An administrator of your firm can correct it.";
  return [
    {
      icon: "lock",
      tone: "bad",
      title: "Payers cannot pay: the captcha does not work",
      detail: `${CAPTCHA_REASONS[trouble] ?? ""} Nobody passes it until then.${who}`.trim(),
      action: canFix
        ? { label: "Correct the keys", href: "/settings/security" }
        : { label: "Open Sent Pages", href: "/sent" },
    },
  ];
}

function postingItems(postings: Dashboard["postings"]): QueueItem[] {
  if (!postings) return [];
  const items = postings.troubles.map(postingItem);
  const rest = postings.attention - items.length;
  const action = { label: `Show all ${formatCount(postings.attention)}`, href: POSTINGS_HREF };
  return rest > 0 ? [...items, moreItem(rest, "postings that need attention", action)] : items;
}

const POSTINGS_HREF = "/postings?tab=needs-attention";

function postingItem(trouble: PostingTrouble): QueueItem {
  const amount = formatMoney({ minor: trouble.amountMinor, currency: trouble.currency });
  return {
    icon: "ledger",
    tone: "bad",
    title: problemTitle(trouble).replace(/\.$/, ""),
    detail: `${trouble.payerName}, ${amount}. ${trouble.text ?? ""}`.trim(),
    action: { label: "Open posting", href: `/postings/${trouble.id}` },
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

function askedItem(link: LinkTrouble): QueueItem {
  const amount = formatMoney({ minor: link.amountMinor, currency: link.currency });
  return {
    icon: "clock",
    tone: "warn",
    title: `${link.payerName} asked for a fresh link`,
    detail: `${link.description}, ${amount}. The earlier link has expired.`,
    action: { label: "Open link", href: `/links/${link.id}` },
  };
}

function bouncedItem(link: LinkTrouble): QueueItem {
  return {
    icon: "mail",
    tone: "warn",
    title: `The email to ${link.payerName} bounced`,
    detail: detailOf(link),
    action: { label: "Fix and resend", href: `/links/${link.id}#fix` },
  };
}

function expiringItems(expiring: Sums): QueueItem[] {
  const count = countLinks(expiring);
  if (count === 0) return [];
  const unseen = expiring.reduce((sum, each) => sum + each.unseen, 0);
  const links = `${formatCount(count)} ${count === 1 ? "link" : "links"}`;
  return [
    {
      icon: "clock",
      tone: "warn",
      title: `${links} ${count === 1 ? "expires" : "expire"} within ${EXPIRING.expiresWithinDays} days with ${amountsOf(expiring)} unpaid`,
      detail:
        unseen === 0
          ? "All were opened by the client."
          : `${formatCount(unseen)} never opened by the client.`,
      action: { label: `Review ${links}`, href: sentHref(EXPIRING) },
    },
  ];
}

function named(troubles: Troubles, toItem: (link: LinkTrouble) => QueueItem, rest: Rest): QueueItem[] {
  const more = troubles.total - troubles.named.length;
  const items = troubles.named.map(toItem);
  return more > 0 ? [...items, moreItem(more, rest.plural, rest.all(troubles.total))] : items;
}

function moreItem(count: number, plural: string, action: QueueItem["action"]): QueueItem {
  return { icon: "s-alert", tone: "warn", title: `${formatCount(count)} more ${plural}`, action };
}

function detailOf(link: LinkTrouble): string {
  const amount = formatMoney({ minor: link.amountMinor, currency: link.currency });
  const reason = link.reason ? ` ${link.reason.replace(/\.?$/, ".")}` : "";
  return `${link.description}, ${amount}.${reason}`;
}
