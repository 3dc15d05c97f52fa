import { type Selectable, type SqlBool, sql } from "kysely";
import { toPage } from "../base/page.ts";
import type { Payment, PaymentLink } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import { type Conditions, ofPayment, ofPaymentAlone, ofPosting } from "./condition-queries.ts";

export type PaymentGroup = {
  id: string;
  reference: string;
  linkId: string;
  source: Selectable<PaymentLink>["source"];
  description: string;
  /** The number that the link named; empty when it named none. */
  invoiceNumber: string;
  payerName: string;
  method: Selectable<Payment>["method"];
  methodLabel: string;
  receivedAt: Date | null;
  accountKind: Selectable<Payment>["account_kind"];
  last4: string;
  amountMinor: bigint;
  currency: string;
  refundedMinor: bigint;
  dispute: Selectable<Payment>["dispute"];
  /** The payout that brings the money to the bank, or the day on which one is expected. */
  depositId: string | null;
  depositReference: string | null;
  depositOn: string | null;
  expectedOn: string | null;
};

export type PaymentPage = { groups: PaymentGroup[]; hasEarlier: boolean; hasLater: boolean };

/** One page of payments that have a posting which the filter wants, the newest first. */
export async function listPaymentGroups(
  tx: Tx,
  firmId: string,
  conditions: Conditions,
  pageSize: number,
): Promise<PaymentPage> {
  const { filter } = conditions;
  const backwards = filter.before !== undefined;
  const order = backwards ? "asc" : "desc";
  const anchor = filter.before ?? filter.after;
  const rows = await payments(tx, firmId)
    .where(ofPayment(firmId, conditions))
    .$if(anchor !== undefined, (query) => query.where(beyond(firmId, anchor ?? "", backwards)))
    .orderBy("payment.created_at", order)
    .orderBy("payment.id", order)
    .limit(pageSize + 1)
    .execute();
  const { rows: groups, ...place } = toPage(rows, filter, pageSize);
  return { groups, ...place };
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

/** How many reversals were posted and how much money is held as unapplied, from the counters. */
export async function readMarkCounts(
  tx: Tx,
  firmId: string,
): Promise<{ reversed: number; unapplied: number }> {
  const rows = await tx
    .selectFrom("tally")
    .select((eb) => ["state", eb.fn.sum<string>("delta").as("count")])
    .where("firm_id", "=", firmId)
    .where("family", "=", "posting_mark")
    .groupBy("state")
    .execute();
  const counts = new Map(rows.map((row) => [row.state, Number(row.count)]));
  return { reversed: counts.get("reversed") ?? 0, unapplied: counts.get("unapplied") ?? 0 };
}

/** More matches than this are not counted: a page must not take longer the more a firm has. */
const COUNTED_LIMIT = 20_000;

/**
 * How many postings of those that a filter wants are in each state, whatever its tab; reversals that were posted also as `reversed`.
 * Undefined when there are very many.
 */
export async function countMatches(
  tx: Tx,
  firmId: string,
  conditions: Conditions,
): Promise<Map<string, number> | undefined> {
  const all = { ...conditions, filter: { ...conditions.filter, tab: "all" as const } };
  const { rows } = await sql<{ state: string; isReversed: boolean; count: number }>`
    select state, is_reversed as "isReversed", count(*)::integer as count
    from (
      select posting.state, posting.kind = 'reversal' and posting.state = 'posted' as is_reversed
      from posting
      join payment on payment.firm_id = posting.firm_id and payment.id = posting.payment_id
      where posting.firm_id = ${firmId} and ${ofPosting(all.filter)} and ${ofPaymentAlone(firmId, all)}
      limit ${COUNTED_LIMIT + 1}) matches
    group by state, is_reversed`.execute(tx);
  const counts = new Map<string, number>();
  const add = (name: string, count: number) => counts.set(name, (counts.get(name) ?? 0) + count);
  for (const row of rows) {
    add(row.state, row.count);
    if (row.isReversed) add("reversed", row.count);
  }
  return rows.reduce((sum, row) => sum + row.count, 0) > COUNTED_LIMIT ? undefined : counts;
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
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom("deposit_line as line")
          .innerJoin("deposit", (join) =>
            join.onRef("deposit.firm_id", "=", "line.firm_id").onRef("deposit.id", "=", "line.deposit_id"),
          )
          .select(["deposit.id", "deposit.reference", "deposit.arrives_on"])
          .whereRef("line.firm_id", "=", "payment.firm_id")
          .whereRef("line.payment_id", "=", "payment.id")
          .where("line.kind", "=", "payment")
          .limit(1)
          .as("deposited"),
      (join) => join.onTrue(),
    )
    .select([
      "payment.id",
      "payment.reference",
      "payment.link_id as linkId",
      "payment_link.source",
      "payment_link.description",
      "payment_link.invoice_number as invoiceNumber",
      "payment.payer_name as payerName",
      "payment.method",
      "payment.method_label as methodLabel",
      "payment.received_at as receivedAt",
      "payment.account_kind as accountKind",
      "merchant_account.last4",
      "payment.amount_minor as amountMinor",
      "payment.currency",
      "payment.refunded_minor as refundedMinor",
      "payment.dispute",
      "payment.expected_on as expectedOn",
      "deposited.id as depositId",
      "deposited.reference as depositReference",
      "deposited.arrives_on as depositOn",
    ])
    .where("payment.firm_id", "=", firmId);
}

/** Beyond the anchor in the list's order; the anchor's own row is read, so that no fraction of a second is lost. */
function beyond(firmId: string, anchor: string, backwards: boolean) {
  const anchored = sql`(select a.created_at, a.id from payment a where a.firm_id = ${firmId} and a.id = ${anchor})`;
  return backwards
    ? sql<SqlBool>`(payment.created_at, payment.id) > ${anchored}`
    : sql<SqlBool>`(payment.created_at, payment.id) < ${anchored}`;
}
