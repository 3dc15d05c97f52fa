import { type Selectable, sql } from "kysely";
import { byKey, isAmong } from "../db/rows.ts";
import type { Connection, Statement } from "../db/schema.ts";
import { together } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";
import { unconfirmed } from "../payments/trust-queries.ts";
import { findStatementIds } from "../statements/search-queries.ts";

/** Where a posting goes: a statement with its matter and the connection that it was read from. */
export type Target = {
  statementId: string;
  number: string;
  kind: Selectable<Statement>["kind"];
  state: Selectable<Statement>["state"];
  isDeleted: boolean;
  balanceMinor: bigint;
  currency: string;
  dueOn: string | null;
  externalId: string;
  matterNumber: string;
  matterDescription: string;
  matterExternalId: string;
  /** Of a trust request: what its matter's ledger holds, with what was written since it was read. Null where the system does not tell. */
  trustHeldMinor: bigint | null;
  clientName: string;
  connectionId: string;
  connector: string;
  connectionState: Selectable<Connection>["state"];
  release: Selectable<Connection>["posting_release"];
  postedDate: Selectable<Connection>["posted_date"];
};

/** The target that a statement makes; undefined without a statement, and for one of another firm. */
export async function findTarget(
  tx: Tx,
  firmId: string,
  statementId: string | null,
): Promise<Target | undefined> {
  return statementId === null ? undefined : await foundTarget(tx, firmId, statementId);
}

const foundTarget = together(async (tx, firmId, statementIds: readonly string[]) => {
  const found = await listTargets(tx, firmId, [...new Set(statementIds)]);
  return byKey(found, statementIds, (target) => target.statementId).map(([target]) => target);
});

/**
 * Open statements of a kind and currency that a search finds, due first. `words` are those that must all occur in the client, the
 * matter, the statement's number or the payer, in lower case.
 */
export async function searchTargets(
  tx: Tx,
  firmId: string,
  wanted: { words: string[]; kind: Selectable<Statement>["kind"]; currency: string; limit: number },
): Promise<Target[]> {
  const search = { onlyOpen: true, dueBefore: undefined, after: undefined, pageSize: SEARCHED_AT_MOST };
  const ids = await findStatementIds(tx, { ...search, words: wanted.words, kind: wanted.kind });
  if (ids.length === 0) return [];
  return await targets(tx, firmId)
    .where("statement.id", "in", ids)
    .where("statement.kind", "=", wanted.kind)
    .where("statement.currency", "=", wanted.currency)
    .orderBy("statement.due_on")
    .orderBy("statement.id")
    .limit(wanted.limit)
    .execute();
}

/** The targets that some statements make, in no order. */
export async function listTargets(
  tx: Tx,
  firmId: string,
  statementIds: readonly string[],
): Promise<Target[]> {
  if (statementIds.length === 0) return [];
  return await targets(tx, firmId).where(isAmong("statement.id", statementIds)).execute();
}

/** The search does not know currencies: it gives this many, of which those that fit are shown. */
const SEARCHED_AT_MOST = 200;

function targets(tx: Tx, firmId: string) {
  return tx
    .selectFrom("statement")
    .innerJoin("matter", (join) =>
      join.onRef("matter.firm_id", "=", "statement.firm_id").onRef("matter.id", "=", "statement.matter_id"),
    )
    .innerJoin("client", (join) =>
      join.onRef("client.firm_id", "=", "matter.firm_id").onRef("client.id", "=", "matter.client_id"),
    )
    .innerJoin("connection", (join) =>
      join
        .onRef("connection.firm_id", "=", "statement.firm_id")
        .onRef("connection.id", "=", "statement.connection_id"),
    )
    .select((eb) => [
      "statement.id as statementId",
      "statement.number as number",
      "statement.kind as kind",
      "statement.state as state",
      eb("statement.deleted_at", "is not", null).$castTo<boolean>().as("isDeleted"),
      "statement.balance_minor as balanceMinor",
      "statement.currency as currency",
      "statement.due_on as dueOn",
      "statement.external_id as externalId",
      "matter.number as matterNumber",
      "matter.description as matterDescription",
      "matter.external_id as matterExternalId",
      sql<
        bigint | null
      >`case when statement.kind = 'trust_request' then matter.trust_balance_minor + ${unconfirmed()} end`.as(
        "trustHeldMinor",
      ),
      "client.name as clientName",
      "connection.id as connectionId",
      "connection.connector as connector",
      "connection.state as connectionState",
      "connection.posting_release as release",
      "connection.posted_date as postedDate",
    ])
    .where("statement.firm_id", "=", firmId);
}
