import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";
import type { Period } from "./months.ts";
import { arrivedIn, DAYS_TO_PAY } from "./pace-queries.ts";

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
  /** From the making of the link, with the fraction. */
  daysToPay: number;
};

/** One page of the payments that arrived in a stretch of time, the newest first, and how many there are in all. */
export async function listReceived(
  tx: Tx,
  firmId: string,
  period: Period,
  page: { offset: number; limit: number },
): Promise<{ payments: ReceivedPayment[]; total: number }> {
  const arrived = arrivedIn(firmId, period);
  const counted = await sql<{
    total: bigint;
  }>`select count(*) as total from payment where ${arrived}`.execute(tx);
  const { rows } = await sql<ReceivedPayment>`
    select payment.id, payment.link_id as "linkId", link.reference as "linkReference", payment.payer_name as "payerName",
      link.description, payment.method_label as "methodLabel", payment.account_kind as "accountKind", account.last4,
      payment.amount_minor as "amountMinor", payment.currency, payment.received_at as "receivedAt",
      ${DAYS_TO_PAY} as "daysToPay"
    from payment
    join payment_link link on link.firm_id = payment.firm_id and link.id = payment.link_id
    join merchant_account account on account.firm_id = payment.firm_id and account.id = payment.merchant_account_id
    where ${arrived}
    order by payment.received_at desc, payment.id desc
    limit ${page.limit} offset ${page.offset}`.execute(tx);
  return { payments: rows, total: Number(counted.rows[0]?.total ?? 0) };
}
