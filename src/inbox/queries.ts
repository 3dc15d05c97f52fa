import { type Insertable, type Selectable, sql, type Updateable } from "kysely";
import { changeRows } from "../db/rows.ts";
import type { InboxEvent, InboxParked } from "../db/schema.ts";
import { together } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";

/** The processor also tells of its payouts, which are no payments. */
export const PAYOUT_EVENTS = "payout.";

/** Inserts unless the source sent this event before. Returns whether it was new. */
export async function insertEventOnce(tx: Tx, row: Insertable<InboxEvent>): Promise<boolean> {
  const inserted = await tx
    .insertInto("inbox_event")
    .values(row)
    .onConflict((conflict) => conflict.constraint("inbox_event_once").doNothing())
    .returning("id")
    .executeTakeFirst();
  return inserted !== undefined;
}

export async function insertParked(tx: Tx, row: Insertable<InboxParked>): Promise<void> {
  await tx
    .insertInto("inbox_parked")
    .values(row)
    .onConflict((conflict) => conflict.columns(["source", "external_id"]).doNothing())
    .execute();
}

/** Locks an event for the one job that acts on it; undefined when it was handled already. */
export function lockUnhandledEvent(
  tx: Tx,
  firmId: string,
  id: string,
): Promise<Selectable<InboxEvent> | undefined> {
  return tx
    .selectFrom("inbox_event")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .where("handled_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
}

/** Reads an event without locking it. */
export function findEvent(tx: Tx, firmId: string, id: string): Promise<Selectable<InboxEvent> | undefined> {
  return tx
    .selectFrom("inbox_event")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** Notes that an event was acted upon, and what came of it. */
export async function markHandled(
  tx: Tx,
  firmId: string,
  id: string,
  at: Date,
  outcome: string,
): Promise<void> {
  await changedEvent(tx, firmId, { id, change: { handled_at: at, outcome } });
}

/** Notes that an event has a job of its own from now on. */
export async function setApart(tx: Tx, firmId: string, id: string, at: Date): Promise<void> {
  await changedEvent(tx, firmId, { id, change: { set_apart_at: at } });
}

type EventChange = {
  id: string;
  change: Pick<Updateable<InboxEvent>, "handled_at" | "outcome" | "set_apart_at">;
};

const changedEvent = together((tx, firmId, changes: readonly EventChange[]) =>
  changeRows(tx, "inbox_event", firmId, changes),
);

/** The processor's events about payments that nobody has looked at yet, the oldest first. */
export function listNew(tx: Tx, firmId: string, limit: number): Promise<Selectable<InboxEvent>[]> {
  return tx
    .selectFrom("inbox_event")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("source", "=", "stripe")
    .where("handled_at", "is", null)
    .where("set_apart_at", "is", null)
    .where("type", "not like", `${PAYOUT_EVENTS}%`)
    .where("account", "is not", null)
    .orderBy("received_at")
    .orderBy("id")
    .limit(limit)
    .execute();
}

/** Events that nobody acted on for long: their job was lost or gave up. Oldest first. */
export function listStale(
  tx: Tx,
  firmId: string,
  before: Date,
  limit: number,
): Promise<Selectable<InboxEvent>[]> {
  return tx
    .selectFrom("inbox_event")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("handled_at", "is", null)
    .where("received_at", "<", before)
    .orderBy("received_at")
    .limit(limit)
    .execute();
}

/** Every firm, for the sweep; needs no firm of the transaction. */
export async function listFirms(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select list_firm_ids() as id`.execute(tx);
  return rows.map((row) => row.id);
}
