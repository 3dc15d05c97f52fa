import { sql } from "kysely";
import type { Day } from "../base/day.ts";
import type { Tx } from "../db/tx.ts";

export type Sum = { currency: string; count: number; amountMinor: bigint };

/** Open links by currency, and how many of them are past their due date. `today` is the firm's. */
export async function sumOutstanding(
  tx: Tx,
  firmId: string,
  today: Day,
): Promise<(Sum & { pastDue: number })[]> {
  const rows = await tx
    .selectFrom("payment_link")
    .select((eb) => [
      "currency",
      eb.fn.countAll<bigint>().as("count"),
      sql<bigint>`sum(amount_minor)::bigint`.as("amountMinor"),
      sql<bigint>`count(*) filter (where due_on < ${today})`.as("pastDue"),
    ])
    .where("firm_id", "=", firmId)
    .where("state", "=", "outstanding")
    .groupBy("currency")
    .orderBy("currency")
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count), pastDue: Number(row.pastDue) }));
}

export type WeekSum = { week: Day; currency: string; count: number; amountMinor: bigint };

/** What was asked for by week, from a Monday on, in the firm's zone. A link for the rest of another asks for nothing new. */
export async function sumRequestedByWeek(
  tx: Tx,
  firmId: string,
  from: { monday: Day; timeZone: string },
): Promise<WeekSum[]> {
  const { rows } = await sql<WeekRow>`
    select date_trunc('week', created_at at time zone ${from.timeZone})::date as week, currency,
      count(*) as count, sum(amount_minor)::bigint as amount
    from payment_link
    where firm_id = ${firmId} and predecessor_id is null
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
      -- The index is on the day of the payment's row; a bank debit takes less than two months to arrive.
      and created_at >= (${from.monday}::date - 60)::timestamp at time zone ${from.timeZone}
    group by 1, 2 order by 1, 2`.execute(tx);
  return rows.map(toWeekSum);
}

/** Open links of one currency by whole days since they were made: 0 to 30, 31 to 60, 61 to 90, more. */
export async function sumByAge(
  tx: Tx,
  firmId: string,
  as: { today: Day; timeZone: string; currency: string },
): Promise<{ bucket: number; count: number; amountMinor: bigint }[]> {
  const { rows } = await sql<{ bucket: number; count: bigint; amount: bigint }>`
    select bucket, count(*) as count, sum(amount_minor)::bigint as amount
    from (
      select amount_minor, case when age <= 30 then 0 when age <= 60 then 1 when age <= 90 then 2 else 3 end as bucket
      from (
        select amount_minor, ${as.today}::date - (created_at at time zone ${as.timeZone})::date as age
        from payment_link
        where firm_id = ${firmId} and state = 'outstanding' and currency = ${as.currency}
      ) aged
    ) bucketed
    group by bucket order by bucket`.execute(tx);
  return rows.map((row) => ({ bucket: row.bucket, count: Number(row.count), amountMinor: row.amount }));
}

type WeekRow = { week: Day; currency: string; count: bigint; amount: bigint };

function toWeekSum(row: WeekRow): WeekSum {
  return { week: row.week, currency: row.currency, count: Number(row.count), amountMinor: row.amount };
}
