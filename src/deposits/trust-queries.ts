import { sql } from "kysely";
import type { Day } from "../base/day.ts";
import type { Tx } from "../db/tx.ts";

/** A period of whole days of the firm, first and last included. */
export type Period = { from: Day; to: Day };

/** What our postings put into and took out of one matter's trust ledger. Minor units. */
export type LedgerSum = {
  matterId: string;
  matterNumber: string;
  matterDescription: string;
  clientName: string;
  clientNumber: string;
  system: string;
  currency: string;
  openingMinor: bigint;
  receiptsMinor: bigint;
  receipts: number;
  reversalsMinor: bigint;
  reversals: number;
  closingMinor: bigint;
  /** The lowest that the balance ever was, up to the end of the period. */
  lowestMinor: bigint;
  /** What the matter system itself shows by now; null where it is not read. */
  systemMinor: bigint | null;
};

export type LedgerEntry = {
  id: string;
  matterId: string;
  statementNumber: string | null;
  kind: "receipt" | "reversal";
  postedOn: Day;
  amountMinor: bigint;
  /** The ledger's balance from our postings, after this entry. */
  balanceMinor: bigint;
  currency: string;
  reference: string;
  externalId: string | null;
  cause: string;
  paymentReference: string;
  payerName: string;
};

/**
 * Every posted entry of trust money as it stands in the ledgers: deposits add, reversals take away, each with the running balance of its
 * matter. Entries that are not posted yet are not in the matter system and not here.
 */
function entries(firmId: string, accountId: string | undefined, matterId?: string) {
  return sql`
    select g.id, s.matter_id, g.kind, g.posted_on, g.amount_minor, g.currency, g.reference, g.external_id, g.cause, g.posted_at,
      s.number as statement_number, p.reference as payment_reference, p.payer_name,
      sum(case when g.kind = 'reversal' then -g.amount_minor else g.amount_minor end)
        over (partition by s.matter_id, g.currency order by g.posted_on, g.posted_at, g.kind = 'reversal', g.id) as balance_minor
    from posting g
    join payment p on p.firm_id = g.firm_id and p.id = g.payment_id
    join statement s on s.firm_id = g.firm_id and s.id = g.statement_id
    where g.firm_id = ${firmId} and g.state = 'posted' and p.account_kind = 'trust' and g.posted_on is not null
      and (${accountId ?? null}::uuid is null or p.merchant_account_id = ${accountId ?? null}::uuid)
      and (${matterId ?? null}::uuid is null or s.matter_id = ${matterId ?? null}::uuid)`;
}

/** The trust ledger of each matter over a period, by client and matter. Matters without any entry so far are left out. */
export async function listLedgers(
  tx: Tx,
  firmId: string,
  period: Period,
  accountId: string | undefined,
): Promise<LedgerSum[]> {
  const { from, to } = period;
  const { rows } = await sql<
    Omit<LedgerSum, "receipts" | "reversals"> & { receipts: bigint; reversals: bigint }
  >`
    with entry as (${entries(firmId, accountId)})
    select m.id as "matterId", m.number as "matterNumber", m.description as "matterDescription", c.name as "clientName",
      c.number as "clientNumber", n.connector as system, e.currency,
      coalesce(sum(case when e.kind = 'reversal' then -e.amount_minor else e.amount_minor end)
        filter (where e.posted_on < ${from}), 0)::bigint as "openingMinor",
      coalesce(sum(e.amount_minor) filter (where e.kind <> 'reversal' and e.posted_on >= ${from}), 0)::bigint as "receiptsMinor",
      count(*) filter (where e.kind <> 'reversal' and e.posted_on >= ${from}) as receipts,
      coalesce(sum(e.amount_minor) filter (where e.kind = 'reversal' and e.posted_on >= ${from}), 0)::bigint as "reversalsMinor",
      count(*) filter (where e.kind = 'reversal' and e.posted_on >= ${from}) as reversals,
      sum(case when e.kind = 'reversal' then -e.amount_minor else e.amount_minor end)::bigint as "closingMinor",
      min(e.balance_minor)::bigint as "lowestMinor",
      m.trust_balance_minor as "systemMinor"
    from entry e
    join matter m on m.firm_id = ${firmId} and m.id = e.matter_id
    join client c on c.firm_id = ${firmId} and c.id = m.client_id
    join connection n on n.firm_id = ${firmId} and n.id = m.connection_id
    where e.posted_on <= ${to}
    group by m.firm_id, m.id, c.firm_id, c.id, n.connector, e.currency
    order by c.name, c.id, m.number, e.currency`.execute(tx);
  return rows.map((row) => ({
    ...row,
    receipts: Number(row.receipts),
    reversals: Number(row.reversals),
  }));
}

/** The entries of one matter's ledger in a period, in their order, each with the balance behind it. */
export async function listEntries(
  tx: Tx,
  firmId: string,
  wish: { period: Period; accountId: string | undefined; matterId: string; limit: number },
): Promise<LedgerEntry[]> {
  const { from, to } = wish.period;
  const { rows } = await sql<LedgerEntry>`
    with entry as (${entries(firmId, wish.accountId, wish.matterId)})
    select e.id, e.matter_id as "matterId", e.statement_number as "statementNumber",
      case when e.kind = 'reversal' then 'reversal' else 'receipt' end as kind, e.posted_on as "postedOn",
      e.amount_minor as "amountMinor", e.balance_minor::bigint as "balanceMinor", e.currency, e.reference,
      e.external_id as "externalId", e.cause, e.payment_reference as "paymentReference", e.payer_name as "payerName"
    from entry e
    where e.posted_on between ${from} and ${to}
    order by e.currency, e.posted_on, e.posted_at, e.kind = 'reversal', e.id
    limit ${wish.limit}`.execute(tx);
  return rows;
}
