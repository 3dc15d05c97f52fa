import { type Selectable, sql } from "kysely";
import type { Family } from "../../connectors/contract.ts";
import type { SyncRun } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import type { ConnectionKey } from "./secrets.ts";

export type SyncRunRow = Selectable<SyncRun>;
export type SyncPosition = {
  changedSince: Date | undefined;
  nextChangedSince: Date | undefined;
  cursor: string | undefined;
};
export type SyncProblemFacts = { externalId: string; reason: string };

/** The run that is under way on a connection, locked. `isHeld` by the database's clock. */
export function lockRunning(
  tx: Tx,
  { firmId, connectionId }: ConnectionKey,
): Promise<(SyncRunRow & { isHeld: boolean }) | undefined> {
  return tx
    .selectFrom("sync_run")
    .selectAll()
    .select(sql<boolean>`held_until > now()`.as("isHeld"))
    .where("firm_id", "=", firmId)
    .where("connection_id", "=", connectionId)
    .where("state", "=", "running")
    .forUpdate()
    .executeTakeFirst();
}

export async function insertRun(
  tx: Tx,
  { firmId, connectionId }: ConnectionKey,
  run: { id: string; kind: "first" | "incremental"; holder: string; holdSeconds: number },
): Promise<void> {
  await tx
    .insertInto("sync_run")
    .values({
      firm_id: firmId,
      id: run.id,
      connection_id: connectionId,
      kind: run.kind,
      state: "running",
      holder: run.holder,
      held_until: later(run.holdSeconds),
    })
    .execute();
}

/** Makes somebody else the holder of a run whose time is over. */
export async function takeOverRun(
  tx: Tx,
  firmId: string,
  id: string,
  claim: { holder: string; holdSeconds: number },
): Promise<void> {
  await tx
    .updateTable("sync_run")
    .set({ holder: claim.holder, held_until: later(claim.holdSeconds), reason: null })
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .execute();
}

/** Holds a run for another while and adds to its counts. Returns false when somebody else has taken it over. */
export async function holdRun(
  tx: Tx,
  firmId: string,
  run: { id: string; holder: string; holdSeconds: number },
  page: { family: Family; read: number; changed: number; unreadable: number },
): Promise<boolean> {
  const held = await tx
    .updateTable("sync_run")
    .set((eb) => ({
      held_until: later(run.holdSeconds),
      family: page.family,
      records_read: eb("records_read", "+", page.read),
      records_changed: eb("records_changed", "+", page.changed),
      unreadable: eb("unreadable", "+", page.unreadable),
    }))
    .where("firm_id", "=", firmId)
    .where("id", "=", run.id)
    .where("holder", "=", run.holder)
    .where("state", "=", "running")
    .returning("id")
    .executeTakeFirst();
  return held !== undefined;
}

/** Lets a run rest until an instant: nobody takes it up before. It keeps its counts. */
export async function restRun(
  tx: Tx,
  firmId: string,
  run: { id: string; holder: string },
  rest: { until: Date; reason: string },
): Promise<void> {
  await tx
    .updateTable("sync_run")
    .set({ held_until: rest.until, reason: rest.reason })
    .where("firm_id", "=", firmId)
    .where("id", "=", run.id)
    .where("holder", "=", run.holder)
    .where("state", "=", "running")
    .execute();
}

/** Ends a run. Returns false when somebody else has taken it over. */
export async function endRun(
  tx: Tx,
  firmId: string,
  run: { id: string; holder: string },
  end: { state: "done" | "failed"; reason: string | null; at: Date },
): Promise<boolean> {
  const ended = await tx
    .updateTable("sync_run")
    .set({ state: end.state, reason: end.reason, finished_at: end.at })
    .where("firm_id", "=", firmId)
    .where("id", "=", run.id)
    .where("holder", "=", run.holder)
    .where("state", "=", "running")
    .returning("id")
    .executeTakeFirst();
  return ended !== undefined;
}

/** Forgets runs of long ago: they come every few minutes. */
export async function deleteOldRuns(tx: Tx, { firmId, connectionId }: ConnectionKey, before: Date): Promise<void> {
  await tx
    .deleteFrom("sync_run")
    .where("firm_id", "=", firmId)
    .where("connection_id", "=", connectionId)
    .where("state", "<>", "running")
    .where("started_at", "<", before)
    .execute();
}

/** The latest run of each connection of the firm. */
export function listLatestRuns(tx: Tx, firmId: string): Promise<SyncRunRow[]> {
  return tx
    .selectFrom("sync_run")
    .selectAll()
    .distinctOn("connection_id")
    .where("firm_id", "=", firmId)
    .orderBy("connection_id")
    .orderBy("started_at", "desc")
    .execute();
}

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

function later(seconds: number) {
  return sql<Date>`now() + make_interval(secs => ${seconds})`;
}
