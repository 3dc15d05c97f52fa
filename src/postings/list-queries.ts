import { type Selectable, type SqlBool, sql } from "kysely";
import type { Payment, PaymentLink } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import type { PostingState } from "./state.ts";

export type PostingTab = PostingState | "reversed" | "all";

export type PostingFilter = {
  tab: PostingTab;
  account: "operating" | "trust" | undefined;
  /** What must occur in the payer's name, or be the reference or number of the payment, a posting or a statement. */
  search: string;
  /** The last payment of the page before, or the first of the page after. */
  after?: string | undefined;
  before?: string | undefined;
};

export type PaymentGroup = {
  id: string;
  reference: string;
  linkId: string;
  source: Selectable<PaymentLink>["source"];
  description: string;
  payerName: string;
  methodLabel: string;
  receivedAt: Date | null;
  accountKind: Selectable<Payment>["account_kind"];
  last4: string;
  amountMinor: bigint;
  currency: string;
};

export type PaymentPage = { groups: PaymentGroup[]; hasEarlier: boolean; hasLater: boolean };

/** One page of payments that have a posting in the tab, the newest first. */
export async function listPaymentGroups(
  tx: Tx,
  firmId: string,
  filter: PostingFilter,
  pageSize: number,
): Promise<PaymentPage> {
  const backwards = filter.before !== undefined;
  const order = backwards ? "asc" : "desc";
  const anchor = filter.before ?? filter.after;
  const rows = await payments(tx, firmId)
    .where(inTab(filter.tab))
    .$if(filter.account !== undefined, (query) =>
      query.where("payment.account_kind", "=", filter.account ?? "operating"),
    )
    .$if(filter.search !== "", (query) => query.where(matching(filter.search)))
    .$if(anchor !== undefined, (query) => query.where(beyond(firmId, anchor ?? "", backwards)))
    .orderBy("payment.created_at", order)
    .orderBy("payment.id", order)
    .limit(pageSize + 1)
    .execute();
  const hasMore = rows.length > pageSize;
  const groups = rows.slice(0, pageSize);
  if (backwards) groups.reverse();
  return {
    groups,
    hasEarlier: backwards ? hasMore : anchor !== undefined,
    hasLater: backwards ? true : hasMore,
  };
}

/** The payment of one posting, as the lists show it; undefined when there is none in this firm. */
export function findPaymentGroup(
  tx: Tx,
  firmId: string,
  paymentId: string,
): Promise<PaymentGroup | undefined> {
  return payments(tx, firmId).where("payment.id", "=", paymentId).executeTakeFirst();
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

/** How many reversals were posted. Reversals are few and have an index of their own. */
export async function countReversed(tx: Tx, firmId: string): Promise<number> {
  const row = await tx
    .selectFrom("posting")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("firm_id", "=", firmId)
    .where("kind", "=", sql.lit("reversal"))
    .where("state", "=", "posted")
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

function payments(tx: Tx, firmId: string) {
  return tx
    .selectFrom("payment")
    .innerJoin("merchant_account", (join) =>
      join
        .onRef("merchant_account.firm_id", "=", "payment.firm_id")
        .onRef("merchant_account.id", "=", "payment.merchant_account_id"),
    )
    .innerJoin("payment_link", (join) =>
      join
        .onRef("payment_link.firm_id", "=", "payment.firm_id")
        .onRef("payment_link.id", "=", "payment.link_id"),
    )
    .select([
      "payment.id",
      "payment.reference",
      "payment.link_id as linkId",
      "payment_link.source",
      "payment_link.description",
      "payment.payer_name as payerName",
      "payment.method_label as methodLabel",
      "payment.received_at as receivedAt",
      "payment.account_kind as accountKind",
      "merchant_account.last4",
      "payment.amount_minor as amountMinor",
      "payment.currency",
    ])
    .where("payment.firm_id", "=", firmId);
}

function inTab(tab: PostingTab) {
  const ofState =
    tab === "all"
      ? sql<SqlBool>`true`
      : tab === "reversed"
        ? sql<SqlBool>`posting.kind = 'reversal' and posting.state = 'posted'`
        : sql<SqlBool>`posting.state = ${tab}`;
  return sql<SqlBool>`exists (
    select from posting
    where posting.firm_id = payment.firm_id and posting.payment_id = payment.id and ${ofState})`;
}

function matching(search: string) {
  return sql<SqlBool>`(
    position(lower(${search}) in lower(payment.payer_name)) > 0
    or lower(payment.reference) = lower(${search})
    or exists (
      select from posting
      left join statement on statement.firm_id = posting.firm_id and statement.id = posting.statement_id
      where posting.firm_id = payment.firm_id and posting.payment_id = payment.id
        and (upper(${search}) = posting.reference or ${search} = posting.external_id or ${search} = statement.number)))`;
}

/** Beyond the anchor in the list's order; the anchor's own row is read, so that no fraction of a second is lost. */
function beyond(firmId: string, anchor: string, backwards: boolean) {
  const anchored = sql`(select a.created_at, a.id from payment a where a.firm_id = ${firmId} and a.id = ${anchor})`;
  return backwards
    ? sql<SqlBool>`(payment.created_at, payment.id) > ${anchored}`
    : sql<SqlBool>`(payment.created_at, payment.id) < ${anchored}`;
}
