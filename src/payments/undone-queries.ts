import { type Insertable, type Selectable, sql, type Updateable } from "kysely";
import { notFound } from "../base/error.ts";
import { isId, newId } from "../base/id.ts";
import type { Dispute, Refund } from "../db/schema.ts";
import { together } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";
import type { UndonePart } from "./left.ts";
import type { PaymentRow } from "./queries.ts";

export type RefundRow = Selectable<Refund>;
export type DisputeRow = Selectable<Dispute>;

/** Locks a payment, so that what is undone of it is decided one after the other. Throws `not_found`, also for another firm's. */
export async function lockPayment(tx: Tx, firmId: string, id: string): Promise<PaymentRow> {
  const payment = isId(id)
    ? await tx
        .selectFrom("payment")
        .selectAll()
        .where("firm_id", "=", firmId)
        .where("id", "=", id)
        .forUpdate()
        .executeTakeFirst()
    : undefined;
  if (!payment) throw notFound("payment");
  return payment;
}

/** Whether anything of a payment is known to be undone, or to be on its way back. */
export const hasUndone: (tx: Tx, firmId: string, paymentIntentId: string) => Promise<boolean> = together(
  async (tx, firmId, intents: readonly string[]) => {
    const { rows } = await sql<{ intent: string }>`
      select p.payment_intent_id as intent from payment p
      where p.firm_id = ${firmId} and p.payment_intent_id = any (${intents}::text[])
        and (exists (select from refund r where r.firm_id = p.firm_id and r.payment_id = p.id)
          or exists (select from dispute d where d.firm_id = p.firm_id and d.payment_id = p.id))`.execute(tx);
    const undone = new Set(rows.map(({ intent }) => intent));
    return intents.map((intent) => undone.has(intent));
  },
);

/** The refunds of a payment, the oldest first. */
export function listRefunds(tx: Tx, firmId: string, paymentId: string): Promise<RefundRow[]> {
  return tx
    .selectFrom("refund")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("payment_id", "=", paymentId)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
}

/** The disputes of a payment, the oldest first. */
export function listDisputes(tx: Tx, firmId: string, paymentId: string): Promise<DisputeRow[]> {
  return tx
    .selectFrom("dispute")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("payment_id", "=", paymentId)
    .orderBy("opened_at")
    .orderBy("id")
    .execute();
}

export type PartRow = UndonePart & { refundId: string | null; disputeId: string | null };

/** On which parts of a payment its refunds and disputes lie. */
export function listUndoneParts(tx: Tx, firmId: string, paymentId: string): Promise<PartRow[]> {
  return tx
    .selectFrom("undone_part")
    .select(["allocation_id as allocationId", "amount_minor as amountMinor"])
    .select(["refund_id as refundId", "dispute_id as disputeId"])
    .where("firm_id", "=", firmId)
    .where("payment_id", "=", paymentId)
    .execute();
}

/** One refund; undefined when there is none in this firm. */
export async function findRefund(tx: Tx, firmId: string, id: string): Promise<RefundRow | undefined> {
  if (!isId(id)) return undefined;
  return await tx
    .selectFrom("refund")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** One dispute; undefined when there is none in this firm. */
export async function findDispute(tx: Tx, firmId: string, id: string): Promise<DisputeRow | undefined> {
  if (!isId(id)) return undefined;
  return await tx
    .selectFrom("dispute")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .executeTakeFirst();
}

export function insertRefund(tx: Tx, row: Insertable<Refund>): Promise<RefundRow> {
  return tx.insertInto("refund").values(row).returningAll().executeTakeFirstOrThrow();
}

export function insertDispute(tx: Tx, row: Insertable<Dispute>): Promise<DisputeRow> {
  return tx.insertInto("dispute").values(row).returningAll().executeTakeFirstOrThrow();
}

/** Writes some columns of a refund and returns the whole of it. */
export function updateRefund(
  tx: Tx,
  firmId: string,
  id: string,
  change: Updateable<Refund>,
): Promise<RefundRow> {
  return tx
    .updateTable("refund")
    .set(change)
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Writes some columns of a dispute and returns the whole of it. */
export function updateDispute(
  tx: Tx,
  firmId: string,
  id: string,
  change: Updateable<Dispute>,
): Promise<DisputeRow> {
  return tx
    .updateTable("dispute")
    .set(change)
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Lays a refund or a dispute on parts of its payment; on a part on which some of it lies already it adds to that. */
export async function insertUndoneParts(
  tx: Tx,
  about: { firmId: string; paymentId: string } & ({ refundId: string } | { disputeId: string }),
  parts: readonly UndonePart[],
): Promise<void> {
  if (parts.length === 0) return;
  const cause = "refundId" in about ? ("refund_id" as const) : ("dispute_id" as const);
  await tx
    .insertInto("undone_part")
    .values(
      parts.map((part) => ({
        firm_id: about.firmId,
        id: newId(),
        payment_id: about.paymentId,
        allocation_id: part.allocationId,
        refund_id: "refundId" in about ? about.refundId : null,
        dispute_id: "disputeId" in about ? about.disputeId : null,
        amount_minor: part.amountMinor,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(["firm_id", cause, "allocation_id"])
        .where(cause, "is not", null)
        .doUpdateSet({ amount_minor: sql`undone_part.amount_minor + excluded.amount_minor` }),
    )
    .execute();
}

export type DueRefund = {
  id: string;
  state: RefundRow["state"];
  paymentIntentId: string;
  processorAccount: string;
};

/** Refunds that the processor still owes a word about and that nobody has asked about for long enough at `now`. */
export function listDueRefunds(tx: Tx, firmId: string, now: Date, limit: number): Promise<DueRefund[]> {
  return tx
    .selectFrom("refund as r")
    .innerJoin("payment as p", (join) =>
      join.onRef("p.firm_id", "=", "r.firm_id").onRef("p.id", "=", "r.payment_id"),
    )
    .select(["r.id", "r.state", "p.payment_intent_id as paymentIntentId"])
    .select("p.processor_account as processorAccount")
    .where("r.firm_id", "=", firmId)
    .where("r.state", "in", ["requested", "pending"])
    .where(
      sql<boolean>`coalesce(r.read_at, r.created_at)
        < ${now}::timestamptz - greatest(interval '1 minute', (${now}::timestamptz - r.created_at) / 4)`,
    )
    .orderBy("r.created_at")
    .limit(limit)
    .execute();
}
