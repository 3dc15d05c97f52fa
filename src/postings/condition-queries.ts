import { type SqlBool, sql } from "kysely";
import { Temporal } from "temporal-polyfill";
import type { Tx } from "../db/tx.ts";
import type { PostingFilter } from "./filter.ts";
import { findPaymentIds } from "./search-queries.ts";

/** So many postings are found first and their payments looked up; more are met on the way through the payments. */
const NARROW_LIMIT = 5_000;

/** A filter as the queries understand it. */
export type Conditions = {
  filter: PostingFilter;
  timeZone: string;
  /** What the search found; undefined without one. */
  paymentIds: string[] | undefined;
  /** Whether few postings fulfil it: then they lead to their payments, else the payments to them. */
  isNarrow: boolean;
};

/** Looks up what a filter needs before it can be asked. Days are those of the firm's zone. */
export async function readConditions(
  tx: Tx,
  firmId: string,
  filter: PostingFilter,
  timeZone: string,
): Promise<Conditions> {
  const paymentIds = filter.search === "" ? undefined : await findPaymentIds(tx, firmId, filter.search);
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from (
      select from posting where posting.firm_id = ${firmId} and ${ofPosting(filter)} limit ${NARROW_LIMIT + 1}) found`.execute(
    tx,
  );
  return { filter, timeZone, paymentIds, isNarrow: (rows[0]?.count ?? 0) <= NARROW_LIMIT };
}

/** What a filter asks of a row of `payment` and of its postings. */
export function ofPayment(firmId: string, conditions: Conditions) {
  return sql<SqlBool>`${ofPaymentAlone(firmId, conditions)} and ${hasPosting(firmId, conditions)}`;
}

/** What a filter asks of a row of `payment` itself. */
export function ofPaymentAlone(firmId: string, { filter, timeZone, paymentIds }: Conditions) {
  const parts = [paymentFacts(filter, timeZone)];
  if (paymentIds !== undefined) parts.push(sql<SqlBool>`payment.id = any (${paymentIds}::uuid[])`);
  if (filter.deposit !== undefined) parts.push(inDeposit(firmId, filter.deposit));
  return sql<SqlBool>`${sql.join(parts, sql` and `)}`;
}

/** What a filter asks of a row of `posting`. */
export function ofPosting(filter: PostingFilter) {
  const parts = [inTab(filter.tab)];
  if (filter.system !== undefined) parts.push(sql<SqlBool>`posting.connection_id = ${filter.system}`);
  if (filter.problem !== undefined)
    parts.push(sql<SqlBool>`posting.state = 'needs_attention' and posting.problem = ${filter.problem}`);
  if (filter.held !== undefined) parts.push(sql<SqlBool>`posting.is_unapplied`);
  return sql<SqlBool>`${sql.join(parts, sql` and `)}`;
}

function hasPosting(firmId: string, { filter, isNarrow }: Conditions) {
  return isNarrow
    ? sql<SqlBool>`payment.id = any (array(
        select posting.payment_id from posting where posting.firm_id = ${firmId} and ${ofPosting(filter)}))`
    : // As a value and not as a join: the list then goes through the payments in its order and stops when the page is full.
      sql<SqlBool>`coalesce((
        select true from posting
        where posting.firm_id = payment.firm_id and posting.payment_id = payment.id and ${ofPosting(filter)}
        limit 1), false)`;
}

function inTab(tab: PostingFilter["tab"]) {
  if (tab === "all") return sql<SqlBool>`true`;
  if (tab === "reversed") return sql<SqlBool>`posting.kind = 'reversal' and posting.state = 'posted'`;
  return sql<SqlBool>`posting.state = ${tab}`;
}

function paymentFacts(filter: PostingFilter, timeZone: string) {
  const parts = [sql<SqlBool>`true`];
  const { account, method, from, to } = filter;
  if (account === "operating" || account === "trust")
    parts.push(sql<SqlBool>`payment.account_kind = ${account}`);
  else if (account !== undefined) parts.push(sql<SqlBool>`payment.merchant_account_id = ${account}`);
  if (method !== undefined) parts.push(sql<SqlBool>`payment.method = ${method}`);
  if (from !== undefined)
    parts.push(sql<SqlBool>`payment.received_at >= ${startOf(from, timeZone)}::timestamptz`);
  if (to !== undefined)
    parts.push(sql<SqlBool>`payment.received_at < ${startOf(to, timeZone, 1)}::timestamptz`);
  return sql<SqlBool>`${sql.join(parts, sql` and `)}`;
}

function inDeposit(firmId: string, depositId: string) {
  return sql<SqlBool>`payment.id = any (array(
    select line.payment_id from deposit_line line
    where line.firm_id = ${firmId} and line.deposit_id = ${depositId} and line.payment_id is not null))`;
}

/** The first instant of a day, or of the one so many days later. */
function startOf(day: string, timeZone: string, daysLater = 0): string {
  return Temporal.PlainDate.from(day)
    .add({ days: daysLater })
    .toZonedDateTime(timeZone)
    .toInstant()
    .toString();
}
