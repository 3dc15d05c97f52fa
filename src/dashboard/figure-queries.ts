import { sql } from "kysely";
import type { Day } from "../base/day.ts";
import type { Tx } from "../db/tx.ts";
import { EVERYTHING } from "../links/list-address.ts";
import type { LinkFilter } from "../links/list-filter.ts";
import { fulfils, type Scope } from "../links/list-filter-queries.ts";

/** A figure is asked for by the filter of Sent Pages behind which its links stand, so both always agree. */
export type FigureFilter = Partial<LinkFilter>;
/** Links of one currency: how many, for how much in minor units, and how many of them no payer ever opened. */
export type Sum = { currency: string; count: number; amountMinor: bigint; unseen: number };
export type Sums = readonly Sum[];

/**
 * Sums the links under several filters, each by currency, in one reading. `whole` is what all of them have in common: it decides which
 * links are read. Returns the sums in the order of the filters.
 */
export async function sumLinks(
  tx: Tx,
  scope: Scope,
  whole: FigureFilter,
  filters: readonly FigureFilter[],
): Promise<Sums[]> {
  const parts = filters.map((filter) => fulfils(scope, { ...EVERYTHING.filter, ...filter }));
  const list = (column: (part: (typeof parts)[number]) => ReturnType<typeof sql>) =>
    sql`array[${sql.join(parts.map(column))}]::bigint[]::text[]`;
  const { rows } = await sql<{ currency: string; counts: string[]; amounts: string[]; unseen: string[] }>`
    select link.currency,
      ${list((part) => sql`count(*) filter (where ${part})`)} as counts,
      ${list((part) => sql`coalesce(sum(link.amount_minor) filter (where ${part}), 0)`)} as amounts,
      ${list((part) => sql`count(*) filter (where link.first_viewed_at is null and ${part})`)} as unseen
    from payment_link link
    where ${fulfils(scope, { ...EVERYTHING.filter, ...whole })}
    group by link.currency order by link.currency`.execute(tx);
  return filters.map((_filter, index) =>
    rows
      .map((row) => ({
        currency: row.currency,
        count: Number(row.counts[index]),
        amountMinor: BigInt(row.amounts[index] ?? 0),
        unseen: Number(row.unseen[index]),
      }))
      .filter((sum) => sum.count > 0),
  );
}

export type WeekSum = {
  week: Day;
  currency: string;
  amountMinor: bigint;
  /** All links or payments of the week, those too that ask for nothing new. */
  count: number;
};

/**
 * What was asked for by week, from a Monday on, in the firm's zone. A link for the rest of another is one of the week's links, and asks
 * for nothing new.
 */
export async function sumRequestedByWeek(
  tx: Tx,
  firmId: string,
  from: { monday: Day; timeZone: string },
): Promise<WeekSum[]> {
  const { rows } = await sql<WeekRow>`
    select date_trunc('week', created_at at time zone ${from.timeZone})::date as week, currency,
      count(*) as count, coalesce(sum(amount_minor) filter (where predecessor_id is null), 0)::bigint as amount
    from payment_link
    where firm_id = ${firmId}
      and created_at >= ${from.monday}::date::timestamp at time zone ${from.timeZone}
    group by 1, 2 order by 1, 2`.execute(tx);
  return rows.map(toWeekSum);
}

/** What arrived by week, from a Monday on, in the firm's zone. */
export async function sumReceivedByWeek(
  tx: Tx,
  firmId: string,
  from: { monday: Day; timeZone: string },
): Promise<WeekSum[]> {
  const { rows } = await sql<WeekRow>`
    select date_trunc('week', received_at at time zone ${from.timeZone})::date as week, currency,
      count(*) as count, sum(amount_minor)::bigint as amount
    from payment
    where firm_id = ${firmId} and state = 'succeeded'
      and received_at >= ${from.monday}::date::timestamp at time zone ${from.timeZone}
    group by 1, 2 order by 1, 2`.execute(tx);
  return rows.map(toWeekSum);
}

type WeekRow = { week: Day; currency: string; count: bigint; amount: bigint };

function toWeekSum(row: WeekRow): WeekSum {
  return { week: row.week, currency: row.currency, count: Number(row.count), amountMinor: row.amount };
}
