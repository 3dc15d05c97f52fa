import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../db/tx.ts";
import type { Received, ReceivedPart, Sums } from "./received.ts";

// Payments and what is undone of them belong to later features, which alone write them.

/**
 * Whether the money of a refund or a dispute has left the account: it moved an odd number of times. A refund that is only asked for has
 * not moved yet, and one that failed is back.
 */
const isOut = (turn: RawBuilder<unknown>) => sql`${turn} % 2 = 1`;
/** Whether a dispute may still bring its money back. */
const isUndecided = (dispute: RawBuilder<unknown>) => sql`${dispute} in ('inquiry', 'open')`;

/** What of the payment called `paid` left the account through disputes of which it is not known yet whether they bring it back. */
const DISPUTED = sql<bigint>`least(paid.amount_minor, (
  select coalesce(sum(dispute.amount_minor - dispute.excess_minor), 0) from dispute
  where dispute.firm_id = paid.firm_id and dispute.payment_id = paid.id
    and ${isOut(sql`dispute.turn`)} and ${isUndecided(sql`dispute.state`)}))::bigint`;
/** What of the payment called `paid` left the account again, whether or not it is known on which of its parts it lies. */
const GONE = sql<bigint>`least(paid.amount_minor, (
  select coalesce(sum(undone.minor), 0) from (
    select refund.amount_minor - refund.excess_minor as minor from refund
    where refund.firm_id = paid.firm_id and refund.payment_id = paid.id and ${isOut(sql`refund.turn`)}
    union all
    select dispute.amount_minor - dispute.excess_minor from dispute
    where dispute.firm_id = paid.firm_id and dispute.payment_id = paid.id and ${isOut(sql`dispute.turn`)}
  ) undone))::bigint`;
/** The payments that count: a debit under way, a failed and a surplus payment do not. */
const COUNTS = sql`paid.state = 'succeeded' and not paid.is_surplus`;

/** What was received on the link called `link` and is still there. Minor units. */
export const KEPT = sql<bigint>`(select coalesce(sum(paid.amount_minor - ${GONE}), 0)::bigint from payment paid
  where paid.firm_id = link.firm_id and paid.link_id = link.id and ${COUNTS})`;

/** What was received on a link, and what of it left the account again: in all, and on each part of its payments. */
export async function readReceived(tx: Tx, firmId: string, linkId: string): Promise<Received> {
  const { rows } = await sql<Sums>`
    select coalesce(sum(paid.amount_minor), 0)::bigint as "cameMinor", coalesce(sum(${GONE}), 0)::bigint as "goneMinor",
      coalesce(sum(${DISPUTED}), 0)::bigint as "disputedMinor"
    from payment paid where paid.firm_id = ${firmId} and paid.link_id = ${linkId} and ${COUNTS}`.execute(tx);
  const parts = await sql<ReceivedPart>`
    select part.statement_id as "statementId", part.amount_minor as "cameMinor", undone.gone as "goneMinor",
      undone.disputed as "disputedMinor"
    from payment paid
    join payment_allocation part on part.firm_id = paid.firm_id and part.payment_id = paid.id
    cross join lateral (
      select coalesce(sum(laid.amount_minor), 0)::bigint as gone,
        coalesce(sum(laid.amount_minor) filter (where ${isUndecided(sql`dispute.state`)}), 0)::bigint as disputed
      from undone_part laid
      left join refund on refund.firm_id = laid.firm_id and refund.id = laid.refund_id
      left join dispute on dispute.firm_id = laid.firm_id and dispute.id = laid.dispute_id
      where laid.firm_id = part.firm_id and laid.allocation_id = part.id
        and ${isOut(sql`coalesce(refund.turn, dispute.turn)`)}
    ) undone
    where paid.firm_id = ${firmId} and paid.link_id = ${linkId} and ${COUNTS}
    order by paid.received_at, paid.id, part.position`.execute(tx);
  const [sums] = rows;
  if (!sums) throw new Error("a sum has one row");
  return { ...sums, parts: parts.rows };
}
