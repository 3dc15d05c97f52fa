import { type Selectable, sql } from "kysely";
import type { MerchantAccount, Statement } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import type { PaymentRow } from "./queries.ts";
import type { RefundRow } from "./undone-queries.ts";

/** A payment with what its page shows beside it. */
export type PaymentFacts = PaymentRow & {
  linkReference: string;
  linkDescription: string;
  accountName: string;
  accountLast4: string;
};

/** One payment for its page; undefined when there is none in this firm. */
export function findPaymentFacts(tx: Tx, firmId: string, id: string): Promise<PaymentFacts | undefined> {
  return tx
    .selectFrom("payment as p")
    .innerJoin("payment_link as l", (join) =>
      join.onRef("l.firm_id", "=", "p.firm_id").onRef("l.id", "=", "p.link_id"),
    )
    .innerJoin("merchant_account as m", (join) =>
      join.onRef("m.firm_id", "=", "p.firm_id").onRef("m.id", "=", "p.merchant_account_id"),
    )
    .selectAll("p")
    .select(["l.reference as linkReference", "l.description as linkDescription"])
    .select(["m.name as accountName", "m.last4 as accountLast4"])
    .where("p.firm_id", "=", firmId)
    .where("p.id", "=", id)
    .executeTakeFirst();
}

export type LineStatement = {
  allocationId: string;
  number: string;
  kind: Selectable<Statement>["kind"];
  matterNumber: string;
  matterDescription: string;
};

/** The statements on which the parts of a payment lie. */
export function listLineStatements(tx: Tx, firmId: string, paymentId: string): Promise<LineStatement[]> {
  return tx
    .selectFrom("payment_allocation as a")
    .innerJoin("statement as s", (join) =>
      join.onRef("s.firm_id", "=", "a.firm_id").onRef("s.id", "=", "a.statement_id"),
    )
    .innerJoin("matter as m", (join) =>
      join.onRef("m.firm_id", "=", "s.firm_id").onRef("m.id", "=", "s.matter_id"),
    )
    .select(["a.id as allocationId", "s.number", "s.kind"])
    .select(["m.number as matterNumber", "m.description as matterDescription"])
    .where("a.firm_id", "=", firmId)
    .where("a.payment_id", "=", paymentId)
    .execute();
}

/** The names of the members who asked for refunds, by refund. */
export async function listAskers(
  tx: Tx,
  firmId: string,
  refunds: readonly RefundRow[],
): Promise<Map<string, string>> {
  const ids = refunds.map((refund) => refund.requested_by).filter((id) => id !== null);
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom("member")
    .innerJoin("person", "person.id", "member.person_id")
    .select(["member.id", "person.name"])
    .where("member.firm_id", "=", firmId)
    .where("member.id", "in", ids)
    .execute();
  const names = new Map(rows.map((row) => [row.id, row.name]));
  return new Map(refunds.map((refund) => [refund.id, names.get(refund.requested_by ?? "") ?? ""]));
}

export type AccountKind = Selectable<MerchantAccount>["kind"];

/** How many of a payment's reversals wait for a person. */
export async function countStuckReversals(tx: Tx, firmId: string, paymentId: string): Promise<number> {
  const row = await tx
    .selectFrom("posting")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("firm_id", "=", firmId)
    .where("payment_id", "=", paymentId)
    .where("state", "=", "needs_attention")
    .where(sql<boolean>`(kind = 'reversal' or restores_posting_id is not null)`)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
