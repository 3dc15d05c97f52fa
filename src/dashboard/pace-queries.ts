import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../db/tx.ts";
import type { Month, Period } from "./months.ts";

const DAY_SECONDS = 86_400;

/** Payments that arrived in a month, and the median of the days from the making of their links. */
export type Pace = { month: Month; count: number; medianDays: number };
/** Postings that were posted in a month after the product tried to write them, and those whose first try wrote them. */
export type Written = { month: Month; count: number; firstTime: number };

/** Days, with their fraction, from the making of a payment's link to its money. A list joins `payment` and `link`. */
export const DAYS_TO_PAY = sql<number>`
  greatest(extract(epoch from payment.received_at - link.created_at), 0)::float8 / ${DAY_SECONDS}::float8`;

/** What arrived in a stretch of time. */
export function arrivedIn(firmId: string, period: Period): RawBuilder<boolean> {
  return sql<boolean>`payment.firm_id = ${firmId} and payment.state = 'succeeded' and ${within("payment.received_at", period)}`;
}

/** What was posted in a stretch of time after at least one try to write it; what was never tried is nobody's success or failure. */
export function writtenIn(firmId: string, period: Period): RawBuilder<boolean> {
  return sql<boolean>`posting.firm_id = ${firmId} and posting.state = 'posted' and posting.attempts > 0
    and ${within("posting.posted_at", period)}`;
}

/** The first try wrote it, and no person had to. */
export const FIRST_TIME = sql<boolean>`(posting.attempts = 1 and posting.posted_by = 'api')`;

/** How long payers took, by month. A month without payments is left out. */
export async function readPace(tx: Tx, firmId: string, period: Period): Promise<Pace[]> {
  const { rows } = await sql<{ month: Month; count: bigint; median: number }>`
    select ${monthOf("payment.received_at", period)} as month, count(*) as count,
      percentile_cont(0.5) within group (order by ${DAYS_TO_PAY}) as median
    from payment
    join payment_link link on link.firm_id = payment.firm_id and link.id = payment.link_id
    where ${arrivedIn(firmId, period)}
    group by 1`.execute(tx);
  return rows.map(({ month, count, median }) => ({ month, count: Number(count), medianDays: median }));
}

/** How many postings the first try wrote, by month. A month without any is left out. */
export async function readWritten(tx: Tx, firmId: string, period: Period): Promise<Written[]> {
  const { rows } = await sql<{ month: Month; count: bigint; first: bigint }>`
    select ${monthOf("posting.posted_at", period)} as month, count(*) as count,
      count(*) filter (where ${FIRST_TIME}) as first
    from posting where ${writtenIn(firmId, period)}
    group by 1`.execute(tx);
  return rows.map(({ month, count, first }) => ({ month, count: Number(count), firstTime: Number(first) }));
}

function within(instant: string, { from, before, timeZone }: Period): RawBuilder<boolean> {
  return sql<boolean>`(${sql.ref(instant)} >= ${from}::date::timestamp at time zone ${timeZone}
    and ${sql.ref(instant)} < ${before}::date::timestamp at time zone ${timeZone})`;
}

function monthOf(instant: string, { timeZone }: Period): RawBuilder<Month> {
  return sql<Month>`to_char(${sql.ref(instant)} at time zone ${timeZone}, 'YYYY-MM')`;
}
