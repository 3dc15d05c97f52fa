import { type SelectQueryBuilder, sql } from "kysely";
import type { DB } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import type { LinkState } from "./state.ts";

/** More matches than this are not looked at: another word narrows them down. */
const MATCH_LIMIT = 2_000;

export type SentFilter = {
  state: LinkState | undefined;
  /** Words that must all occur; none for no search. */
  words: string[];
  /** The last row of the page before, or the first of the page after. */
  after?: string | undefined;
  before?: string | undefined;
};

export type SentRow = {
  id: string;
  reference: string;
  clientName: string;
  payerName: string;
  matterLabel: string;
  description: string;
  accountKind: "operating" | "trust";
  last4: string;
  amountMinor: bigint;
  currency: string;
  state: LinkState;
  delivery: "not_emailed" | "queued" | "sent" | "delivered" | "bounced";
  deliveryReason: string | null;
  createdAt: Date;
  dueOn: string | null;
  expiresAt: Date;
  closedAt: Date | null;
  firstViewedAt: Date | null;
  lastViewedAt: Date | null;
  triedAt: Date | null;
  triedReason: string | null;
};

export type SentPage = { rows: SentRow[]; hasEarlier: boolean; hasLater: boolean };

/** One page of links, the newest first. `hasEarlier` says whether a newer page stands before it, `hasLater` an older one after. */
export async function listSent(
  tx: Tx,
  firmId: string,
  filter: SentFilter,
  pageSize: number,
): Promise<SentPage> {
  const backwards = filter.before !== undefined;
  const order = backwards ? "asc" : "desc";
  const anchor = filter.before ?? filter.after;
  const rows = await sentLinks(tx, firmId, filter)
    .$if(anchor !== undefined, (query) => query.where(beyond(firmId, anchor ?? "", backwards)))
    .orderBy("payment_link.created_at", order)
    .orderBy("payment_link.id", order)
    .limit(pageSize + 1)
    .execute();
  const hasMore = rows.length > pageSize;
  const page = rows.slice(0, pageSize);
  if (backwards) page.reverse();
  return {
    rows: page,
    hasEarlier: backwards ? hasMore : anchor !== undefined,
    hasLater: backwards ? true : hasMore,
  };
}

/** How many links match the words, by state. Only for searches: without words the counters say it. */
export async function countMatches(tx: Tx, firmId: string, words: string[]): Promise<Map<string, number>> {
  const rows = await tx
    .selectFrom("payment_link")
    .select((eb) => ["state", eb.fn.countAll<bigint>().as("count")])
    .where("firm_id", "=", firmId)
    .where(matching(words))
    .groupBy("state")
    .execute();
  return new Map(rows.map((row) => [row.state, Number(row.count)]));
}

/** How many links there are by state, from the counters. */
export async function readLinkCounts(tx: Tx, firmId: string): Promise<Map<string, number>> {
  const rows = await tx
    .selectFrom("tally")
    .select((eb) => ["state", eb.fn.sum<string>("delta").as("count")])
    .where("firm_id", "=", firmId)
    .where("family", "=", "link")
    .groupBy("state")
    .execute();
  return new Map(rows.map((row) => [row.state, Number(row.count)]));
}

function sentLinks(
  tx: Tx,
  firmId: string,
  filter: SentFilter,
): SelectQueryBuilder<DB, "payment_link", SentRow> {
  const { state, words } = filter;
  return tx
    .selectFrom("payment_link")
    .innerJoin("merchant_account as account", (join) =>
      join
        .onRef("account.firm_id", "=", "payment_link.firm_id")
        .onRef("account.id", "=", "payment_link.merchant_account_id"),
    )
    .select([
      "payment_link.id",
      "payment_link.reference",
      "payment_link.client_name as clientName",
      "payment_link.payer_name as payerName",
      "payment_link.matter_label as matterLabel",
      "payment_link.description",
      "payment_link.account_kind as accountKind",
      "account.last4",
      "payment_link.amount_minor as amountMinor",
      "payment_link.currency",
      "payment_link.state",
      "payment_link.delivery",
      "payment_link.delivery_reason as deliveryReason",
      "payment_link.created_at as createdAt",
      "payment_link.due_on as dueOn",
      "payment_link.expires_at as expiresAt",
      "payment_link.closed_at as closedAt",
      "payment_link.first_viewed_at as firstViewedAt",
      "payment_link.last_viewed_at as lastViewedAt",
      "payment_link.tried_at as triedAt",
      "payment_link.tried_reason as triedReason",
    ])
    .where("payment_link.firm_id", "=", firmId)
    .$if(state !== undefined, (query) => query.where("payment_link.state", "=", state ?? "outstanding"))
    .$if(words.length > 0, (query) => query.where(matching(words))) as SelectQueryBuilder<
    DB,
    "payment_link",
    SentRow
  >;
}

function matching(words: string[]) {
  const wanted = words.map((word) => word.toLowerCase());
  return sql<boolean>`payment_link.id in (select link_id from search_links(${wanted}::text[], ${MATCH_LIMIT}))`;
}

/** The rows beyond a link in the list's order. Compared in the database: its instants are finer than a JavaScript date. */
function beyond(firmId: string, anchorId: string, backwards: boolean) {
  const anchor = sql`(select a.created_at, a.id from payment_link a where a.firm_id = ${firmId} and a.id = ${anchorId})`;
  const self = sql`(payment_link.created_at, payment_link.id)`;
  return backwards ? sql<boolean>`${self} > ${anchor}` : sql<boolean>`${self} < ${anchor}`;
}
