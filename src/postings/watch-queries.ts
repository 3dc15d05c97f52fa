import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";
import { effectOf, type Other, type Shown } from "./watch.ts";

/** Postings of a connection that wait to be entered by hand and whose statement is watched, oldest first. */
export async function listWatched(
  tx: Tx,
  firmId: string,
  connectionId: string,
  limit: number,
): Promise<{ id: string; statementId: string }[]> {
  const rows = await tx
    .selectFrom("posting")
    .innerJoin("statement", (join) =>
      join
        .onRef("statement.firm_id", "=", "posting.firm_id")
        .onRef("statement.id", "=", "posting.statement_id"),
    )
    .select(["posting.id", "statement.id as statementId"])
    .where("posting.firm_id", "=", firmId)
    .where("posting.connection_id", "=", connectionId)
    .where("posting.watched_balance_minor", "is not", null)
    .where((eb) =>
      eb.or([
        eb("statement.balance_minor", "<>", eb.ref("posting.watched_balance_minor")),
        eb("statement.total_minor", "<>", eb.ref("posting.watched_total_minor")),
        eb("statement.state", "=", "void"),
        eb("statement.deleted_at", "is not", null),
      ]),
    )
    .orderBy("posting.created_at")
    .orderBy("posting.id")
    .limit(limit)
    .execute();
  return rows;
}

/** What a statement shows now, as we last read it. Locked, so that two who judge its postings come one after the other. */
export async function lockShown(
  tx: Tx,
  firmId: string,
  statementId: string,
): Promise<Shown & { number: string; currency: string }> {
  const row = await tx
    .selectFrom("statement")
    .select(["number", "currency", "state", "balance_minor", "total_minor", "deleted_at"])
    .where("firm_id", "=", firmId)
    .where("id", "=", statementId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return {
    number: row.number,
    currency: row.currency,
    balanceMinor: row.balance_minor,
    totalMinor: row.total_minor,
    isVoid: row.state === "void" || row.deleted_at !== null,
  };
}

/**
 * Every other movement on a statement that its balance may hold or not since the watch began: postings that are not written, those
 * that a person may have entered meanwhile, those written since, and payments under way or just arrived whose posting is not made yet.
 */
export async function listOthers(
  tx: Tx,
  firmId: string,
  about: { statementId: string; postingId: string; since: Date },
): Promise<Other[]> {
  const postings = await tx
    .selectFrom("posting")
    .select(["id", "kind", "amount_minor"])
    .where("firm_id", "=", firmId)
    .where("statement_id", "=", about.statementId)
    .where("id", "!=", about.postingId)
    .where((eb) => eb.or([eb("state", "!=", "posted"), eb("posted_at", ">=", about.since)]))
    .execute();
  const payments = await tx
    .selectFrom("payment_allocation as part")
    .innerJoin("payment", (join) =>
      join.onRef("payment.firm_id", "=", "part.firm_id").onRef("payment.id", "=", "part.payment_id"),
    )
    .select(["part.id", "part.amount_minor"])
    .where("part.firm_id", "=", firmId)
    .where("part.statement_id", "=", about.statementId)
    .where("payment.state", "in", ["processing", "succeeded"])
    .where(
      sql<boolean>`not exists (select from posting p where p.firm_id = part.firm_id and p.allocation_id = part.id)`,
    )
    .execute();
  return [
    ...postings.map((posting) => ({ id: posting.id, effectMinor: effectOf(posting) })),
    ...payments.map((part) => ({ id: part.id, effectMinor: -part.amount_minor })),
  ];
}
