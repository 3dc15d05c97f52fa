import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";

/** Minor units. What goes back already is held still, or was a moment ago, but cannot be given back again. */
export type TrustRoom = { matterNumber: string; heldMinor: bigint; goingBackMinor: bigint };

/**
 * What the trust ledger of a part's matter holds: as it was last read, with what was written there since; and what goes back of its
 * deposits without having been taken out there yet. Undefined where the part's deposit is not written yet (then its
 * reversal is written after it), where it lies on no statement, and where the system tells no balance.
 */
export async function findTrustRoom(
  tx: Tx,
  firmId: string,
  allocationId: string,
): Promise<TrustRoom | undefined> {
  const { rows } = await sql<TrustRoom>`
    select matter.number as "matterNumber", matter.trust_balance_minor + ${unconfirmed()} - ${takenByHand()} as "heldMinor",
      ${goingBack()} as "goingBackMinor"
    from posting o
    join statement s on s.firm_id = o.firm_id and s.id = o.statement_id
    join matter on matter.firm_id = s.firm_id and matter.id = s.matter_id
    where o.firm_id = ${firmId} and o.allocation_id = ${allocationId} and o.kind = 'trust_deposit' and o.state = 'posted'
      and matter.trust_balance_minor is not null
    limit 1`.execute(tx);
  return rows[0];
}

/** What was written on the trust ledger of `matter` and not read back yet: deposits less reversals. For a query that has `matter`. */
export function unconfirmed() {
  return sql<bigint>`coalesce((
    select sum(case when w.kind = 'reversal' then -w.amount_minor else w.amount_minor end)
    from posting w
    join statement ws on ws.firm_id = w.firm_id and ws.id = w.statement_id
    where w.firm_id = matter.firm_id and ws.matter_id = matter.id and ws.kind = 'trust_request' and w.state = 'posted'
      and w.confirmed_at is null), 0)::bigint`;
}

/** What refunds and returned debits take out of deposits of `matter` that stand there, as far as no reversal took it out yet. */
function goingBack() {
  return sql<bigint>`coalesce((
    select sum(greatest(part.amount_minor - reversed.amount_minor, 0))
    from posting entry
    join statement s on s.firm_id = entry.firm_id and s.id = entry.statement_id
    join undone_part part on part.firm_id = entry.firm_id and part.allocation_id = entry.allocation_id
    left join refund on refund.firm_id = part.firm_id and refund.id = part.refund_id
    left join dispute on dispute.firm_id = part.firm_id and dispute.id = part.dispute_id
    cross join lateral (
      select coalesce(sum(back.amount_minor), 0) as amount_minor from posting back
      where back.firm_id = part.firm_id and back.allocation_id = part.allocation_id and back.kind = 'reversal'
        and split_part(back.cause, ':', 2) = coalesce(part.refund_id, part.dispute_id)::text
        -- One that a person set aside was covered from elsewhere.
        and (back.state = 'posted' or (back.state = 'set_aside' and not back.is_undone))
        and not exists (select from posting again where again.firm_id = back.firm_id and again.restores_posting_id = back.id)
    ) reversed
    where entry.firm_id = matter.firm_id and s.matter_id = matter.id and entry.kind = 'trust_deposit'
      and entry.cause = 'payment' and entry.state = 'posted'
      and (refund.state in ('requested', 'pending', 'succeeded')
        or (dispute.kind = 'bank_return' and dispute.turn % 2 = 1))), 0)::bigint`;
}

/** What a member says to have taken out of `matter` by hand since its ledger was last read. */
function takenByHand() {
  return sql<bigint>`coalesce((
    select sum(w.amount_minor)
    from posting w
    join statement ws on ws.firm_id = w.firm_id and ws.id = w.statement_id
    where w.firm_id = matter.firm_id and ws.matter_id = matter.id and w.kind = 'reversal' and w.state = 'posted'
      and w.posted_by <> 'api' and w.confirmed_at is not null
      and not exists (
        select from sync_run run where run.firm_id = ws.firm_id and run.connection_id = ws.connection_id
          and run.state = 'done' and run.started_at >= w.confirmed_at)), 0)::bigint`;
}
