import { type Selectable, sql } from "kysely";
import type { Day } from "../base/day.ts";
import type { Deposit, DepositLine, Posting } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

/** An account and the days on which its deposits arrived at the bank, first and last included. */
export type PackScope = { accountId: string; from: Day; to: Day };

export type PackDeposit = Selectable<Deposit>;

/** The deposits of the scope in the order of their arrival, those too that never reached the bank. */
export function listPackDeposits(tx: Tx, firmId: string, scope: PackScope): Promise<PackDeposit[]> {
  return tx
    .selectFrom("deposit")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("merchant_account_id", "=", scope.accountId)
    .where("arrives_on", ">=", scope.from)
    .where("arrives_on", "<=", scope.to)
    .orderBy("arrives_on")
    .orderBy("id")
    .execute();
}

/** One movement with what our books and the matter system say of it. Minor units; what goes out is below zero. */
export type PackLine = Pick<
  Selectable<DepositLine>,
  | "id"
  | "kind"
  | "transaction_id"
  | "description"
  | "gross_minor"
  | "fee_minor"
  | "net_minor"
  | "happened_at"
  | "problem"
  | "note"
> & {
  depositId: string;
  depositReference: string;
  /** By our books, a bookkeeper's note included. */
  oursMinor: bigint;
  paymentReference: string | null;
  payerName: string | null;
  /** What of the movement stands posted in the matter system; null where nothing is to be posted. */
  postedMinor: bigint | null;
  /** Why the rest is not posted, as it is stated there. */
  reason: string | null;
};

export type LineAnchor = { arrivesOn: Day; depositId: string; id: string };

/** A page of the movements in the deposits that reached the bank. `differing` gives only those on which the three sides differ. */
export async function listPackLines(
  tx: Tx,
  firmId: string,
  scope: PackScope,
  wish: { after?: LineAnchor | undefined; limit: number; differing?: boolean },
): Promise<(PackLine & { arrivesOn: Day })[]> {
  const { after } = wish;
  const { rows } = await sql<PackLine & { arrivesOn: Day }>`
    with line as (${packLines(firmId, scope)})
    select * from line
    where (${after?.id ?? null}::uuid is null or ("arrivesOn", "depositId", id)
        > (${after?.arrivesOn ?? null}::date, ${after?.depositId ?? null}::uuid, ${after?.id ?? null}::uuid))
      and (not ${wish.differing ?? false} or ${differs()})
    order by "arrivesOn", "depositId", id
    limit ${wish.limit}`.execute(tx);
  return rows;
}

export type PackSums = {
  lines: number;
  grossMinor: bigint;
  feeMinor: bigint;
  netMinor: bigint;
  oursMinor: bigint;
  /** Of what is to be posted: what moved, and what stands posted. */
  toPostMinor: bigint;
  postedMinor: bigint;
  differing: number;
};

/** The sums of the movements by kind, in the deposits that reached the bank. */
export async function sumPackLines(
  tx: Tx,
  firmId: string,
  scope: PackScope,
): Promise<(PackSums & { kind: PackLine["kind"] })[]> {
  const { rows } = await sql<
    Omit<PackSums, "lines" | "differing"> & { kind: PackLine["kind"]; lines: bigint; differing: bigint }
  >`
    with line as (${packLines(firmId, scope)})
    select kind, count(*) as lines, sum(gross_minor)::bigint as "grossMinor", sum(fee_minor)::bigint as "feeMinor",
      sum(net_minor)::bigint as "netMinor", sum("oursMinor")::bigint as "oursMinor",
      coalesce(sum(gross_minor) filter (where "postedMinor" is not null), 0)::bigint as "toPostMinor",
      coalesce(sum("postedMinor"), 0)::bigint as "postedMinor", count(*) filter (where ${differs()}) as differing
    from line group by kind`.execute(tx);
  return rows.map((row) => ({ ...row, lines: Number(row.lines), differing: Number(row.differing) }));
}

/** How many entries for the scope's payments the matter system shows otherwise than we wrote them, as it was compared last. */
export async function countDisagreeing(tx: Tx, firmId: string, scope: PackScope): Promise<number> {
  const { rows } = await sql<{ count: bigint }>`
    select count(distinct x.id) as count from deposit d
    join deposit_line l on l.firm_id = d.firm_id and l.deposit_id = d.id
    join discrepancy x on x.firm_id = l.firm_id and x.payment_id = l.payment_id and x.closed_at is null
      and x.kind in ('posting_gone', 'posting_double', 'posting_differs')
    where d.firm_id = ${firmId} and d.merchant_account_id = ${scope.accountId} and d.state = 'paid'
      and d.arrives_on between ${scope.from} and ${scope.to}`.execute(tx);
  return Number(rows[0]?.count ?? 0);
}

function differs() {
  return sql`(net_minor <> "oursMinor" or (problem is not null and note is null) or "postedMinor" is distinct from
    (case when "postedMinor" is not null then gross_minor end))`;
}

/** Which postings `q` a line `l` asks for: refunds `r` and disputes `x` by the id in the cause (see postings/cause.ts). */
function isOfLine() {
  return sql`case
    when l.kind = 'payment' then q.kind <> 'reversal' and q.cause = 'payment'
    else (q.kind = 'reversal') = (l.kind in ('refund', 'dispute')) and split_part(q.cause, ':', 2) = coalesce(r.id, x.id)::text
    end`;
}

function packLines(firmId: string, scope: PackScope) {
  return sql`
    select l.id, l.kind, l.transaction_id, l.description, l.gross_minor, l.fee_minor, l.net_minor, l.happened_at, l.problem, l.note,
      d.id as "depositId", d.reference as "depositReference", d.arrives_on as "arrivesOn",
      case when l.note is null then l.expected_minor else l.net_minor end as "oursMinor",
      p.reference as "paymentReference", p.payer_name as "payerName",
      case when p.id is not null and l.kind in ('payment', 'refund', 'refund_failure', 'dispute', 'dispute_reversal')
        then coalesce(g.posted, 0) * (case when l.kind in ('refund', 'dispute') then -1 else 1 end) end::bigint as "postedMinor",
      g.reason
    from deposit d
    join deposit_line l on l.firm_id = d.firm_id and l.deposit_id = d.id
    left join payment p on p.firm_id = l.firm_id and p.id = l.payment_id
    left join refund r on r.firm_id = l.firm_id and r.processor_refund_id = l.source_id
    left join dispute x on x.firm_id = l.firm_id and x.processor_dispute_id = l.source_id
    left join lateral (
      select sum(q.amount_minor) filter (where q.state = 'posted') as posted,
        string_agg(distinct coalesce(q.set_aside_reason, q.problem_text, 'Not posted yet'), ' ')
          filter (where q.state <> 'posted') as reason
      from posting q
      where q.firm_id = p.firm_id and q.payment_id = p.id
        and ${isOfLine()}
    ) g on true
    where d.firm_id = ${firmId} and d.merchant_account_id = ${scope.accountId} and d.state = 'paid'
      and d.arrives_on between ${scope.from} and ${scope.to}`;
}

/** A posting behind the movements of the scope. */
export type PackPosting = Pick<
  Selectable<Posting>,
  "id" | "reference" | "kind" | "cause" | "amount_minor" | "state" | "posted_on" | "posted_by" | "external_id"
> & {
  paymentReference: string;
  statementNumber: string | null;
  matterNumber: string | null;
  clientName: string | null;
  reason: string | null;
};

/** A page of the postings that those movements ask for, behind the id `after`. */
export async function listPackPostings(
  tx: Tx,
  firmId: string,
  scope: PackScope,
  wish: { after?: string | undefined; limit: number },
): Promise<PackPosting[]> {
  const { rows } = await sql<PackPosting>`
    select q.id, q.reference, q.kind, q.cause, q.amount_minor, q.state, q.posted_on, q.posted_by, q.external_id,
      p.reference as "paymentReference", s.number as "statementNumber", m.number as "matterNumber", c.name as "clientName",
      case when q.state = 'posted' then null else coalesce(q.set_aside_reason, q.problem_text) end as reason
    from posting q
    join payment p on p.firm_id = q.firm_id and p.id = q.payment_id
    left join statement s on s.firm_id = q.firm_id and s.id = q.statement_id
    left join matter m on m.firm_id = s.firm_id and m.id = s.matter_id
    left join client c on c.firm_id = m.firm_id and c.id = m.client_id
    where q.firm_id = ${firmId} and (${wish.after ?? null}::uuid is null or q.id > ${wish.after ?? null}::uuid)
      and exists (
        select from deposit_line l
        join deposit d on d.firm_id = l.firm_id and d.id = l.deposit_id
        left join refund r on r.firm_id = l.firm_id and r.processor_refund_id = l.source_id
        left join dispute x on x.firm_id = l.firm_id and x.processor_dispute_id = l.source_id
        where l.firm_id = p.firm_id and l.payment_id = p.id and d.merchant_account_id = ${scope.accountId} and d.state = 'paid'
          and d.arrives_on between ${scope.from} and ${scope.to} and ${isOfLine()})
    order by q.id
    limit ${wish.limit}`.execute(tx);
  return rows;
}

type Waiting = {
  id: string;
  reference: string;
  payerName: string;
  receivedOn: Day;
  expectedOn: Day | null;
  amountMinor: bigint;
  feeMinor: bigint;
};

/** A page of payments received in the scope's days that are in no deposit that reached the bank, behind the id `after`. */
export async function listWaiting(
  tx: Tx,
  firmId: string,
  scope: PackScope,
  wish: { timeZone: string; after?: string | undefined; limit: number },
): Promise<Waiting[]> {
  const { rows } = await sql<Waiting>`
    select p.id, p.reference, p.payer_name as "payerName", (p.received_at at time zone ${wish.timeZone})::date as "receivedOn",
      p.expected_on as "expectedOn", p.amount_minor as "amountMinor", p.fee_minor as "feeMinor"
    from payment p
    where ${isWaiting(firmId, scope, wish.timeZone)} and (${wish.after ?? null}::uuid is null or p.id > ${wish.after ?? null}::uuid)
    order by p.id
    limit ${wish.limit}`.execute(tx);
  return rows;
}

export async function sumWaiting(
  tx: Tx,
  firmId: string,
  scope: PackScope,
  timeZone: string,
): Promise<{ count: number; amountMinor: bigint }> {
  const { rows } = await sql<{ count: bigint; amountMinor: bigint }>`
    select count(*) as count, coalesce(sum(p.amount_minor), 0)::bigint as "amountMinor"
    from payment p where ${isWaiting(firmId, scope, timeZone)}`.execute(tx);
  return { count: Number(rows[0]?.count ?? 0), amountMinor: rows[0]?.amountMinor ?? 0n };
}

function isWaiting(firmId: string, scope: PackScope, timeZone: string) {
  return sql`p.firm_id = ${firmId} and p.merchant_account_id = ${scope.accountId} and p.state = 'succeeded'
    and p.received_at >= (${scope.from}::date)::timestamp at time zone ${timeZone}
    and p.received_at < (${scope.to}::date + 1)::timestamp at time zone ${timeZone}
    and not exists (
      select from deposit_line l join deposit d on d.firm_id = l.firm_id and d.id = l.deposit_id
      where l.firm_id = p.firm_id and l.payment_id = p.id and l.kind = 'payment' and d.state = 'paid')`;
}
