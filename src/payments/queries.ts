import { type Insertable, type Selectable, sql, type Updateable } from "kysely";
import { newId } from "../base/id.ts";
import { byKey, insertRows, updateRows } from "../db/rows.ts";
import type { MerchantAccount, Payment } from "../db/schema.ts";
import { together } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";
import type { Allocation } from "./allocate.ts";

export type PaymentRow = Selectable<Payment>;
type AccountRow = Selectable<MerchantAccount>;

/** The firm that an account at the processor belongs to; needs no firm of the transaction. */
export async function findFirmOfAccount(tx: Tx, processorAccount: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string | null }>`
    select find_firm_of_processor_account(${processorAccount}) as id`.execute(tx);
  return rows[0]?.id ?? undefined;
}

/** The firm's account that the processor calls by this name. */
export const findMerchantAccount: (
  tx: Tx,
  firmId: string,
  processorAccount: string,
) => Promise<AccountRow | undefined> = together(async (tx, firmId, names: readonly string[]) => {
  const accounts = await tx
    .selectFrom("merchant_account")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("processor_account", "in", [...new Set(names)])
    .execute();
  return byKey(accounts, names, (account) => account.processor_account).map(([account]) => account);
});

/** The payment that the processor calls by this intent. */
export const findPaymentByIntent: (
  tx: Tx,
  firmId: string,
  paymentIntentId: string,
) => Promise<PaymentRow | undefined> = together(async (tx, firmId, intents: readonly string[]) => {
  const payments = await tx
    .selectFrom("payment")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("payment_intent_id", "in", intents)
    .execute();
  return byKey(payments, intents, (payment) => payment.payment_intent_id).map(([payment]) => payment);
});

/** A payment of a link that was too much when it came, money first, then the oldest. */
export function findSurplus(tx: Tx, firmId: string, linkId: string): Promise<PaymentRow | undefined> {
  return tx
    .selectFrom("payment")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("link_id", "=", linkId)
    .where("state", "in", ["processing", "succeeded"])
    .where("is_surplus", "=", true)
    .orderBy("state", "desc")
    .orderBy("created_at")
    .executeTakeFirst();
}

/** Inserts a payment with its parts, which must add up to it. */
export function insertPayment(
  tx: Tx,
  row: NewPayment["row"],
  parts: readonly Allocation[],
): Promise<PaymentRow> {
  return insertedPayment(tx, row.firm_id, { row, parts });
}

type NewPayment = { row: Insertable<Payment> & { id: string }; parts: readonly Allocation[] };

const insertedPayment = together(async (tx, firmId, payments: readonly NewPayment[]) => {
  const rows = payments.map(({ row }) => row);
  const inserted = await insertRows(tx, "payment", rows);
  const parts = payments.flatMap((payment) =>
    payment.parts.map((part, position) => ({
      firm_id: firmId,
      id: newId(),
      payment_id: payment.row.id,
      statement_id: part.statementId,
      position,
      amount_minor: part.amountMinor,
    })),
  );
  await insertRows(tx, "payment_allocation", parts);
  return inserted.map((row, index) => {
    if (!row) throw new Error(`payment ${rows[index]?.id} was not written`);
    return row;
  });
});

/** Writes some columns of a payment and returns the whole of it. */
export function updatePayment(
  tx: Tx,
  firmId: string,
  id: string,
  change: Updateable<Payment>,
): Promise<PaymentRow> {
  return updatedPayment(tx, firmId, { id, change });
}

const updatedPayment = together(
  (tx, firmId, changes: readonly { id: string; change: Updateable<Payment> }[]) =>
    updateRows(tx, "payment", firmId, changes),
);

export type ListedAllocation = {
  id: string;
  statementId: string | null;
  statementNumber: string | null;
  amountMinor: bigint;
};
export type ListedPayment = PaymentRow & { linkReference: string; allocations: ListedAllocation[] };
export type PaymentFilter = {
  linkId?: string | undefined;
  merchantAccountId?: string | undefined;
  state?: PaymentRow["state"] | undefined;
  /** The last payment of the page before: its `created_at` and `id`. */
  after?: { createdAt: Date; id: string } | undefined;
  limit: number;
};

/** Payments with their allocations, newest first, a page at a time. */
export async function listPayments(tx: Tx, firmId: string, filter: PaymentFilter): Promise<ListedPayment[]> {
  let query = tx
    .selectFrom("payment as p")
    .innerJoin("payment_link as l", (join) =>
      join.onRef("l.firm_id", "=", "p.firm_id").onRef("l.id", "=", "p.link_id"),
    )
    .selectAll("p")
    .select("l.reference as linkReference")
    .where("p.firm_id", "=", firmId);
  if (filter.linkId !== undefined) query = query.where("p.link_id", "=", filter.linkId);
  if (filter.merchantAccountId !== undefined)
    query = query.where("p.merchant_account_id", "=", filter.merchantAccountId);
  if (filter.state !== undefined) query = query.where("p.state", "=", filter.state);
  if (filter.after) {
    const { createdAt, id } = filter.after;
    query = query.where(sql<boolean>`(p.created_at, p.id) < (${createdAt}, ${id})`);
  }
  const payments = await query
    .orderBy("p.created_at", "desc")
    .orderBy("p.id", "desc")
    .limit(filter.limit)
    .execute();
  const parts = await listParts(
    tx,
    firmId,
    payments.map((payment) => payment.id),
  );
  return payments.map((payment) => ({ ...payment, allocations: parts.get(payment.id) ?? [] }));
}

async function listParts(
  tx: Tx,
  firmId: string,
  paymentIds: string[],
): Promise<Map<string, ListedAllocation[]>> {
  const found = new Map<string, ListedAllocation[]>();
  if (paymentIds.length === 0) return found;
  const rows = await tx
    .selectFrom("payment_allocation as a")
    .leftJoin("statement as s", (join) =>
      join.onRef("s.firm_id", "=", "a.firm_id").onRef("s.id", "=", "a.statement_id"),
    )
    .select(["a.id", "a.payment_id", "a.statement_id", "a.amount_minor", "s.number"])
    .where("a.firm_id", "=", firmId)
    .where("a.payment_id", "in", paymentIds)
    .orderBy("a.position")
    .execute();
  for (const row of rows) {
    const part = {
      id: row.id,
      statementId: row.statement_id,
      statementNumber: row.number,
      amountMinor: row.amount_minor,
    };
    found.set(row.payment_id, [...(found.get(row.payment_id) ?? []), part]);
  }
  return found;
}
