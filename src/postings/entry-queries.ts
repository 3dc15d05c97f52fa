import { sql } from "kysely";
import type { HandEntry } from "../../connectors/hand-entry.ts";

import type { Tx } from "../db/tx.ts";
import { getFirm } from "../settings/queries.ts";
import { postedDay } from "./posted-day.ts";
import { findPosting, getPayment, type PostingRow } from "./queries.ts";
import { methodWords } from "./send.ts";
import { findTarget, type Target } from "./target-queries.ts";

/** An entry that a person makes: what it says, and the statement that it is made on. */
export type WaitingEntry = { posting: PostingRow; target: Target; entry: HandEntry };

/** What is to be entered by hand for a posting; undefined while no statement says where. */
export async function readHandEntry(
  tx: Tx,
  firmId: string,
  posting: PostingRow,
  now: Date,
): Promise<WaitingEntry | undefined> {
  const target = await findTarget(tx, firmId, posting.statement_id);
  if (!target) return undefined;
  const payment = await getPayment(tx, firmId, posting.payment_id);
  const firm = await getFirm(tx, firmId);
  const undone =
    posting.reverses_posting_id === null
      ? undefined
      : await findPosting(tx, firmId, posting.reverses_posting_id);
  const method = methodWords(payment.method);
  const entry = {
    kind: posting.kind,
    reference: posting.reference,
    on: postedDay({ posting, payment, target }, firm.time_zone, now),
    method,
    memo: `Payment ${payment.reference}, ${payment.method_label || method}`,
    payerName: payment.payer_name,
    amountMinor: posting.amount_minor,
    currency: posting.currency,
    clientName: target.clientName,
    matterNumber: target.matterNumber,
    statementNumber: target.number,
    undoes: undone?.external_id ?? undone?.reference,
  };
  return { posting, target, entry };
}

/**
 * Locks the postings of a connection that wait to be entered by hand and stand in no file yet, oldest first. What is not to be entered
 * any more, because its money moved, is not among them.
 */
export function lockUnfiled(
  tx: Tx,
  firmId: string,
  connectionId: string,
  limit: number,
): Promise<PostingRow[]> {
  return tx
    .selectFrom("posting")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("connection_id", "=", connectionId)
    .where("state", "=", "needs_attention")
    .where("problem", "=", sql.lit("unsupported"))
    .where("file_id", "is", null)
    .where("is_undone", "=", false)
    .where("statement_id", "is not", null)
    .orderBy("created_at")
    .orderBy("id")
    .limit(limit)
    .forUpdate()
    .execute();
}
