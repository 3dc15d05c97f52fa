import { type Selectable, type SqlBool, sql } from "kysely";
import { notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { toPage } from "../base/page.ts";
import type { Deposit } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import type { DepositFilter, DepositTab } from "./filter.ts";

/** A deposit as the lists show it. Sums in minor units; what goes out is below zero. */
export type ListedDeposit = Selectable<Deposit> & {
  accountName: string;
  last4: string;
  ledgerCode: string;
  payments: number;
  refunds: number;
  disputes: number;
  feesMinor: bigint;
};

type DepositPage = { deposits: ListedDeposit[]; hasEarlier: boolean; hasLater: boolean };

/** One page of deposits, those that arrive last first. */
export async function listDeposits(
  tx: Tx,
  firmId: string,
  filter: DepositFilter,
  pageSize: number,
): Promise<DepositPage> {
  const backwards = filter.before !== undefined;
  const order = backwards ? "asc" : "desc";
  const anchor = filter.before ?? filter.after;
  const rows = await deposits(tx, firmId)
    .where(inTab(filter.tab))
    .$if(filter.account !== undefined, (query) =>
      query.where("d.merchant_account_id", "=", filter.account ?? ""),
    )
    .$if(filter.from !== undefined, (query) => query.where("d.arrives_on", ">=", filter.from ?? ""))
    .$if(filter.to !== undefined, (query) => query.where("d.arrives_on", "<=", filter.to ?? ""))
    .$if(anchor !== undefined, (query) => query.where(beyond(firmId, anchor ?? "", backwards)))
    .orderBy("d.arrives_on", order)
    .orderBy("d.id", order)
    .limit(pageSize + 1)
    .execute();
  const page = toPage(rows, filter, pageSize);
  return { deposits: page.rows.map(counted), hasEarlier: page.hasEarlier, hasLater: page.hasLater };
}

/** One deposit as the lists show it. Throws `not_found`, also for one of another firm. */
export async function getListedDeposit(tx: Tx, firmId: string, id: string): Promise<ListedDeposit> {
  if (!isId(id)) throw notFound("deposit");
  const row = await deposits(tx, firmId).where("d.id", "=", id).executeTakeFirst();
  if (!row) throw notFound("deposit");
  return counted(row);
}

/** How many deposits each tab holds. */
export async function countDeposits(tx: Tx, firmId: string): Promise<Map<DepositTab, number>> {
  const row = await tx
    .selectFrom("deposit as d")
    .select((eb) => [
      eb.fn.countAll<bigint>().as("all"),
      sql<bigint>`count(*) filter (where ${inTab("under_way")})`.as("under_way"),
      sql<bigint>`count(*) filter (where ${inTab("paid")})`.as("paid"),
      sql<bigint>`count(*) filter (where ${inTab("failed")})`.as("failed"),
      sql<bigint>`count(*) filter (where ${inTab("untied")})`.as("untied"),
    ])
    .where("d.firm_id", "=", firmId)
    .executeTakeFirstOrThrow();
  const entries = Object.entries(row).map(([tab, count]) => [tab as DepositTab, Number(count)] as const);
  return new Map(entries);
}

function deposits(tx: Tx, firmId: string) {
  return tx
    .selectFrom("deposit as d")
    .innerJoin("merchant_account as a", (join) =>
      join.onRef("a.firm_id", "=", "d.firm_id").onRef("a.id", "=", "d.merchant_account_id"),
    )
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom("deposit_line as l")
          .select([
            sql<bigint>`count(*) filter (where l.kind = 'payment')`.as("payments"),
            sql<bigint>`count(*) filter (where l.kind = 'refund')`.as("refunds"),
            sql<bigint>`count(*) filter (where l.kind = 'dispute')`.as("disputes"),
            sql<bigint>`coalesce(sum(case when l.kind = 'fee' then l.net_minor else -l.fee_minor end), 0)::bigint`.as(
              "feesMinor",
            ),
          ])
          .whereRef("l.firm_id", "=", "d.firm_id")
          .whereRef("l.deposit_id", "=", "d.id")
          .as("sums"),
      (join) => join.onTrue(),
    )
    .selectAll("d")
    .select([
      "a.name as accountName",
      "a.last4",
      "a.ledger_code as ledgerCode",
      "sums.payments",
      "sums.refunds",
      "sums.disputes",
      "sums.feesMinor",
    ])
    .where("d.firm_id", "=", firmId);
}

function counted(
  row: Omit<ListedDeposit, "payments" | "refunds" | "disputes"> &
    Record<"payments" | "refunds" | "disputes", bigint>,
): ListedDeposit {
  return {
    ...row,
    payments: Number(row.payments),
    refunds: Number(row.refunds),
    disputes: Number(row.disputes),
  };
}

function inTab(tab: DepositTab) {
  switch (tab) {
    case "all":
      return sql<SqlBool>`true`;
    case "under_way":
      return sql<SqlBool>`d.state in ('pending', 'in_transit')`;
    case "paid":
      return sql<SqlBool>`d.state = 'paid'`;
    case "failed":
      return sql<SqlBool>`d.state in ('failed', 'cancelled')`;
    case "untied":
      return sql<SqlBool>`(d.ties is false or d.contents = 'not_told') and d.state not in ('failed', 'cancelled')`;
  }
}

/** Beyond the anchor in the list's order; the anchor's own row is read. */
function beyond(firmId: string, anchor: string, backwards: boolean) {
  const anchored = sql`(select x.arrives_on, x.id from deposit x where x.firm_id = ${firmId} and x.id = ${anchor})`;
  return backwards
    ? sql<SqlBool>`(d.arrives_on, d.id) > ${anchored}`
    : sql<SqlBool>`(d.arrives_on, d.id) < ${anchored}`;
}
