import { sql } from "kysely";
import { newReference } from "../base/id.ts";
import { toRecordset } from "../db/recordset.ts";
import type { Tx } from "../db/tx.ts";
import { REFERENCE_LENGTH, REFERENCE_TRIES } from "./issue-queries.ts";

/** A link before it has its reference. Instants as ISO text. */
export type NewLink = {
  id: string;
  source: "bulk";
  request_id: string;
  merchant_account_id: string;
  account_kind: "operating" | "trust";
  currency: string;
  amount_minor: bigint;
  delivery: "queued" | "not_emailed";
  send_count: number;
  description: string;
  invoice_number: string;
  client_name: string;
  matter_id: string | null;
  matter_label: string;
  payer_name: string;
  payer_emails: string[];
  message: string;
  language: string | null;
  due_on: string | null;
  part_payment_allowed: boolean;
  least_amount_minor: bigint | null;
  created_by: string;
  created_at: string;
  expires_at: string;
};

export type MadeLink = { id: string; requestId: string; reference: string };

/** Inserts outstanding links under references that are free in their firm, and gives them in the order of `rows`. */
export async function insertLinks(tx: Tx, firmId: string, rows: readonly NewLink[]): Promise<MadeLink[]> {
  const references = new Map<string, string>();
  for (let attempt = 1; attempt <= REFERENCE_TRIES; attempt++) {
    const missing = rows.filter((row) => !references.has(row.id));
    for (const { id, reference } of await tryInsert(tx, firmId, missing)) references.set(id, reference);
    if (references.size === rows.length) {
      return rows.map((row) => ({
        id: row.id,
        requestId: row.request_id,
        reference: references.get(row.id) ?? "",
      }));
    }
  }
  throw new Error("no free references were found for links");
}

async function tryInsert(
  tx: Tx,
  firmId: string,
  rows: readonly NewLink[],
): Promise<{ id: string; reference: string }[]> {
  const records = toRecordset(rows, (row) => ({ ...row, reference: newReference("SFP", REFERENCE_LENGTH) }));
  const { rows: inserted } = await sql<{ id: string; reference: string }>`
    insert into payment_link (firm_id, id, reference, source, request_id, merchant_account_id, account_kind, currency, amount_minor,
      state, delivery, send_count, description, invoice_number, client_name, matter_id, matter_label, payer_name, payer_emails,
      message, language, due_on, part_payment_allowed, least_amount_minor, created_by, created_at, expires_at)
    select ${firmId}, r.id, r.reference, r.source, r.request_id, r.merchant_account_id, r.account_kind, r.currency, r.amount_minor,
      'outstanding', r.delivery, r.send_count, r.description, r.invoice_number, r.client_name, r.matter_id, r.matter_label,
      r.payer_name, r.payer_emails, r.message, r.language, r.due_on, r.part_payment_allowed, r.least_amount_minor, r.created_by,
      r.created_at, r.expires_at
    from jsonb_to_recordset(${records}::jsonb)
      as r(id uuid, reference text, source text, request_id uuid, merchant_account_id uuid, account_kind text, currency text,
        amount_minor bigint, delivery text, send_count integer, description text, invoice_number text, client_name text,
        matter_id uuid, matter_label text, payer_name text, payer_emails text[], message text, language text, due_on date,
        part_payment_allowed boolean, least_amount_minor bigint, created_by uuid, created_at timestamptz, expires_at timestamptz)
    on conflict on constraint payment_link_reference_unique do nothing
    returning id, reference`.execute(tx);
  return inserted;
}
