import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";

export type TrustRoom = { matterNumber: string; heldMinor: bigint };

/**
 * What the trust ledger of a part's matter holds: as it was last read, and what was written there since. Undefined where the part's
 * deposit is not written yet (then its reversal is written after it), where it lies on no statement, and where the system tells no balance.
 */
export async function findTrustRoom(
  tx: Tx,
  firmId: string,
  allocationId: string,
): Promise<TrustRoom | undefined> {
  const { rows } = await sql<TrustRoom>`
    select matter.number as "matterNumber", matter.trust_balance_minor + ${unconfirmed()} as "heldMinor"
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
