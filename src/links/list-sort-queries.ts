import { type RawBuilder, type SqlBool, sql } from "kysely";
import { type Scope, stateNow } from "./list-filter-queries.ts";
import type { Sort, SortKey } from "./list-sort.ts";
import { KEPT } from "./received-queries.ts";

// Facts of a link that are read from other tables. The table of links is called `link` in every statement around them.

/** What is not there of what was asked for, also where it went back; null once the firm asks for nothing more. Minor units. */
const LEFT = sql<bigint | null>`(case when link.state <> 'cancelled' then link.amount_minor - ${KEPT} end)`;
export const STATEMENTS = sql<string>`(select coalesce(string_agg(laid_on.number, ', ' order by part.position), link.invoice_number)
  from link_allocation part
  join statement laid_on on laid_on.firm_id = part.firm_id and laid_on.id = part.statement_id
  where part.firm_id = link.firm_id and part.link_id = link.id)`;
export const RESPONSIBLE = sql<string>`coalesce((select coalesce(matter.responsible, '') from matter
  where matter.firm_id = link.firm_id and matter.id = link.matter_id), '')`;
export const REMINDED = sql<Date | null>`(select max(sent.settled_at) from reminder sent
  where sent.firm_id = link.firm_id and sent.link_id = link.id and sent.state = 'sent')`;
export const BATCH_NAME = sql<string>`coalesce((select batch.file_name from bulk_row made
  join bulk_batch batch on batch.firm_id = made.firm_id and batch.id = made.batch_id
  where made.firm_id = link.firm_id and made.link_id = link.id), '')`;
export const SENDER = sql<string>`(select person.name from member join person on person.id = member.person_id
  where member.firm_id = link.firm_id and member.id = link.created_by)`;
export const ACCOUNT = sql<string>`(select account.name from merchant_account account
  where account.firm_id = link.firm_id and account.id = link.merchant_account_id)`;
/** When the payer is reminded next; null when no reminder is due, or the link's time is up. */
export function nextReminder(now: Date): RawBuilder<Date | null> {
  return sql<Date | null>`(case when link.expires_at > ${now} then link.next_reminder_at end)`;
}
const CLIENT = sql`coalesce(nullif(link.client_name, ''), link.payer_name)`;
/** How far a link came with its payer, the furthest step last. */
const REACH = sql`(case when link.tried_at is not null then 6 when link.last_viewed_at is not null then 5
  else array_position(array['not_emailed', 'queued', 'bounced', 'sent', 'delivered'], link.delivery) - 1 end)`;

/** What a row is ordered by: one or two values that are never null, then its id. Empty ones come last in either direction. */
function keysOf(sort: Sort, now: Date): RawBuilder<unknown>[] {
  const { descending } = sort;
  const text = (value: RawBuilder<unknown>) => [
    descending ? sql`(${value} <> '')::int` : sql`(${value} = '')::int`,
    sql`lower(${value})`,
  ];
  const instant = (value: RawBuilder<unknown>) => [
    sql`coalesce(${value}, ${sql.lit(descending ? "-infinity" : "infinity")}::timestamptz)`,
  ];
  const known: Record<SortKey, () => RawBuilder<unknown>[]> = {
    client: () => text(CLIENT),
    reference: () => [sql`link.reference`],
    payer: () => text(sql`link.payer_name`),
    emails: () => text(sql`coalesce(link.payer_emails[1], '')`),
    for: () => text(sql`link.description`),
    statements: () => text(STATEMENTS),
    responsible: () => text(RESPONSIBLE),
    account: () => text(ACCOUNT),
    amount: () => [sql`link.amount_minor`],
    paid: () => [KEPT],
    left: () => [sql`coalesce(${LEFT}, ${sql.lit(descending ? "-1" : "9223372036854775807")}::bigint)`],
    state: () => [
      sql`array_position(array['outstanding', 'processing', 'payment_received', 'part_paid', 'cancelled', 'expired'], ${stateNow(now)})`,
    ],
    engagement: () => [REACH],
    viewed: () => instant(sql`link.last_viewed_at`),
    sent: () => [sql`link.created_at`],
    due: () => [sql`coalesce(link.due_on, ${sql.lit(descending ? "-infinity" : "infinity")}::date)`],
    expires: () => [sql`link.expires_at`],
    closed: () => instant(sql`link.closed_at`),
    source: () => [sql`link.source`],
    batch: () => text(BATCH_NAME),
    sender: () => text(SENDER),
    reminded: () => instant(REMINDED),
    next: () => instant(nextReminder(now)),
  };
  return [...known[sort.key](), sql`link.id`];
}

/** The order of a list. `backwards` turns it around, to find the page before a row. */
export function inOrder(sort: Sort, now: Date, backwards = false): RawBuilder<unknown> {
  const direction = sql.raw(sort.descending === backwards ? "asc" : "desc");
  return sql.join(keysOf(sort, now).map((key) => sql`${key} ${direction}`));
}

/**
 * The condition that a row stands behind another in the list, or before it when `backwards`. The other is found by its id and compared
 * in the database: its instants are finer than a JavaScript date, and it may have moved since it was shown.
 */
export function beyond(
  scope: Scope,
  sort: Sort,
  anchor: { id: string; backwards: boolean },
): RawBuilder<SqlBool> {
  const keys = sql.join(keysOf(sort, scope.now));
  const of = sql`(select ${keys} from payment_link link where link.firm_id = ${scope.firmId} and link.id = ${anchor.id})`;
  const sign = sql.raw(sort.descending === anchor.backwards ? ">" : "<");
  return sql`(${keys}) ${sign} ${of}`;
}
