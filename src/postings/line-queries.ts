import { type Selectable, sql } from "kysely";
import type { AuditEvent, Posting, Statement } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import { ofPosting } from "./condition-queries.ts";
import type { PostingFilter } from "./filter.ts";

/** One posting as the lists show it, with where it goes and who last decided about it. */
export type PostingLine = Pick<
  Selectable<Posting>,
  | "id"
  | "payment_id"
  | "reference"
  | "kind"
  | "state"
  | "problem"
  | "problem_text"
  | "outcome_unknown"
  | "amount_minor"
  | "currency"
  | "external_id"
  | "posted_by"
  | "posted_on"
  | "confirmed_at"
  | "released_at"
  | "next_try_at"
  | "set_aside_reason"
  | "is_undone"
  | "cause"
  | "attempts"
  | "is_unapplied"
  | "file_id"
  | "watch_note"
  | "statement_id"
  | "connection_id"
> & {
  statementNumber: string | null;
  statementKind: Selectable<Statement>["kind"] | null;
  matterNumber: string | null;
  matterDescription: string | null;
  connector: string | null;
  release: "automatic" | "manual" | null;
  /** Until when nothing is written through the connection, and why. */
  hold_until: Date | null;
  hold_reason: string | null;
};

/** The postings of some payments, in the order of the payments' parts; those that a filter wants, where one is given. */
export function listPostingLines(
  tx: Tx,
  firmId: string,
  paymentIds: string[],
  filter?: PostingFilter,
): Promise<PostingLine[]> {
  if (paymentIds.length === 0) return Promise.resolve([]);
  return lines(tx, firmId)
    .where("posting.payment_id", "in", paymentIds)
    .$if(filter !== undefined, (query) => (filter ? query.where(ofPosting(filter)) : query))
    .orderBy("payment_allocation.position")
    .orderBy("posting.created_at")
    .orderBy("posting.id")
    .execute();
}

/** The postings of some payments that a person may decide about. */
export function listOpenLines(tx: Tx, firmId: string, paymentIds: string[]): Promise<PostingLine[]> {
  if (paymentIds.length === 0) return Promise.resolve([]);
  return lines(tx, firmId)
    .where("posting.payment_id", "in", paymentIds)
    .where("posting.state", "in", ["needs_attention", "ready"])
    .orderBy("posting.created_at")
    .orderBy("posting.id")
    .execute();
}

/** One posting as the lists show it; undefined when there is none in this firm. */
export function findPostingLine(tx: Tx, firmId: string, id: string): Promise<PostingLine | undefined> {
  return lines(tx, firmId).where("posting.id", "=", id).executeTakeFirst();
}

/** The member who last decided about each posting, and when; none for those that nobody touched. */
export async function listLastMembers(
  tx: Tx,
  firmId: string,
  postingIds: string[],
): Promise<Map<string, { name: string; at: Date }>> {
  if (postingIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom("audit_event")
    .distinctOn("object_id")
    .select(["object_id", "actor_name", "at"])
    .where("firm_id", "=", firmId)
    .where("object_kind", "=", "posting")
    .where("object_id", "in", postingIds)
    .where("actor_kind", "=", "member")
    .orderBy("object_id")
    .orderBy("id", "desc")
    .execute();
  return new Map(rows.map((row) => [row.object_id, { name: row.actor_name, at: row.at }]));
}

/** What is on record about one posting, the newest first. */
export function listPostingEvents(
  tx: Tx,
  firmId: string,
  postingId: string,
  limit: number,
): Promise<Selectable<AuditEvent>[]> {
  return tx
    .selectFrom("audit_event")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("object_kind", "=", "posting")
    .where("object_id", "=", postingId)
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
}

function lines(tx: Tx, firmId: string) {
  return tx
    .selectFrom("posting")
    .innerJoin("payment_allocation", (join) =>
      join
        .onRef("payment_allocation.firm_id", "=", "posting.firm_id")
        .onRef("payment_allocation.id", "=", "posting.allocation_id"),
    )
    .leftJoin("statement", (join) =>
      join
        .onRef("statement.firm_id", "=", "posting.firm_id")
        .onRef("statement.id", "=", "posting.statement_id"),
    )
    .leftJoin("matter", (join) =>
      join.onRef("matter.firm_id", "=", "statement.firm_id").onRef("matter.id", "=", "statement.matter_id"),
    )
    .leftJoin("connection", (join) =>
      join
        .onRef("connection.firm_id", "=", "posting.firm_id")
        .onRef("connection.id", "=", "posting.connection_id"),
    )
    .leftJoin("posting_hold", (join) =>
      join
        .onRef("posting_hold.firm_id", "=", "posting.firm_id")
        .onRef("posting_hold.connection_id", "=", "posting.connection_id"),
    )
    .select([
      "posting.id",
      "posting.payment_id",
      "posting.reference",
      "posting.kind",
      "posting.state",
      "posting.problem",
      "posting.problem_text",
      "posting.outcome_unknown",
      "posting.amount_minor",
      "posting.currency",
      "posting.external_id",
      "posting.posted_by",
      "posting.posted_on",
      "posting.confirmed_at",
      "posting.released_at",
      "posting.next_try_at",
      "posting.set_aside_reason",
      "posting.is_undone",
      "posting.cause",
      "posting.attempts",
      "posting.is_unapplied",
      "posting.file_id",
      "posting.watch_note",
      "posting.statement_id",
      "posting.connection_id",
      "posting_hold.held_until as hold_until",
      "posting_hold.reason as hold_reason",
      "statement.number as statementNumber",
      "statement.kind as statementKind",
      "matter.number as matterNumber",
      "matter.description as matterDescription",
      "connection.connector",
      sql<"automatic" | "manual" | null>`connection.posting_release`.as("release"),
    ])
    .where("posting.firm_id", "=", firmId);
}
