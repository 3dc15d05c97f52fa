import { type Insertable, sql } from "kysely";
import type { Posting } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import type { PostingRow } from "./queries.ts";
import type { Undoing } from "./reverse-plan.ts";

/** Locks all postings of a payment, the oldest first. */
export function lockPostings(tx: Tx, firmId: string, paymentId: string): Promise<PostingRow[]> {
  return tx
    .selectFrom("posting")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("payment_id", "=", paymentId)
    .orderBy("created_at")
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** What moved of the parts of a payment, in the order in which it did. */
export async function listUndoings(
  tx: Tx,
  firmId: string,
  paymentId: string,
): Promise<(Undoing & { allocationId: string })[]> {
  const { rows } = await sql<Undoing & { allocationId: string }>`
    select u.allocation_id as "allocationId", u.amount_minor as "amountMinor", x.kind, x.id, x.turn, x.moved_at as "movedAt"
    from undone_part u
    join (
      select firm_id, id, payment_id, 'refund' as kind, turn, moved_at from refund
      union all
      select firm_id, id, payment_id, case kind when 'bank_return' then 'return' else 'dispute' end, turn, moved_at from dispute
    ) x on x.firm_id = u.firm_id and x.payment_id = u.payment_id and x.id = coalesce(u.refund_id, u.dispute_id)
    where u.firm_id = ${firmId} and u.payment_id = ${paymentId} and x.turn > 0
    order by x.moved_at, x.id`.execute(tx);
  return rows;
}

/** Inserts a reversal unless its entry has one of this cause already. Returns the new row, or undefined. */
export function insertReversalOnce(tx: Tx, row: Insertable<Posting>): Promise<PostingRow | undefined> {
  return tx
    .insertInto("posting")
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(["firm_id", "reverses_posting_id", "cause"])
        .where("kind", "=", sql.lit("reversal"))
        .doNothing(),
    )
    .returningAll()
    .executeTakeFirst();
}

/** How much of a part is undone, or asked to be. Minor units. */
export async function sumUndone(tx: Tx, firmId: string, allocationId: string): Promise<bigint> {
  const { rows } = await sql<{ minor: bigint }>`
    select coalesce(sum(u.amount_minor), 0)::bigint as minor
    from undone_part u
    left join refund r on r.firm_id = u.firm_id and r.id = u.refund_id
    left join dispute d on d.firm_id = u.firm_id and d.id = u.dispute_id
    where u.firm_id = ${firmId} and u.allocation_id = ${allocationId}
      and (r.state in ('requested', 'pending', 'succeeded') or d.turn % 2 = 1)`.execute(tx);
  return rows[0]?.minor ?? 0n;
}
