import { sql } from "kysely";
import { conflict } from "../base/error.ts";
import type { Tx } from "../db/tx.ts";
import { PAYMENT_CAUSE } from "./cause.ts";
import type { PostingRow } from "./queries.ts";
import { isSharable } from "./sharable.ts";

/**
 * Locks the postings of a payment, in the order of its parts, and tells those whose share of the payment may still change from those
 * that are written, on their way, in a file, or given back in part.
 */
export async function lockShares(
  tx: Tx,
  firmId: string,
  paymentId: string,
): Promise<{ open: PostingRow[]; fixed: PostingRow[] }> {
  const { rows: touched } = await sql<{ id: string }>`
    select a.id from payment_allocation a
    where a.firm_id = ${firmId} and a.payment_id = ${paymentId} and (
      exists (select from undone_part u where u.firm_id = a.firm_id and u.allocation_id = a.id)
      or exists (select from posting p where p.firm_id = a.firm_id and p.allocation_id = a.id and p.cause <> ${PAYMENT_CAUSE}))`.execute(
    tx,
  );
  const postings = await tx
    .selectFrom("posting")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("payment_id", "=", paymentId)
    .where("cause", "=", PAYMENT_CAUSE)
    .orderBy("id")
    .forUpdate()
    .execute();
  const isTouched = new Set(touched.map((row) => row.id));
  const isOpen = (posting: PostingRow) => isSharable(posting) && !isTouched.has(posting.allocation_id);
  const byAge = (a: PostingRow, b: PostingRow) => a.created_at.getTime() - b.created_at.getTime();
  return {
    open: postings.filter(isOpen).sort(byAge),
    fixed: postings.filter((posting) => !isOpen(posting)).sort(byAge),
  };
}

/** Takes away a posting that was never written, with its part of the payment: its money was laid on other parts. */
export async function deleteShare(tx: Tx, firmId: string, posting: PostingRow): Promise<void> {
  const gone = await tx
    .deleteFrom("posting")
    .where("firm_id", "=", firmId)
    .where("id", "=", posting.id)
    .where("state", "in", ["needs_attention", "ready"])
    .where("outcome_unknown", "=", false)
    .returning("allocation_id")
    .executeTakeFirst();
  if (!gone) throw conflict(`Posting ${posting.reference} was decided meanwhile. Nothing was changed.`);
  await tx
    .deleteFrom("payment_allocation")
    .where("firm_id", "=", firmId)
    .where("id", "=", gone.allocation_id)
    .execute();
}
