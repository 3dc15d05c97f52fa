import { type RawBuilder, type Selectable, type SqlBool, sql } from "kysely";
import type { Posting, SyncRun } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import { EVERYTHING } from "../links/list-address.ts";
import { fulfils, type Scope } from "../links/list-filter-queries.ts";
import type { FigureFilter } from "./figure-queries.ts";

/** The open links whose email bounced, and those on which a payment was declined, as Sent Pages lists them. */
export const BOUNCED: FigureFilter = { state: "outstanding", delivery: "bounced" };
export const DECLINED: FigureFilter = { state: "outstanding", delivery: "tried" };

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
};

/** Named links and how many there are in all. */
export type Troubles = { named: LinkTrouble[]; total: number };

/** Open links whose email bounced, the latest first. */
export function listBounced(tx: Tx, scope: Scope, limit: number): Promise<Troubles> {
  const at = { reason: sql`link.delivery_reason`, at: sql`link.updated_at` };
  return listTroubles(tx, fulfils(scope, { ...EVERYTHING.filter, ...BOUNCED }), at, limit);
}

/** Open links on which a payment was declined, the latest first. */
export function listDeclined(tx: Tx, scope: Scope, limit: number): Promise<Troubles> {
  const at = { reason: sql`link.tried_reason`, at: sql`link.tried_at` };
  return listTroubles(tx, fulfils(scope, { ...EVERYTHING.filter, ...DECLINED }), at, limit);
}

/** Expired links for whose payer nobody has made a new one yet, asked for since an instant, the latest first. */
export function listAskedFresh(tx: Tx, scope: Scope, since: Date, limit: number): Promise<Troubles> {
  // The job that closes a link may come later than its payer; an extended link is open again.
  const isExpired = fulfils(scope, { ...EVERYTHING.filter, state: "expired" });
  const condition = sql<SqlBool>`${isExpired} and link.fresh_asked_at >= ${since} and not exists (
    select from payment_link next where next.firm_id = link.firm_id and next.predecessor_id = link.id)`;
  return listTroubles(tx, condition, { reason: sql`null::text`, at: sql`link.fresh_asked_at` }, limit);
}

async function listTroubles(
  tx: Tx,
  condition: RawBuilder<SqlBool>,
  columns: { reason: RawBuilder<unknown>; at: RawBuilder<unknown> },
  limit: number,
): Promise<Troubles> {
  const { rows } = await sql<LinkTrouble & { total: bigint }>`
    select link.id, link.payer_name as "payerName", link.description, link.amount_minor as "amountMinor", link.currency,
      ${columns.reason} as reason, ${columns.at} as at, count(*) over () as total
    from payment_link link where ${condition}
    order by ${columns.at} desc, link.id desc limit ${limit}`.execute(tx);
  return { named: rows, total: Number(rows[0]?.total ?? 0) };
}

/** What is wrong with the keys of the firm's captcha, while it is on; payers are kept away by it. */
export async function readCaptchaTrouble(tx: Tx, firmId: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom("firm_settings")
    .select("captcha_trouble")
    .where("firm_id", "=", firmId)
    .where("captcha", "!=", "off")
    .executeTakeFirst();
  return row?.captcha_trouble ?? undefined;
}

export type PostingTrouble = {
  id: string;
  kind: Selectable<Posting>["kind"];
  problem: Selectable<Posting>["problem"];
  is_undone: boolean;
  text: string | null;
  amountMinor: bigint;
  currency: string;
  payerName: string;
};

/** Postings that wait for a person, the oldest first. */
export function listPostingTroubles(tx: Tx, firmId: string, limit: number): Promise<PostingTrouble[]> {
  return tx
    .selectFrom("posting")
    .innerJoin("payment", (join) =>
      join.onRef("payment.firm_id", "=", "posting.firm_id").onRef("payment.id", "=", "posting.payment_id"),
    )
    .select([
      "posting.id",
      "posting.kind",
      "posting.problem",
      "posting.is_undone",
      "posting.problem_text as text",
      "posting.amount_minor as amountMinor",
      "posting.currency",
      "payment.payer_name as payerName",
    ])
    .where("posting.firm_id", "=", firmId)
    .where("posting.state", "=", "needs_attention")
    .orderBy("posting.created_at")
    .orderBy("posting.id")
    .limit(limit)
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
