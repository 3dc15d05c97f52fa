import { sql } from "kysely";
import type { Family } from "../../connectors/contract.ts";
import type { Tx } from "../db/tx.ts";
import type { ConnectionKey } from "./secrets.ts";

export type SyncPosition = {
  changedSince: Date | undefined;
  nextChangedSince: Date | undefined;
  cursor: string | undefined;
};
export type SyncProblemFacts = { externalId: string; reason: string };

/** Where a family stands; all undefined before its first page. */
export async function readPosition(
  tx: Tx,
  { firmId, connectionId }: ConnectionKey,
  family: Family,
): Promise<SyncPosition> {
  const row = await tx
    .selectFrom("sync_cursor")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("connection_id", "=", connectionId)
    .where("family", "=", family)
    .executeTakeFirst();
  return {
    changedSince: row?.changed_since ?? undefined,
    nextChangedSince: row?.next_changed_since ?? undefined,
    cursor: row?.page_cursor ?? undefined,
  };
}

export async function savePosition(
  tx: Tx,
  { firmId, connectionId }: ConnectionKey,
  family: Family,
  position: SyncPosition,
): Promise<void> {
  const values = {
    changed_since: position.changedSince ?? null,
    next_changed_since: position.nextChangedSince ?? null,
    page_cursor: position.cursor ?? null,
    updated_at: sql<Date>`now()`,
  };
  await tx
    .insertInto("sync_cursor")
    .values({ firm_id: firmId, connection_id: connectionId, family, ...values })
    .onConflict((conflict) => conflict.columns(["firm_id", "connection_id", "family"]).doUpdateSet(values))
    .execute();
}

/** Keeps records that could not be understood, once each, with the latest reason. */
export async function keepProblems(
  tx: Tx,
  { firmId, connectionId }: ConnectionKey,
  family: Family,
  problems: readonly SyncProblemFacts[],
): Promise<void> {
  const byId = new Map(problems.map((problem) => [problem.externalId, problem.reason]));
  if (byId.size === 0) return;
  await tx
    .insertInto("sync_problem")
    .values(
      [...byId].map(([externalId, reason]) => ({
        firm_id: firmId,
        connection_id: connectionId,
        family,
        external_id: externalId,
        reason,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(["firm_id", "connection_id", "family", "external_id"]).doUpdateSet((eb) => ({
        reason: eb.ref("excluded.reason"),
        seen_at: eb.ref("excluded.seen_at"),
      })),
    )
    .execute();
}

/** Clears the problems of records that are understood now. */
export async function clearProblems(
  tx: Tx,
  { firmId, connectionId }: ConnectionKey,
  family: Family,
  externalIds: readonly string[],
): Promise<void> {
  await tx
    .deleteFrom("sync_problem")
    .where("firm_id", "=", firmId)
    .where("connection_id", "=", connectionId)
    .where("family", "=", family)
    .where(sql<boolean>`external_id = any (${sql.val([...externalIds])}::text[])`)
    .execute();
}

export type SyncProblemRow = { connection_id: string; family: string; external_id: string; reason: string };

/** What could not be understood on any connection of the firm, latest first. */
export function listProblems(tx: Tx, firmId: string, limit: number): Promise<SyncProblemRow[]> {
  return tx
    .selectFrom("sync_problem")
    .select(["connection_id", "family", "external_id", "reason"])
    .where("firm_id", "=", firmId)
    .orderBy("seen_at", "desc")
    .limit(limit)
    .execute();
}
