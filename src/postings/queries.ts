import { type Insertable, type Selectable, sql, type Updateable } from "kysely";
import { notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { byKey, findRows, insertRows, isAmong, lockRows, updateRows } from "../db/rows.ts";
import type { Payment, PaymentAllocation, Posting } from "../db/schema.ts";
import { together } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";

export type PostingRow = Selectable<Posting>;
export type PaymentRow = Selectable<Payment>;
export type AllocationRow = Selectable<PaymentAllocation>;

/** Locks a posting until the transaction ends. Throws `not_found`, also for a posting of another firm. */
export async function lockPosting(tx: Tx, firmId: string, id: string): Promise<PostingRow> {
  const posting = await findLockedPosting(tx, firmId, id);
  if (!posting) throw notFound("posting");
  return posting;
}

/** The same, undefined when there is none. */
export async function findLockedPosting(tx: Tx, firmId: string, id: string): Promise<PostingRow | undefined> {
  return isId(id) ? await lockedPosting(tx, firmId, id) : undefined;
}

const lockedPosting = together((tx, firmId, ids: readonly string[]) => lockRows(tx, "posting", firmId, ids));

/** A posting without locking it; undefined when there is none in this firm. */
export async function findPosting(tx: Tx, firmId: string, id: string): Promise<PostingRow | undefined> {
  if (!isId(id)) return undefined;
  return await tx
    .selectFrom("posting")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** Locks the posting of an allocation that waits because its payment was one too many; undefined when there is none. */
export function lockSurplusOf(tx: Tx, firmId: string, allocationId: string): Promise<PostingRow | undefined> {
  return tx
    .selectFrom("posting")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("allocation_id", "=", allocationId)
    .where("kind", "!=", "reversal")
    .where("state", "=", "needs_attention")
    .where("problem", "=", "surplus")
    .forUpdate()
    .executeTakeFirst();
}

/** Inserts unless the allocation has its posting of this cause already. Returns the new row, or undefined. */
export function insertPostingOnce(tx: Tx, row: Insertable<Posting>): Promise<PostingRow | undefined> {
  return insertedPosting(tx, row.firm_id, row);
}

const insertedPosting = together((tx, _firmId, rows: readonly Insertable<Posting>[]) =>
  insertRows(tx, "posting", rows, {
    once: sql`(firm_id, allocation_id, kind, cause) where kind <> 'reversal'`,
  }),
);

/** Writes some columns of a posting and returns the whole of it. */
export function updatePosting(
  tx: Tx,
  firmId: string,
  id: string,
  change: Updateable<Posting>,
): Promise<PostingRow> {
  return updatedPosting(tx, firmId, { id, change });
}

const updatedPosting = together(
  (tx, firmId, changes: readonly { id: string; change: Updateable<Posting> }[]) =>
    updateRows(tx, "posting", firmId, changes),
);

/** Locks a payment, so that its allocations stay as they are; undefined when there is none in this firm. */
export const lockPayment: (tx: Tx, firmId: string, id: string) => Promise<PaymentRow | undefined> = together(
  (tx, firmId, ids: readonly string[]) => lockRows(tx, "payment", firmId, ids),
);

export async function getPayment(tx: Tx, firmId: string, id: string): Promise<PaymentRow> {
  const payment = await foundPayment(tx, firmId, id);
  if (!payment) throw new Error(`there is no payment ${id}`);
  return payment;
}

const foundPayment = together((tx, firmId, ids: readonly string[]) => findRows(tx, "payment", firmId, ids));

/** The parts of a payment in their order. */
export const listAllocations: (tx: Tx, firmId: string, paymentId: string) => Promise<AllocationRow[]> =
  together(async (tx, firmId, paymentIds: readonly string[]) => {
    const rows = await tx
      .selectFrom("payment_allocation")
      .selectAll()
      .where("firm_id", "=", firmId)
      .where(isAmong("payment_id", paymentIds))
      .orderBy("position")
      .execute();
    return byKey(rows, paymentIds, (row) => row.payment_id);
  });

export async function updateAllocation(
  tx: Tx,
  firmId: string,
  id: string,
  change: Updateable<PaymentAllocation>,
): Promise<void> {
  await tx
    .updateTable("payment_allocation")
    .set(change)
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .execute();
}

export async function insertAllocation(tx: Tx, row: Insertable<PaymentAllocation>): Promise<void> {
  await tx.insertInto("payment_allocation").values(row).execute();
}

/**
 * The postings of some payments that a person decides about, the oldest first. `isRetry`: only those that need attention, or wait for a
 * system after a try that came to nothing.
 */
export async function listOpenIds(
  tx: Tx,
  firmId: string,
  paymentIds: string[],
  isRetry = false,
): Promise<string[]> {
  if (paymentIds.length === 0) return [];
  const rows = await tx
    .selectFrom("posting")
    .select("id")
    .where("firm_id", "=", firmId)
    .where("payment_id", "in", paymentIds)
    .where("state", "in", ["needs_attention", "ready"])
    .$if(isRetry, (query) =>
      query.where((eb) =>
        eb.or([
          eb("state", "=", "needs_attention"),
          eb("problem_text", "is not", null),
          eb.exists(
            eb
              .selectFrom("posting_hold")
              .select("held_until")
              .whereRef("posting_hold.firm_id", "=", "posting.firm_id")
              .whereRef("posting_hold.connection_id", "=", "posting.connection_id"),
          ),
        ]),
      ),
    )
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  return rows.map((row) => row.id);
}
