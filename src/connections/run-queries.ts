import { type Selectable, sql } from "kysely";
import type { Family } from "../../connectors/contract.ts";
import type { SyncRun } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import type { ConnectionKey } from "./secrets.ts";

export type SyncRunRow = Selectable<SyncRun>;

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
  const held = await heldRun(tx, firmId, run)
    .set((eb) => ({
      held_until: later(run.holdSeconds),
      family: page.family,
      records_read: eb("records_read", "+", page.read),
      records_changed: eb("records_changed", "+", page.changed),
      unreadable: eb("unreadable", "+", page.unreadable),
    }))
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
  await heldRun(tx, firmId, run).set({ held_until: rest.until, reason: rest.reason }).execute();
}

/** Ends a run. Returns false when somebody else has taken it over. */
export async function endRun(
  tx: Tx,
  firmId: string,
  run: { id: string; holder: string },
  end: { state: "done" | "failed"; reason: string | null; at: Date },
): Promise<boolean> {
  const ended = await heldRun(tx, firmId, run)
    .set({ state: end.state, reason: end.reason, finished_at: end.at })
    .returning("id")
    .executeTakeFirst();
  return ended !== undefined;
}

/** A run to write to, while it goes on and nobody else has taken it over. */
function heldRun(tx: Tx, firmId: string, run: { id: string; holder: string }) {
  return tx
    .updateTable("sync_run")
    .where("firm_id", "=", firmId)
    .where("id", "=", run.id)
    .where("holder", "=", run.holder)
    .where("state", "=", "running");
}

/** Forgets runs of long ago: they come every few minutes. */
export async function deleteOldRuns(
  tx: Tx,
  { firmId, connectionId }: ConnectionKey,
  before: Date,
): Promise<void> {
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

function later(seconds: number) {
  return sql<Date>`now() + make_interval(secs => ${seconds})`;
}
