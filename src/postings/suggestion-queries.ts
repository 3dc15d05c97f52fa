import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";
import { findStatementIds } from "../statements/search-queries.ts";
import type { Clues, Signs } from "./suggest.ts";
import { listTargets, type Target } from "./target-queries.ts";

/** Of each clue: more statements than this say nothing about which is meant. */
const OF_A_CLUE = 25;
const BY_NAME_LIMIT = 100;

export type Candidate = { target: Target; signs: Signs };

/** What a posting's payment and its link say about where the money belongs. */
export async function readClues(
  tx: Tx,
  firmId: string,
  posting: { payment_id: string; kind: string; amount_minor: bigint; currency: string },
): Promise<Clues> {
  const row = await tx
    .selectFrom("payment")
    .innerJoin("payment_link", (join) =>
      join
        .onRef("payment_link.firm_id", "=", "payment.firm_id")
        .onRef("payment_link.id", "=", "payment.link_id"),
    )
    .select([
      "payment_link.invoice_number",
      "payment_link.description",
      "payment_link.payer_name as asked_name",
      "payment_link.payer_emails",
      "payment.payer_name",
      "payment.payer_email",
    ])
    .where("payment.firm_id", "=", firmId)
    .where("payment.id", "=", posting.payment_id)
    .executeTakeFirstOrThrow();
  const emails = [...row.payer_emails, ...(row.payer_email === null ? [] : [row.payer_email])];
  return {
    kind: posting.kind === "trust_deposit" ? "trust_request" : "invoice",
    currency: posting.currency,
    amountMinor: posting.amount_minor,
    number: row.invoice_number === "" ? row.description : row.invoice_number,
    names: [...new Set([row.payer_name, row.asked_name])],
    emails: [...new Set(emails.map((email) => email.toLowerCase()))],
  };
}

/** Open statements that at least one clue points to, each with the clues that do. */
export async function listCandidates(
  tx: Tx,
  firmId: string,
  clues: Clues,
  numbers: readonly string[],
  names: readonly (readonly string[])[],
): Promise<Candidate[]> {
  const byName = new Set<string>();
  for (const words of names) {
    const search = { words, kind: clues.kind, onlyOpen: true, dueBefore: undefined, after: undefined };
    for (const id of await findStatementIds(tx, { ...search, pageSize: BY_NAME_LIMIT })) byName.add(id);
  }
  const byNumber = await listIds(
    tx,
    sql`
    select id from statement where firm_id = ${firmId} and number = any (${[...numbers]}::text[]) limit ${OF_A_CLUE}`,
  );
  const byAmount = await listIds(
    tx,
    sql`
    select id from statement
    where firm_id = ${firmId} and state = 'open' and deleted_at is null and balance_minor > 0
      and balance_minor = ${clues.amountMinor} and kind = ${clues.kind} and currency = ${clues.currency}
    order by due_on limit ${OF_A_CLUE}`,
  );
  const byEmail = await listIds(
    tx,
    sql`
    select s.id from payer p
    join statement s on s.firm_id = p.firm_id and s.matter_id = p.matter_id
    where p.firm_id = ${firmId} and lower(p.email) = any (${[...clues.emails]}::text[])
      and s.state = 'open' and s.deleted_at is null and s.balance_minor > 0 and s.kind = ${clues.kind}
    order by s.due_on limit ${OF_A_CLUE}`,
  );
  const ids = [...new Set([...byNumber, ...byAmount, ...byEmail, ...byName])];
  const targets = await listTargets(tx, firmId, ids);
  return targets.map((target) => ({
    target,
    signs: {
      number: byNumber.has(target.statementId),
      amount: byAmount.has(target.statementId),
      email: byEmail.has(target.statementId),
      name: byName.has(target.statementId),
    },
  }));
}

async function listIds(tx: Tx, query: ReturnType<typeof sql>): Promise<Set<string>> {
  const { rows } = await query.execute(tx);
  return new Set((rows as { id: string }[]).map((row) => row.id));
}
