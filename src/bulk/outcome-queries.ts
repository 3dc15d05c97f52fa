import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";
import { typedOf } from "./assess.ts";
import type { ColumnPlaces, TypedRow } from "./columns.ts";
import { OUTCOME_STATES } from "./state.ts";

/** What became of a row that was sent off. */
export const OUTCOMES = [
  "waiting",
  "made",
  "emailing",
  "sent",
  "delivered",
  "unclear",
  "bounced",
  "failed",
] as const;
export type Outcome = (typeof OUTCOMES)[number];
export const OUTCOME_VIEWS = ["all", "problem", "done", "waiting"] as const;
export type OutcomeView = (typeof OUTCOME_VIEWS)[number];

/** Which outcomes each view shows. */
export const VIEW_OUTCOMES = {
  all: OUTCOMES,
  problem: ["unclear", "bounced", "failed"],
  done: ["made", "sent", "delivered"],
  waiting: ["waiting", "emailing"],
} as const satisfies Record<OutcomeView, readonly Outcome[]>;

const OUTCOME = sql<Outcome>`case
  when r.state = 'queued' then 'waiting'
  when r.state = 'failed' then 'failed'
  when r.delivery = 'copy' then 'made'
  when l.delivery = 'queued' and l.delivery_reason is not null then 'unclear'
  when l.delivery in ('queued', 'not_emailed') then 'emailing'
  else l.delivery end`;

/** How many rows came how far. */
export async function countOutcomes(tx: Tx, firmId: string, batchId: string): Promise<Map<Outcome, number>> {
  const { rows } = await sql<{ outcome: Outcome; count: bigint }>`
    select ${OUTCOME} as outcome, count(*) as count
    from bulk_row r left join payment_link l on l.firm_id = r.firm_id and l.id = r.link_id
    where r.firm_id = ${firmId} and r.batch_id = ${batchId} and r.state = any(${[...OUTCOME_STATES]}::text[])
    group by 1`.execute(tx);
  return new Map(rows.map((row) => [row.outcome, Number(row.count)]));
}

export type OutcomeRow = {
  id: string;
  line: number;
  outcome: Outcome;
  reason: string | null;
  payerName: string;
  payerEmails: string[];
  invoiceNumber: string;
  amountMinor: bigint | null;
  currency: string;
  settledAt: Date | null;
  linkId: string | null;
  tokenVersion: number | null;
};

/** Rows that were sent off, the newest first, then those that wait. */
export async function listOutcomes(
  tx: Tx,
  firmId: string,
  batchId: string,
  view: OutcomeView,
  page: { offset: number; limit: number },
): Promise<OutcomeRow[]> {
  const { rows } = await sql<OutcomeRow>`
    select r.id, r.line, ${OUTCOME} as outcome, coalesce(r.reason, l.delivery_reason) as reason, r.payer_name as "payerName",
      coalesce(l.payer_emails, r.payer_emails) as "payerEmails", r.invoice_number as "invoiceNumber",
      r.amount_minor as "amountMinor", a.currency, r.settled_at as "settledAt", r.link_id as "linkId",
      l.token_version as "tokenVersion"
    from bulk_row r join merchant_account a on a.firm_id = r.firm_id and a.id = r.merchant_account_id
      left join payment_link l on l.firm_id = r.firm_id and l.id = r.link_id
    where r.firm_id = ${firmId} and r.batch_id = ${batchId} and r.state = any(${[...OUTCOME_STATES]}::text[])
      and ${OUTCOME} = any(${[...VIEW_OUTCOMES[view]]}::text[])
    order by r.settled_at desc nulls last, r.line desc
    offset ${page.offset} limit ${page.limit}`.execute(tx);
  return rows;
}

export type SheetRow = {
  line: number;
  raw: string[];
  typed: TypedRow;
  faults: Record<string, string>;
  misread: string | null;
  invoicedOn: string | null;
  dueOn: string | null;
  amountMinor: bigint | null;
  outcome: Outcome | null;
  reason: string | null;
  link: { id: string; token_version: number; reference: string } | undefined;
};

/** Rows of an upload behind a line, in the file's order, for a download: those with links, or those to be fixed. */
export async function listSheetRows(
  tx: Tx,
  firmId: string,
  batch: { id: string; places: ColumnPlaces },
  which: "made" | "to_fix",
  afterLine: number,
  limit: number,
): Promise<SheetRow[]> {
  const { rows } = await sql<{
    line: number;
    raw: string[];
    edits: TypedRow;
    faults: Record<string, string>;
    misread: string | null;
    invoiced_on: string | null;
    due_on: string | null;
    amount_minor: bigint | null;
    outcome: Outcome | null;
    reason: string | null;
    link_id: string | null;
    token_version: number | null;
    reference: string | null;
  }>`
    select r.line, r.raw, r.edits, r.faults, r.misread, r.invoiced_on, r.due_on, r.amount_minor,
      case when r.state = 'made' then ${OUTCOME} end as outcome, l.delivery_reason as reason, r.link_id, l.token_version, l.reference
    from bulk_row r left join payment_link l on l.firm_id = r.firm_id and l.id = r.link_id
    where r.firm_id = ${firmId} and r.batch_id = ${batch.id} and r.state = ${which} and r.line > ${afterLine}
    order by r.line limit ${limit}`.execute(tx);
  return rows.map((row) => ({
    line: row.line,
    raw: row.raw,
    typed: typedOf(row, batch.places),
    faults: row.faults,
    misread: row.misread,
    invoicedOn: row.invoiced_on,
    dueOn: row.due_on,
    amountMinor: row.amount_minor,
    outcome: row.outcome,
    reason: row.reason,
    link:
      row.link_id && row.reference && row.token_version !== null
        ? { id: row.link_id, token_version: row.token_version, reference: row.reference }
        : undefined,
  }));
}

/** The word of an outcome, the same on the page and in the sheet. */
export const OUTCOME_WORDS = {
  waiting: "Waiting",
  made: "Link made",
  emailing: "Sending",
  sent: "Sent",
  delivered: "Delivered",
  unclear: "Unclear",
  bounced: "Bounced",
  failed: "Not sent",
} as const satisfies Record<Outcome, string>;
