import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";

/** So many of a kind are named one by one; the rest is counted. */
export const NAMED_LIMIT = 3;

type About = { paymentId: string; payerName: string; amountMinor: bigint; currency: string; total: bigint };
export type OpenDispute = About & { isInquiry: boolean; reason: string; dueAt: Date | null };
export type UnlaidMoney = About & { kind: "refund" | "dispute"; id: string };
export type FailedRefund = About & { reason: string | null };

/** Disputes that somebody may still answer, by their deadline. `total` counts all of them. */
export async function listOpenDisputes(tx: Tx, firmId: string): Promise<OpenDispute[]> {
  const { rows } = await sql<OpenDispute>`
    select p.id as "paymentId", p.payer_name as "payerName", d.amount_minor as "amountMinor", d.currency,
      d.state = 'inquiry' as "isInquiry", d.reason, d.evidence_due_at as "dueAt", count(*) over () as total
    from dispute d join payment p on p.firm_id = d.firm_id and p.id = d.payment_id
    where d.firm_id = ${firmId} and d.state in ('inquiry', 'open')
    order by d.evidence_due_at nulls last, d.id limit ${NAMED_LIMIT}`.execute(tx);
  return rows;
}

/** Money that went back and of which nobody has said which lines it is for, the oldest first. */
export async function listUnlaid(tx: Tx, firmId: string): Promise<UnlaidMoney[]> {
  const { rows } = await sql<UnlaidMoney>`
    select p.id as "paymentId", p.payer_name as "payerName", x.amount_minor as "amountMinor", x.currency, x.kind, x.id,
      count(*) over () as total
    from (
      select firm_id, id, payment_id, currency, created_at, 'refund' as kind,
        amount_minor - coalesce((select sum(u.amount_minor) from undone_part u
          where u.firm_id = refund.firm_id and u.refund_id = refund.id), 0)::bigint as amount_minor
      from refund
      where firm_id = ${firmId} and not is_laid and state in ('pending', 'succeeded')
      union all
      select firm_id, id, payment_id, currency, created_at, 'dispute',
        amount_minor - coalesce((select sum(u.amount_minor) from undone_part u
          where u.firm_id = dispute.firm_id and u.dispute_id = dispute.id), 0)::bigint
      from dispute
      where firm_id = ${firmId} and not is_laid and turn % 2 = 1
    ) x join payment p on p.firm_id = x.firm_id and p.id = x.payment_id
    order by x.created_at limit ${NAMED_LIMIT}`.execute(tx);
  return rows;
}

/** Refunds that did not reach the payer since an instant and were not asked for again, the latest first. */
export async function listFailedRefunds(tx: Tx, firmId: string, since: Date): Promise<FailedRefund[]> {
  const { rows } = await sql<FailedRefund>`
    select p.id as "paymentId", p.payer_name as "payerName", r.amount_minor as "amountMinor", r.currency,
      r.failure_reason as reason, count(*) over () as total
    from refund r join payment p on p.firm_id = r.firm_id and p.id = r.payment_id
    where r.firm_id = ${firmId} and r.state in ('failed', 'cancelled', 'refused') and r.updated_at >= ${since}
      and not exists (
        select from refund n where n.firm_id = r.firm_id and n.payment_id = r.payment_id and n.created_at > r.created_at)
    order by r.updated_at desc limit ${NAMED_LIMIT}`.execute(tx);
  return rows;
}
