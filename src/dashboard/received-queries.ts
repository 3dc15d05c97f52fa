import { sql } from "kysely";
import type { Day } from "../base/day.ts";
import type { Tx } from "../db/tx.ts";

export type ReceivedPayment = {
  id: string;
  linkId: string;
  linkReference: string;
  payerName: string;
  description: string;
  methodLabel: string;
  accountKind: "operating" | "trust";
  last4: string;
  amountMinor: bigint;
  currency: string;
  receivedAt: Date;
};

/** The days of a week in the firm's zone; `madeFrom` bounds the day of the payment's row as the sums by week do. */
export type ReceivedWeek = { monday: Day; timeZone: string; madeFrom: Day };

/** One page of the payments that arrived in a week, the newest first, and how many there are in all. */
export async function listReceived(
  tx: Tx,
  firmId: string,
  { monday, timeZone, madeFrom }: ReceivedWeek,
  page: { offset: number; limit: number },
): Promise<{ payments: ReceivedPayment[]; total: number }> {
  const inWeek = sql`payment.firm_id = ${firmId} and payment.state = 'succeeded'
    and payment.received_at >= ${monday}::date::timestamp at time zone ${timeZone}
    and payment.received_at < (${monday}::date + 7)::timestamp at time zone ${timeZone}
    and payment.created_at >= ${madeFrom}::date::timestamp at time zone ${timeZone}`;
  const counted = await sql<{ total: bigint }>`select count(*) as total from payment where ${inWeek}`.execute(
    tx,
  );
  const { rows } = await sql<ReceivedPayment>`
    select payment.id, payment.link_id as "linkId", link.reference as "linkReference", payment.payer_name as "payerName",
      link.description, payment.method_label as "methodLabel", payment.account_kind as "accountKind", account.last4,
      payment.amount_minor as "amountMinor", payment.currency, payment.received_at as "receivedAt"
    from payment
    join payment_link link on link.firm_id = payment.firm_id and link.id = payment.link_id
    join merchant_account account on account.firm_id = payment.firm_id and account.id = payment.merchant_account_id
    where ${inWeek}
    order by payment.received_at desc, payment.id desc
    limit ${page.limit} offset ${page.offset}`.execute(tx);
  return { payments: rows, total: Number(counted.rows[0]?.total ?? 0) };
}
