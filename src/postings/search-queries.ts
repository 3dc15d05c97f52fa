import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";
import { findStatementIds } from "../statements/search-queries.ts";

/** The newest payments that words find; whoever finds more types another word. */
const NAMED_LIMIT = 2_000;
const STATEMENTS_LIMIT = 500;

/**
 * The payments that a search finds, each once: by the payer's name or the payment's reference, by the client, matter or number of a
 * statement that they lie on, or by exactly the reference or number of an entry, or the invoice number that their link named.
 */
export async function findPaymentIds(tx: Tx, firmId: string, search: string): Promise<string[]> {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const statements = await findStatementIds(tx, {
    words,
    onlyOpen: false,
    kind: undefined,
    dueBefore: undefined,
    after: undefined,
    pageSize: STATEMENTS_LIMIT,
  });
  const { rows } = await sql<{ id: string }>`
    select payment_id as id from search_payments(${words}::text[], ${NAMED_LIMIT}::integer)
    union
    select payment_id from posting where firm_id = ${firmId} and statement_id = any (${statements}::uuid[])
    union
    select payment_id from posting where firm_id = ${firmId} and reference = upper(${search})
    union
    select payment_id from posting where firm_id = ${firmId} and external_id = ${search}
    union
    select p.payment_id from statement s
    join posting p on p.firm_id = s.firm_id and p.statement_id = s.id
    where s.firm_id = ${firmId} and s.number = ${search}
    union
    select y.id from payment_link l
    join payment y on y.firm_id = l.firm_id and y.link_id = l.id
    where l.firm_id = ${firmId} and l.invoice_number <> '' and l.invoice_number = ${search}`.execute(tx);
  return rows.map((row) => row.id);
}
