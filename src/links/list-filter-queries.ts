import { type RawBuilder, type SqlBool, sql } from "kysely";
import { addDays, type Day } from "../base/day.ts";
import { never } from "../base/error.ts";
import {
  AGES,
  type DayBucket,
  type DeliveryFilter,
  type LinkFilter,
  OVERDUE,
  wordsOf,
} from "./list-filter.ts";
import type { LinkState } from "./state.ts";

// The table is called `link` in every statement that these conditions stand in.

/** So many matches of a search are looked at, the newest first: the search's function in the database gives no more. */
export const MATCH_LIMIT = 10_000;

/** Whose links, and how the firm reads the clock. */
export type Scope = {
  firmId: string;
  timeZone: string;
  today: Day;
  now: Date;
  /** What the filter's search found, when several questions are asked about one filter. */
  matches?: readonly string[] | undefined;
};

/** What a link is now: `stateAt` in the database. */
export function stateNow(now: Date): RawBuilder<LinkState> {
  return sql`case when link.state = 'outstanding' and link.expires_at <= ${now} then 'expired' else link.state end`;
}

/** The condition that a link of the firm fulfils a filter. */
export function fulfils(scope: Scope, filter: LinkFilter): RawBuilder<SqlBool> {
  const conditions = [
    sql<SqlBool>`link.firm_id = ${scope.firmId}`,
    ...(filter.state === undefined ? [] : [isIn(filter.state, scope.now)]),
    ...matches(scope, filter),
    ...days(scope, filter),
    ...facts(scope, filter),
  ];
  return sql`(${sql.join(conditions, sql` and `)})`;
}

/** The ids of what a search finds, the newest first. */
export function searchMatches(words: readonly string[], most: number): RawBuilder<{ link_id: string }> {
  const wanted = words.map((word) => word.toLowerCase());
  return sql`select link_id from search_links(${wanted}::text[], ${most})`;
}

function isIn(state: LinkState, now: Date): RawBuilder<SqlBool> {
  if (state === "outstanding") return sql`(link.state = 'outstanding' and link.expires_at > ${now})`;
  if (state === "expired")
    return sql`(link.state = 'expired' or (link.state = 'outstanding' and link.expires_at <= ${now}))`;
  return sql`link.state = ${state}`;
}

function matches(scope: Scope, filter: LinkFilter): RawBuilder<SqlBool>[] {
  const words = wordsOf(filter);
  if (words.length > 0 && scope.matches !== undefined) return [sql`link.id = any(${scope.matches}::uuid[])`];
  return words.length === 0 ? [] : [sql`link.id in (${searchMatches(words, MATCH_LIMIT)})`];
}

function days(scope: Scope, filter: LinkFilter): RawBuilder<SqlBool>[] {
  const { today } = scope;
  const age = filter.age === undefined ? undefined : ago(today, AGES[filter.age]);
  const overdue = filter.overdue === undefined ? undefined : ago(today, OVERDUE[filter.overdue]);
  return [
    ...sentBetween(scope, filter.sentFrom, filter.sentTo),
    ...(age ? sentBetween(scope, age.from, age.to) : []),
    ...dueBetween(filter.dueFrom, filter.dueTo),
    ...(overdue ? dueBetween(overdue.from, overdue.to) : []),
  ];
}

/** The days that lie so many days back. */
function ago(today: Day, bucket: DayBucket): { from: Day | undefined; to: Day } {
  return {
    from: bucket.most === undefined ? undefined : addDays(today, -bucket.most),
    to: addDays(today, -bucket.least),
  };
}

/** Midnight is the firm's, also on the days on which clocks change. */
function sentBetween({ timeZone }: Scope, from: Day | undefined, to: Day | undefined): RawBuilder<SqlBool>[] {
  const midnight = (day: Day) => sql`(${day}::date::timestamp at time zone ${timeZone})`;
  return [
    ...(from === undefined ? [] : [sql<SqlBool>`link.created_at >= ${midnight(from)}`]),
    ...(to === undefined ? [] : [sql<SqlBool>`link.created_at < ${midnight(addDays(to, 1))}`]),
  ];
}

function dueBetween(from: Day | undefined, to: Day | undefined): RawBuilder<SqlBool>[] {
  return [
    ...(from === undefined ? [] : [sql<SqlBool>`link.due_on >= ${from}::date`]),
    ...(to === undefined ? [] : [sql<SqlBool>`link.due_on <= ${to}::date`]),
  ];
}

function facts(scope: Scope, filter: LinkFilter): RawBuilder<SqlBool>[] {
  const { expiresWithinDays } = filter;
  return [
    ...(filter.leastMinor === undefined ? [] : [sql<SqlBool>`link.amount_minor >= ${filter.leastMinor}`]),
    ...(filter.mostMinor === undefined ? [] : [sql<SqlBool>`link.amount_minor <= ${filter.mostMinor}`]),
    ...(filter.accountId === undefined ? [] : [sql<SqlBool>`link.merchant_account_id = ${filter.accountId}`]),
    ...(filter.source === undefined ? [] : [sql<SqlBool>`link.source = ${filter.source}`]),
    ...(filter.senderId === undefined ? [] : [sql<SqlBool>`link.created_by = ${filter.senderId}`]),
    ...(filter.delivery === undefined ? [] : [hasCome(filter.delivery)]),
    ...(expiresWithinDays === undefined ? [] : [expiresWithin(scope, expiresWithinDays)]),
    ...(filter.batchId === undefined ? [] : [isOfBatch(filter.batchId)]),
  ];
}

function hasCome(delivery: DeliveryFilter): RawBuilder<SqlBool> {
  switch (delivery) {
    case "viewed":
      return sql`link.last_viewed_at is not null`;
    case "not_viewed":
      return sql`(link.delivery <> 'not_emailed' and link.last_viewed_at is null)`;
    case "tried":
      return sql`link.tried_at is not null`;
    case "not_emailed":
    case "queued":
    case "sent":
    case "delivered":
    case "bounced":
      return sql`link.delivery = ${delivery}`;
    default:
      return never(delivery);
  }
}

/** Only what can still run out: the open links. */
function expiresWithin({ now }: Scope, expiresInDays: number): RawBuilder<SqlBool> {
  const until = new Date(now.getTime() + expiresInDays * 86_400_000);
  return sql`(link.state = 'outstanding' and link.expires_at > ${now} and link.expires_at <= ${until})`;
}

function isOfBatch(batchId: string): RawBuilder<SqlBool> {
  return sql`exists (select from bulk_row made where made.firm_id = link.firm_id and made.link_id = link.id
    and made.batch_id = ${batchId})`;
}
