import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";
import type { Period } from "./months.ts";
import { FIRST_TIME, writtenIn } from "./pace-queries.ts";

export type WrittenPosting = {
  id: string;
  reference: string;
  payerName: string;
  connector: string | null;
  postedBy: "api" | "file" | "hand" | null;
  attempts: number;
  isFirstTime: boolean;
  amountMinor: bigint;
  currency: string;
  postedAt: Date;
};

/**
 * One page of the postings that were written in a stretch of time, those that the first try did not write before all others, then the
 * newest first. `again` leaves only those. Also how many there are of each.
 */
export async function listWritten(
  tx: Tx,
  firmId: string,
  wish: { period: Period; again: boolean; offset: number; limit: number },
): Promise<{ postings: WrittenPosting[]; total: number; again: number }> {
  const meant = writtenIn(firmId, wish.period);
  const counted = await sql<{ total: bigint; again: bigint }>`
    select count(*) as total, count(*) filter (where not ${FIRST_TIME}) as again from posting where ${meant}`.execute(
    tx,
  );
  const { rows } = await sql<WrittenPosting>`
    select posting.id, posting.reference, payment.payer_name as "payerName", connection.connector,
      posting.posted_by as "postedBy", posting.attempts, ${FIRST_TIME} as "isFirstTime", posting.amount_minor as "amountMinor",
      posting.currency, posting.posted_at as "postedAt"
    from posting
    join payment on payment.firm_id = posting.firm_id and payment.id = posting.payment_id
    left join connection on connection.firm_id = posting.firm_id and connection.id = posting.connection_id
    where ${meant} ${wish.again ? sql`and not ${FIRST_TIME}` : sql``}
    order by ${FIRST_TIME}, posting.posted_at desc, posting.id desc
    limit ${wish.limit} offset ${wish.offset}`.execute(tx);
  const [counts] = counted.rows;
  return { postings: rows, total: Number(counts?.total ?? 0), again: Number(counts?.again ?? 0) };
}
