import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";

type SearchRequest = {
  words: readonly string[];
  onlyOpen: boolean;
  kind: "invoice" | "trust_request" | undefined;
  /** Only what was due before this day. */
  dueBefore: string | undefined;
  after: { dueOn: string | undefined; id: string } | undefined;
  pageSize: number;
};

/** Ids of the firm's statements that hold every word, oldest due first: the one way to the index (see the migration). */
export async function findStatementIds(tx: Tx, request: SearchRequest): Promise<string[]> {
  const { rows } = await sql<{ statement_id: string }>`
    select statement_id from search_statements(${[...request.words]}::text[], ${request.onlyOpen}::boolean,
      ${request.kind ?? null}::text, ${request.dueBefore ?? null}::date, ${request.after?.dueOn ?? null}::date,
      ${request.after?.id ?? null}::uuid, ${request.pageSize}::integer)`.execute(tx);
  return rows.map((row) => row.statement_id);
}

/** The firm's time zone: what is past due depends on the day there. */
export async function readTimeZone(tx: Tx, firmId: string): Promise<string> {
  const firm = await tx
    .selectFrom("firm")
    .select("time_zone")
    .where("id", "=", firmId)
    .executeTakeFirstOrThrow();
  return firm.time_zone;
}
