import { sql } from "kysely";
import type { Language } from "../base/language.ts";
import { toRecordset } from "../db/recordset.ts";
import type { Tx } from "../db/tx.ts";

/** Queues the rows that are ready: for email those with an address. Returns how many. */
export async function queueReady(
  tx: Tx,
  firmId: string,
  batchId: string,
  delivery: "email" | "copy",
): Promise<number> {
  const result = await tx
    .updateTable("bulk_row")
    .set({ state: "queued", delivery, reason: null })
    .where("firm_id", "=", firmId)
    .where("batch_id", "=", batchId)
    .where("state", "=", "ready")
    .$if(delivery === "email", (query) => query.where("payer_emails", "!=", sql<string[]>`'{}'`))
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/**
 * Has the connection plan anew what it keeps plans for: foreign keys and triggers. Planned while there were few links, they would read
 * all of them for each row, also after thousands were written a moment later.
 */
export async function forgetPlans(tx: Tx): Promise<void> {
  await sql`discard plans`.execute(tx);
}

export type QueuedRow = {
  id: string;
  line: number;
  invoiceNumber: string;
  dueOn: string | null;
  payerName: string;
  payerEmails: string[];
  amountMinor: bigint | null;
  accountId: string;
  message: string;
  matterId: string | null;
  matterLabel: string;
  clientName: string;
  language: Language | null;
  delivery: "email" | "copy" | null;
  fingerprint: string;
  repeatConfirmed: boolean;
};

/** The next rows of which links are to be made, in the file's order, locked. */
export function lockQueued(tx: Tx, firmId: string, batchId: string, limit: number): Promise<QueuedRow[]> {
  return tx
    .selectFrom("bulk_row")
    .select(["id", "line", "invoice_number as invoiceNumber", "due_on as dueOn", "message", "language"])
    .select(["payer_name as payerName", "payer_emails as payerEmails", "amount_minor as amountMinor"])
    .select(["merchant_account_id as accountId", "matter_id as matterId", "matter_label as matterLabel"])
    .select(["client_name as clientName", "delivery", "fingerprint", "repeat_confirmed as repeatConfirmed"])
    .where("firm_id", "=", firmId)
    .where("batch_id", "=", batchId)
    .where("state", "=", "queued")
    .orderBy("line")
    .limit(limit)
    .forUpdate()
    .execute();
}

/** Notes the links that were made of rows. */
export async function markMade(
  tx: Tx,
  firmId: string,
  made: readonly { rowId: string; linkId: string }[],
  now: Date,
): Promise<void> {
  const rows = toRecordset(made, (each) => ({ id: each.rowId, link_id: each.linkId }));
  await sql`
    update bulk_row kept set state = 'made', link_id = r.link_id, settled_at = ${now}, reason = null
    from jsonb_to_recordset(${rows}::jsonb) as r(id uuid, link_id uuid)
    where kept.firm_id = ${firmId} and kept.id = r.id and kept.state = 'queued'`.execute(tx);
}

/** Notes that no link could be made of a waiting row, and why. */
export async function markFailed(
  tx: Tx,
  firmId: string,
  rowId: string,
  reason: string,
  now: Date,
): Promise<void> {
  await tx
    .updateTable("bulk_row")
    .set({ state: "failed", reason, settled_at: now })
    .where("firm_id", "=", firmId)
    .where("id", "=", rowId)
    .where("state", "=", "queued")
    .execute();
}

/** Makes waiting or failed rows drafts again. Returns their ids. */
export async function putBackRows(
  tx: Tx,
  firmId: string,
  batchId: string,
  from: "queued" | "failed",
): Promise<string[]> {
  const rows = await tx
    .updateTable("bulk_row")
    .set((eb) => ({
      state: eb
        .case()
        .when("amount_minor", "is", null)
        .then("to_fix" as const)
        .else("ready" as const)
        .end(),
      delivery: null,
      settled_at: null,
    }))
    .where("firm_id", "=", firmId)
    .where("batch_id", "=", batchId)
    .where("state", "=", from)
    .returning("id")
    .execute();
  return rows.map((row) => row.id);
}

/** Takes back that rows were held as repeats. Returns their numbers. */
export async function confirmRows(
  tx: Tx,
  firmId: string,
  batchId: string,
  ids: readonly string[],
): Promise<number[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .updateTable("bulk_row")
    .set({ state: "ready", repeat_confirmed: true })
    .where("firm_id", "=", firmId)
    .where("batch_id", "=", batchId)
    .where("id", "in", [...ids])
    .where("state", "=", "repeated")
    .returning("line")
    .execute();
  return rows.map((row) => row.line);
}
