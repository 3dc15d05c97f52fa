import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";
import type { DraftRow } from "./assess.ts";
import type { Remarks } from "./check-row.ts";
import { REVIEW_STATES, type RowState } from "./state.ts";

export const REVIEW_VIEWS = ["all", "fix", "held", "check", "ready"] as const;
/** Which of the drafts are shown. */
export type ReviewView = (typeof REVIEW_VIEWS)[number];

/** How many rows of an upload share a state and an account. */
export type RowCount = {
  state: RowState;
  accountId: string;
  rows: number;
  withoutAddress: number;
  duplicates: number;
  /** Of the rows with an address, and of all. */
  emailableMinor: bigint;
  totalMinor: bigint;
};

/** Counts the rows of an upload by state and account. */
export async function countRows(tx: Tx, firmId: string, batchId: string): Promise<RowCount[]> {
  const { rows } = await sql<{
    state: RowState;
    account_id: string;
    rows: bigint;
    without_address: bigint;
    duplicates: bigint;
    emailable: bigint | null;
    total: bigint | null;
  }>`
    select state, merchant_account_id as account_id, count(*) as rows,
      count(*) filter (where payer_emails = '{}') as without_address,
      count(*) filter (where duplicate_of is not null or open_link_id is not null) as duplicates,
      (sum(amount_minor) filter (where payer_emails <> '{}'))::bigint as emailable, sum(amount_minor)::bigint as total
    from bulk_row where firm_id = ${firmId} and batch_id = ${batchId}
    group by state, merchant_account_id`.execute(tx);
  return rows.map((row) => ({
    state: row.state,
    accountId: row.account_id,
    rows: Number(row.rows),
    withoutAddress: Number(row.without_address),
    duplicates: Number(row.duplicates),
    emailableMinor: row.emailable ?? 0n,
    totalMinor: row.total ?? 0n,
  }));
}

export type ReviewRow = DraftRow & {
  state: (typeof REVIEW_STATES)[number];
  version: number;
  faults: Remarks;
  notes: Remarks;
  invoicedOn: string | null;
  dueOn: string | null;
  accountId: string;
  hasAddress: boolean;
  duplicateOf: number | null;
  openLink: { id: string; reference: string } | undefined;
  repeats: { id: string; reference: string } | undefined;
};

type ReviewFilter = { view: ReviewView; words: string };

/** Some drafts of an upload: rows to fix first, then those held back, then possible duplicates, then the file's order. */
export async function listReview(
  tx: Tx,
  firmId: string,
  batchId: string,
  filter: ReviewFilter,
  page: { offset: number; limit: number },
): Promise<ReviewRow[]> {
  const rows = await reviewRows(tx, firmId, batchId)
    .$if(filter.words !== "", (query) => query.where(holdsWords(filter.words)))
    .$if(filter.view !== "all", (query) => query.where(VIEW_CONDITIONS[filter.view]))
    .orderBy("bulk_row.review_rank")
    .orderBy("bulk_row.line")
    .offset(page.offset)
    .limit(page.limit)
    .execute();
  return rows.map(toReviewRow);
}

/** How many drafts there are under a filter with words; without words the counts by state say it. */
export async function countReview(
  tx: Tx,
  firmId: string,
  batchId: string,
  filter: ReviewFilter,
): Promise<number> {
  const row = await tx
    .selectFrom("bulk_row")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("bulk_row.firm_id", "=", firmId)
    .where("bulk_row.batch_id", "=", batchId)
    .where("bulk_row.state", "in", REVIEW_STATES)
    .where(filter.words === "" ? sql<boolean>`true` : holdsWords(filter.words))
    .where(VIEW_CONDITIONS[filter.view])
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** One draft; undefined when it is none any more, or of another upload. */
export async function findReviewRow(
  tx: Tx,
  firmId: string,
  batchId: string,
  id: string,
): Promise<ReviewRow | undefined> {
  const row = await reviewRows(tx, firmId, batchId).where("bulk_row.id", "=", id).executeTakeFirst();
  return row && toReviewRow(row);
}

/** The first rows of the file as they stand there, for who chooses the columns. */
export async function listSamples(
  tx: Tx,
  firmId: string,
  batchId: string,
  limit: number,
): Promise<string[][]> {
  const rows = await tx
    .selectFrom("bulk_row")
    .select("raw")
    .where("firm_id", "=", firmId)
    .where("batch_id", "=", batchId)
    .orderBy("line")
    .limit(limit)
    .execute();
  return rows.map((row) => row.raw);
}

const VIEW_CONDITIONS = {
  all: sql<boolean>`true`,
  fix: sql<boolean>`bulk_row.state = 'to_fix'`,
  held: sql<boolean>`bulk_row.state = 'repeated'`,
  check: sql<boolean>`bulk_row.review_rank = 2`,
  ready: sql<boolean>`bulk_row.state = 'ready'`,
} as const satisfies Record<ReviewView, unknown>;

/** One upload has at most ten thousand rows, so they are looked through without an index. */
function holdsWords(words: string) {
  const pattern = `%${words.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
  return sql<boolean>`lower(array_to_string(bulk_row.raw, ' ') || ' ' || bulk_row.edits::text) like ${pattern}`;
}

function reviewRows(tx: Tx, firmId: string, batchId: string) {
  return tx
    .selectFrom("bulk_row")
    .leftJoin("payment_link as open_link", (join) =>
      join
        .onRef("open_link.firm_id", "=", "bulk_row.firm_id")
        .onRef("open_link.id", "=", "bulk_row.open_link_id"),
    )
    .leftJoin("payment_link as sent_link", (join) =>
      join
        .onRef("sent_link.firm_id", "=", "bulk_row.firm_id")
        .onRef("sent_link.id", "=", "bulk_row.repeats_link_id"),
    )
    .select(["bulk_row.id", "bulk_row.line", "bulk_row.raw", "bulk_row.edits", "bulk_row.misread"])
    .select(["bulk_row.state", "bulk_row.version", "bulk_row.faults", "bulk_row.notes"])
    .select(["bulk_row.invoiced_on as invoicedOn", "bulk_row.due_on as dueOn"])
    .select(["bulk_row.merchant_account_id as accountId", "bulk_row.payer_emails as payerEmails"])
    .select(["bulk_row.duplicate_of as duplicateOf", "open_link.id as openId", "sent_link.id as sentId"])
    .select(["open_link.reference as openReference", "sent_link.reference as sentReference"])
    .where("bulk_row.firm_id", "=", firmId)
    .where("bulk_row.batch_id", "=", batchId)
    .where("bulk_row.state", "in", REVIEW_STATES);
}

type Found = Awaited<ReturnType<ReturnType<typeof reviewRows>["executeTakeFirstOrThrow"]>>;

function toReviewRow(found: Found): ReviewRow {
  const { payerEmails, openId, openReference, sentId, sentReference, ...row } = found;
  return {
    ...row,
    state: row.state as ReviewRow["state"],
    edits: row.edits as ReviewRow["edits"],
    faults: row.faults as Remarks,
    notes: row.notes as Remarks,
    hasAddress: payerEmails.length > 0,
    openLink: openId && openReference ? { id: openId, reference: openReference } : undefined,
    repeats: sentId && sentReference ? { id: sentId, reference: sentReference } : undefined,
  };
}
