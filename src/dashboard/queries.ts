import { type Selectable, sql } from "kysely";
import type { Posting, SyncRun } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

/** So many of a kind are named one by one; the rest is counted. */
export const NAMED_LIMIT = 3;

export type ConnectionFacts = {
  id: string;
  connector: string;
  state: "authorized" | "needs_authorization" | "paused" | "disconnected";
  reason: string | null;
  lastSyncedAt: Date | null;
};

/** The firm's connections that are not cut off, oldest first. */
export function listConnections(tx: Tx, firmId: string): Promise<ConnectionFacts[]> {
  return tx
    .selectFrom("connection")
    .select(["id", "connector", "state", "state_reason as reason", "last_synced_at as lastSyncedAt"])
    .where("firm_id", "=", firmId)
    .where("state", "!=", "disconnected")
    .orderBy("created_at")
    .orderBy("id")
    .execute();
}

/** The latest run of the first load of each connection: what a new firm waits for. */
export function listFirstRuns(tx: Tx, firmId: string): Promise<Selectable<SyncRun>[]> {
  return tx
    .selectFrom("sync_run")
    .distinctOn("connection_id")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("kind", "=", "first")
    .orderBy("connection_id")
    .orderBy("started_at", "desc")
    .execute();
}

export type LinkTrouble = {
  id: string;
  payerName: string;
  description: string;
  amountMinor: bigint;
  currency: string;
  reason: string | null;
  at: Date;
  total: number;
};

/** Open links whose email bounced, the latest first. `total` counts all of them. */
export function listBounced(tx: Tx, firmId: string): Promise<LinkTrouble[]> {
  return troubles(tx, firmId, "delivery_reason")
    .select("updated_at as at")
    .where("delivery", "=", "bounced")
    .orderBy("updated_at", "desc")
    .limit(NAMED_LIMIT)
    .execute()
    .then(withTotals);
}

/** Open links on which a payment was declined since an instant, the latest first. `total` counts all of them. */
export function listDeclined(tx: Tx, firmId: string, since: Date): Promise<LinkTrouble[]> {
  return troubles(tx, firmId, "tried_reason")
    .select(sql<Date>`tried_at`.as("at"))
    .where("tried_at", ">=", since)
    .orderBy("tried_at", "desc")
    .limit(NAMED_LIMIT)
    .execute()
    .then(withTotals);
}

export type PostingTrouble = {
  id: string;
  problem: Selectable<Posting>["problem"];
  text: string | null;
  amountMinor: bigint;
  currency: string;
  payerName: string;
};

/** Postings that wait for a person, the oldest first. */
export function listPostingTroubles(tx: Tx, firmId: string): Promise<PostingTrouble[]> {
  return tx
    .selectFrom("posting")
    .innerJoin("payment", (join) =>
      join.onRef("payment.firm_id", "=", "posting.firm_id").onRef("payment.id", "=", "posting.payment_id"),
    )
    .select([
      "posting.id",
      "posting.problem",
      "posting.problem_text as text",
      "posting.amount_minor as amountMinor",
      "posting.currency",
      "payment.payer_name as payerName",
    ])
    .where("posting.firm_id", "=", firmId)
    .where("posting.state", "=", "needs_attention")
    .orderBy("posting.created_at")
    .orderBy("posting.id")
    .limit(NAMED_LIMIT)
    .execute();
}

/** How many postings there are by state, from the counters. */
export async function readPostingCounts(tx: Tx, firmId: string): Promise<Map<string, number>> {
  const rows = await tx
    .selectFrom("tally")
    .select((eb) => ["state", eb.fn.sum<string>("delta").as("count")])
    .where("firm_id", "=", firmId)
    .where("family", "=", "posting")
    .groupBy("state")
    .execute();
  return new Map(rows.map((row) => [row.state, Number(row.count)]));
}

export type Expiring = { count: number; amountMinor: bigint; currency: string; unseen: number };

/** Open links that run out before an instant, by currency. */
export async function sumExpiring(tx: Tx, firmId: string, now: Date, before: Date): Promise<Expiring[]> {
  const rows = await tx
    .selectFrom("payment_link")
    .select((eb) => [
      "currency",
      eb.fn.countAll<bigint>().as("count"),
      sql<bigint>`sum(amount_minor)::bigint`.as("amountMinor"),
      sql<bigint>`count(*) filter (where first_viewed_at is null)`.as("unseen"),
    ])
    .where("firm_id", "=", firmId)
    .where("state", "=", "outstanding")
    .where("expires_at", ">", now)
    .where("expires_at", "<=", before)
    .groupBy("currency")
    .orderBy("currency")
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count), unseen: Number(row.unseen) }));
}

function troubles(tx: Tx, firmId: string, reason: "delivery_reason" | "tried_reason") {
  return tx
    .selectFrom("payment_link")
    .select([
      "id",
      "payer_name as payerName",
      "description",
      "amount_minor as amountMinor",
      "currency",
      `${reason} as reason`,
      sql<bigint>`count(*) over ()`.as("total"),
    ])
    .where("firm_id", "=", firmId)
    .where("state", "=", "outstanding");
}

function withTotals<Row extends { total: bigint }>(rows: Row[]): (Omit<Row, "total"> & { total: number })[] {
  return rows.map((row) => ({ ...row, total: Number(row.total) }));
}
