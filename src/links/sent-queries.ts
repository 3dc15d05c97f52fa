import { sql } from "kysely";
import { type Page, type Place, toPage } from "../base/page.ts";
import type { Tx } from "../db/tx.ts";
import type { DeliveryFilter, LinkFilter, Source } from "./list-filter.ts";
import { wordsOf } from "./list-filter.ts";
import { fulfils, MATCH_LIMIT, type Scope, searchMatches, stateNow } from "./list-filter-queries.ts";
import type { Sort } from "./list-sort.ts";
import {
  ACCOUNT,
  BATCH_NAME,
  beyond,
  inOrder,
  nextReminder,
  REMINDED,
  RESPONSIBLE,
  SENDER,
  STATEMENTS,
} from "./list-sort-queries.ts";
import { KEPT } from "./received-queries.ts";
import type { LinkState } from "./state.ts";

/** One link as the list, the download and the actions on many see it. Amounts are minor units. */
export type SentRow = {
  id: string;
  reference: string;
  clientName: string;
  matterLabel: string;
  responsible: string;
  payerName: string;
  payerEmails: string[];
  description: string;
  /** The numbers of its statements, else the invoice number that was typed. */
  statementNumbers: string;
  accountName: string;
  accountKind: "operating" | "trust";
  last4: string;
  amountMinor: bigint;
  /** Received and still there. */
  paidMinor: bigint;
  currency: string;
  /** At once expired when its time is up. */
  state: LinkState;
  delivery: Exclude<DeliveryFilter, "viewed" | "not_viewed" | "tried">;
  deliveryReason: string | null;
  createdAt: Date;
  dueOn: string | null;
  expiresAt: Date;
  closedAt: Date | null;
  firstViewedAt: Date | null;
  lastViewedAt: Date | null;
  triedAt: Date | null;
  triedReason: string | null;
  source: Source;
  batchId: string | null;
  batchName: string;
  senderName: string;
  remindedAt: Date | null;
  nextReminderAt: Date | null;
  /** The number of its step in the plan. */
  nextReminderStep: number | null;
  tokenVersion: number;
};

export type PageWish = Place & { filter: LinkFilter; sort: Sort };
export type SentPage = Page<SentRow>;

/** One page of links. */
export async function listSent(tx: Tx, scope: Scope, wish: PageWish, pageSize: number): Promise<SentPage> {
  const backwards = wish.before !== undefined;
  const anchor = wish.before ?? wish.after;
  const from = anchor === undefined ? sql`true` : beyond(scope, wish.sort, { id: anchor, backwards });
  const { rows } = await sql<{ id: string }>`
    select link.id from payment_link link where ${fulfils(scope, wish.filter)} and ${from}
    order by ${inOrder(wish.sort, scope.now, backwards)} limit ${pageSize + 1}`.execute(tx);
  const page = toPage(rows, wish, pageSize);
  const ids = page.rows.map(({ id }) => id);
  return { ...page, rows: await readSent(tx, scope, ids) };
}

/** The links with these ids in their order; what is no link of the firm is left out. */
export async function readSent(tx: Tx, scope: Scope, ids: readonly string[]): Promise<SentRow[]> {
  const { rows } = await sql<SentRow>`
    select link.id, link.reference, link.client_name as "clientName", link.matter_label as "matterLabel",
      ${RESPONSIBLE} as responsible, link.payer_name as "payerName", link.payer_emails as "payerEmails", link.description,
      ${STATEMENTS} as "statementNumbers", ${ACCOUNT} as "accountName", link.account_kind as "accountKind",
      (select account.last4 from merchant_account account
        where account.firm_id = link.firm_id and account.id = link.merchant_account_id) as last4,
      link.amount_minor as "amountMinor", ${KEPT} as "paidMinor", link.currency, ${stateNow(scope.now)} as state, link.delivery,
      link.delivery_reason as "deliveryReason", link.created_at as "createdAt", link.due_on as "dueOn",
      link.expires_at as "expiresAt", link.closed_at as "closedAt", link.first_viewed_at as "firstViewedAt",
      link.last_viewed_at as "lastViewedAt", link.tried_at as "triedAt", link.tried_reason as "triedReason", link.source,
      (select made.batch_id from bulk_row made where made.firm_id = link.firm_id and made.link_id = link.id) as "batchId",
      ${BATCH_NAME} as "batchName", ${SENDER} as "senderName", ${REMINDED} as "remindedAt",
      ${nextReminder(scope.now)} as "nextReminderAt", link.next_reminder_position as "nextReminderStep", link.token_version as "tokenVersion"
    from unnest(${ids}::uuid[]) with ordinality as chosen(id, n)
    join payment_link link on link.firm_id = ${scope.firmId} and link.id = chosen.id
    order by chosen.n`.execute(tx);
  return rows;
}

/** The ids of all links that fulfil a filter, 16 bytes each, in the list's order: a list of any length in one value. */
export async function packIds(tx: Tx, scope: Scope, wish: PageWish, most: number): Promise<Buffer> {
  const { rows } = await sql<{ packed: Buffer | null }>`
    select string_agg(uuid_send(id), ''::bytea order by n) as packed from (
      select link.id, row_number() over (order by ${inOrder(wish.sort, scope.now)}) as n
      from payment_link link where ${fulfils(scope, wish.filter)} order by n limit ${most}
    ) chosen`.execute(tx);
  return rows[0]?.packed ?? Buffer.alloc(0);
}

/** What the search of a filter finds, at most one more than are looked at; undefined when nothing is searched for. */
export async function findMatches(tx: Tx, filter: LinkFilter): Promise<string[] | undefined> {
  const words = wordsOf(filter);
  if (words.length === 0) return undefined;
  const { rows } = await searchMatches(words, MATCH_LIMIT + 1).execute(tx);
  return rows.map((row) => row.link_id);
}
