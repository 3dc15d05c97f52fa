import type { Tx } from "../db/tx.ts";

/** A statement with what it belongs to, as links, payments and postings need it. */
export type StatementFacts = {
  id: string;
  connectionId: string;
  externalId: string;
  number: string;
  kind: "invoice" | "trust_request";
  state: "open" | "paid" | "void";
  issuedOn: string;
  dueOn: string | null;
  currency: string;
  totalMinor: bigint;
  balanceMinor: bigint;
  deletedAt: Date | null;
  matterId: string;
  matterExternalId: string;
  matterNumber: string;
  matterDescription: string;
  responsible: string | null;
  trustBalanceMinor: bigint | null;
  clientId: string;
  clientName: string;
  clientNumber: string;
};

/**
 * Locks statements in the order of their ids, so that two who lock the same ones never wait for each other in a circle: `share`
 * keeps them as they are, `update` is for who means to change them. Gives those that exist, in that order.
 */
export async function lockStatements(
  tx: Tx,
  firmId: string,
  ids: readonly string[],
  strength: "share" | "update" = "share",
): Promise<StatementFacts[]> {
  if (ids.length === 0) return [];
  const query = facts(tx, firmId)
    .where("statement.id", "in", [...new Set(ids)])
    .orderBy("statement.id");
  return await (strength === "share" ? query.forShare("statement") : query.forUpdate("statement")).execute();
}

/** Takes statements out of a member's basket, in the transaction that sends them. */
export async function removeFromBasket(
  tx: Tx,
  firmId: string,
  memberId: string,
  statementIds: readonly string[],
): Promise<void> {
  if (statementIds.length === 0) return;
  await tx
    .deleteFrom("basket_line")
    .where("firm_id", "=", firmId)
    .where("member_id", "=", memberId)
    .where("statement_id", "in", [...new Set(statementIds)])
    .execute();
}

/** Statements by their ids, those that exist, in no order. */
export async function listStatements(
  tx: Tx,
  firmId: string,
  ids: readonly string[],
): Promise<StatementFacts[]> {
  if (ids.length === 0) return [];
  return await facts(tx, firmId)
    .where("statement.id", "in", [...new Set(ids)])
    .execute();
}

/** One statement; undefined when there is none. */
export async function findStatement(tx: Tx, firmId: string, id: string): Promise<StatementFacts | undefined> {
  return await facts(tx, firmId).where("statement.id", "=", id).executeTakeFirst();
}

/** Statements with exactly this number, newest first: to lay a payment on the one that its payer named. */
export async function listByNumber(
  tx: Tx,
  firmId: string,
  number: string,
  limit: number,
): Promise<StatementFacts[]> {
  return await facts(tx, firmId)
    .where("statement.number", "=", number)
    .where("statement.deleted_at", "is", null)
    .orderBy("statement.issued_on", "desc")
    .orderBy("statement.id")
    .limit(limit)
    .execute();
}

/** What is open on a matter, oldest due first: for the panel on that matter. */
export async function listOpenOfMatter(
  tx: Tx,
  firmId: string,
  matterId: string,
  limit: number,
): Promise<StatementFacts[]> {
  return await facts(tx, firmId)
    .where("statement.matter_id", "=", matterId)
    .where("statement.state", "=", "open")
    .where("statement.balance_minor", ">", 0n)
    .where("statement.deleted_at", "is", null)
    .orderBy("statement.due_on")
    .orderBy("statement.id")
    .limit(limit)
    .execute();
}

/** Whether something can still be asked for on a statement. */
export function isOpen(statement: Pick<StatementFacts, "state" | "balanceMinor" | "deletedAt">): boolean {
  return statement.state === "open" && statement.balanceMinor > 0n && statement.deletedAt === null;
}

function facts(tx: Tx, firmId: string) {
  return tx
    .selectFrom("statement")
    .innerJoin("matter", (join) =>
      join.onRef("matter.firm_id", "=", "statement.firm_id").onRef("matter.id", "=", "statement.matter_id"),
    )
    .innerJoin("client", (join) =>
      join.onRef("client.firm_id", "=", "matter.firm_id").onRef("client.id", "=", "matter.client_id"),
    )
    .select([
      "statement.id",
      "statement.connection_id as connectionId",
      "statement.external_id as externalId",
      "statement.number",
      "statement.kind",
      "statement.state",
      "statement.issued_on as issuedOn",
      "statement.due_on as dueOn",
      "statement.currency",
      "statement.total_minor as totalMinor",
      "statement.balance_minor as balanceMinor",
      "statement.deleted_at as deletedAt",
      "matter.id as matterId",
      "matter.external_id as matterExternalId",
      "matter.number as matterNumber",
      "matter.description as matterDescription",
      "matter.responsible",
      "matter.trust_balance_minor as trustBalanceMinor",
      "client.id as clientId",
      "client.name as clientName",
      "client.number as clientNumber",
    ])
    .where("statement.firm_id", "=", firmId);
}
