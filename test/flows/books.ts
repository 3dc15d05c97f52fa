import pg from "pg";
import { expect } from "vitest";
import { SERVICE_TYPES } from "../../src/db/open.ts";
import { readDocketLedger } from "../support/main-job.ts";
import type { Service } from "../support/start-service.ts";
import { until } from "../support/until.ts";
import { readCharges } from "./doors.ts";

/** A killed runner's posting is taken up again within a minute of its claim; its balance is read after that. */
const SETTLE_LIMIT_MS = 90_000;
const CONNECTIONS = 2;

/** The service's own database, read beside it as its administrator, whom row-level security does not hinder. */
export type Books = {
  read: <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;
  close: () => Promise<void>;
};

/** Opens the database of a running service. It outlives a kill of the service, and so does this. */
export async function openBooks(service: Service): Promise<Books> {
  const url = new URL(await service.ownerUrl());
  url.username = "postgres";
  const pool = new pg.Pool({ connectionString: url.toString(), max: CONNECTIONS, types: SERVICE_TYPES });
  // At the end the server goes away under an idle connection, as it should.
  pool.on("error", () => undefined);
  return {
    read: async (text, values = []) => (await pool.query(text, values)).rows,
    // Closed again where a restart failed half way, which is then what is told.
    close: async () => {
      if (!pool.ended) await pool.end();
    },
  };
}

type PostingFacts = {
  reference: string;
  kind: string;
  state: string;
  problem: string | null;
  problemText: string | null;
  amountMinor: bigint;
  entryId: string | null;
  attempts: number;
  confirmed: boolean;
  statement: string;
};

/** The postings on a statement, by its number. */
export async function readPostings(books: Books, statementNumber: string): Promise<PostingFacts[]> {
  return await books.read<PostingFacts>(
    `select p.reference, p.kind, p.state, p.problem, p.problem_text as "problemText", p.amount_minor as "amountMinor",
       p.external_id as "entryId", p.attempts, p.confirmed_at is not null as confirmed, s.number as statement
     from posting p join statement s on s.firm_id = p.firm_id and s.id = p.statement_id
     where s.number = $1 order by p.created_at`,
    [statementNumber],
  );
}

/** Waits until a statement has one posting and it is posted; gives it. */
export function waitForPosted(
  books: Books,
  statementNumber: string,
  limitMs = SETTLE_LIMIT_MS,
): Promise<PostingFacts> {
  return until(
    `the posting on ${statementNumber} is posted`,
    async () => {
      const [posting, ...more] = await readPostings(books, statementNumber);
      return more.length === 0 && posting?.state === "posted" && posting;
    },
    limitMs,
  );
}

type PaymentFacts = {
  paymentIntentId: string;
  state: string;
  isSurplus: boolean;
  amountMinor: bigint;
  linkState: string;
};

/** The payments of the links that ask for a statement. */
export function readPayments(books: Books, statementNumber: string): Promise<PaymentFacts[]> {
  return books.read<PaymentFacts>(
    `select y.payment_intent_id as "paymentIntentId", y.state, y.is_surplus as "isSurplus",
       y.amount_minor as "amountMinor", l.state as "linkState"
     from payment y join payment_link l on l.firm_id = y.firm_id and l.id = y.link_id
     where exists (select from link_allocation a join statement s on s.firm_id = a.firm_id and s.id = a.statement_id
       where a.firm_id = l.firm_id and a.link_id = l.id and s.number = $1)
     order by y.created_at`,
    [statementNumber],
  );
}

/** The id that Docket gave a statement of ours. */
export async function findStatementId(books: Books, statementNumber: string): Promise<string> {
  const [row] = await books.read<{ id: string }>(
    "select external_id as id from statement where number = $1",
    [statementNumber],
  );
  if (!row) throw new Error(`there is no statement ${statementNumber}`);
  return row.id;
}

/** The state of the newest link that asks for a statement. */
export async function readLinkState(books: Books, statementNumber: string): Promise<string | undefined> {
  const rows = await books.read<{ state: string }>(
    `select l.state from payment_link l
     join link_allocation a on a.firm_id = l.firm_id and a.link_id = l.id
     join statement s on s.firm_id = a.firm_id and s.id = a.statement_id
     where s.number = $1 order by l.created_at desc limit 1`,
    [statementNumber],
  );
  return rows[0]?.state;
}

/**
 * Waits until nothing is on its way, then holds three sets of books against each other: what the processor took and our payments, our
 * payments and our postings, our postings and Docket's ledger; by reference, to the cent, each thing once.
 */
export async function expectBooksToAgree(service: Service, books: Books): Promise<void> {
  await waitForRest(books);
  const charges = (await readCharges(service)).filter((charge) => charge.status === "succeeded");
  const payments = await books.read<{ id: string; minor: bigint; postedMinor: bigint }>(
    `select y.payment_intent_id as id, y.amount_minor as minor, coalesce(sum(p.amount_minor), 0)::bigint as "postedMinor"
     from payment y left join posting p on p.firm_id = y.firm_id and p.payment_id = y.id and p.cause = 'payment'
     where y.state = 'succeeded' group by y.firm_id, y.id`,
  );
  const taken = charges.map((charge) => ({
    id: String(charge.payment_intent),
    minor: BigInt(charge.amount),
  }));
  expect(byId(payments.map(({ id, minor }) => ({ id, minor })))).toEqual(byId(taken));
  for (const payment of payments) expect(payment.postedMinor).toBe(payment.minor);

  const ledger = await readDocketLedger(service);
  const posted = await books.read<{
    id: string;
    minor: bigint;
    kind: string;
    entry: string;
    statement: string;
  }>(
    `select p.reference as id, p.amount_minor as minor, p.kind, p.external_id as entry, s.external_id as statement
     from posting p join statement s on s.firm_id = p.firm_id and s.id = p.statement_id
     where p.state = 'posted' and p.posted_by = 'api'`,
  );
  const entries = ledger.map((line) => ({
    id: line.reference,
    minor: BigInt(Math.round(line.amount * 100)),
    kind: line.kind,
    entry: line.entry_id,
    statement: line.statement_id ?? "",
  }));
  expect(byId(posted)).toEqual(byId(entries));
}

/** Waits until nothing is decided and not done: no event unread, no refund only asked for, no posting between here and Docket. */
export async function waitForRest(books: Books, limitMs = SETTLE_LIMIT_MS): Promise<void> {
  await until(
    "events are handled, postings are posted or with a person",
    async () => {
      const [row] = await books.read<{ waiting: number }>(
        `select (select count(*) from posting where state in ('ready', 'posting'))::int
           + (select count(*) from inbox_event where handled_at is null)::int
           + (select count(*) from refund where state = 'requested')::int
           + (select count(*) from payment y where y.state = 'succeeded' and not exists (
               select from posting p where p.firm_id = y.firm_id and p.payment_id = y.id))::int as waiting`,
      );
      return row?.waiting === 0;
    },
    limitMs,
  );
}

function byId<Line extends { id: string }>(lines: Line[]): Line[] {
  return lines.toSorted((one, other) => one.id.localeCompare(other.id));
}
