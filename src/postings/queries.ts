import { type Insertable, type Selectable, sql, type Updateable } from "kysely";
import { notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import type { Payment, PaymentAllocation, Posting } from "../db/schema.ts";
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
  if (!isId(id)) return undefined;
  return await tx
    .selectFrom("posting")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
}

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
  return tx
    .insertInto("posting")
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(["firm_id", "allocation_id", "kind", "cause"])
        .where("kind", "<>", sql.lit("reversal"))
        .doNothing(),
    )
    .returningAll()
    .executeTakeFirst();
}

/** Writes some columns of a posting and returns the whole of it. */
export function updatePosting(
  tx: Tx,
  firmId: string,
  id: string,
  change: Updateable<Posting>,
): Promise<PostingRow> {
  return tx
    .updateTable("posting")
    .set(change)
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Locks a payment, so that its allocations stay as they are; undefined when there is none in this firm. */
export function lockPayment(tx: Tx, firmId: string, id: string): Promise<PaymentRow | undefined> {
  return tx
    .selectFrom("payment")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
}

export function getPayment(tx: Tx, firmId: string, id: string): Promise<PaymentRow> {
  return tx
    .selectFrom("payment")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
}

/** The parts of a payment in their order. */
export function listAllocations(tx: Tx, firmId: string, paymentId: string): Promise<AllocationRow[]> {
  return tx
    .selectFrom("payment_allocation")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("payment_id", "=", paymentId)
    .orderBy("position")
    .execute();
}

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

/** The postings of some payments in some states, all that a person decides about unless told: what "post selected" is about, oldest first. */
export async function listOpenIds(
  tx: Tx,
  firmId: string,
  paymentIds: string[],
  states: readonly PostingRow["state"][] = ["needs_attention", "ready"],
): Promise<string[]> {
  if (paymentIds.length === 0) return [];
  const rows = await tx
    .selectFrom("posting")
    .select("id")
    .where("firm_id", "=", firmId)
    .where("payment_id", "in", paymentIds)
    .where("state", "in", states)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  return rows.map((row) => row.id);
}

/** Postings that should have been tried by now and may be, oldest first: `before` is the latest instant for that. */
export async function listDue(
  tx: Tx,
  firmId: string,
  before: Date,
  limit: number,
): Promise<{ id: string; connectionId: string }[]> {
  const rows = await tx
    .selectFrom("posting")
    .innerJoin("connection", (join) =>
      join
        .onRef("connection.firm_id", "=", "posting.firm_id")
        .onRef("connection.id", "=", "posting.connection_id"),
    )
    .select(["posting.id", "connection.id as connection_id"])
    .where("posting.firm_id", "=", firmId)
    .where("posting.state", "in", ["ready", "posting"])
    .where((eb) => eb(eb.fn.coalesce("posting.next_try_at", "posting.updated_at"), "<=", before))
    .where("connection.state", "in", ["authorized", "disconnected"])
    .where((eb) =>
      eb.or([
        eb("posting.state", "=", "posting"),
        eb("connection.posting_release", "=", "automatic"),
        eb("posting.released_at", "is not", null),
      ]),
    )
    .orderBy("posting.created_at")
    .orderBy("posting.id")
    .limit(limit)
    .execute();
  return rows.map((row) => ({ id: row.id, connectionId: row.connection_id }));
}

/** Payments that arrived since an instant and have no posting at all: their job was lost for good. */
export async function listUnprepared(
  tx: Tx,
  firmId: string,
  arrived: { after: Date; before: Date },
  limit: number,
): Promise<string[]> {
  const rows = await tx
    .selectFrom("payment")
    .select("id")
    .where("firm_id", "=", firmId)
    .where("state", "=", "succeeded")
    .where("created_at", ">", arrived.after)
    .where("received_at", "<", arrived.before)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("posting")
            .select("posting.id")
            .whereRef("posting.firm_id", "=", "payment.firm_id")
            .whereRef("posting.payment_id", "=", "payment.id"),
        ),
      ),
    )
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

/** Postings written through the API that the matter system has not shown yet, those due for a look longest first. */
export function listUnconfirmed(
  tx: Tx,
  firmId: string,
  connectionId: string,
  now: Date,
  limit: number,
): Promise<PostingRow[]> {
  return tx
    .selectFrom("posting")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("connection_id", "=", connectionId)
    .where("state", "=", "posted")
    .where("posted_by", "=", "api")
    .where("confirmed_at", "is", null)
    .where((eb) => eb.or([eb("next_try_at", "is", null), eb("next_try_at", "<=", now)]))
    .orderBy("posted_at")
    .limit(limit)
    .execute();
}
