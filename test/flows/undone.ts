import { expect } from "vitest";
import { type DocketEntry, readDocketLedger, readDocketStatement } from "../support/main-job.ts";
import { until } from "../support/until.ts";
import { findStatementId } from "./books.ts";
import { ACCOUNTS, control, openStripe } from "./doors.ts";
import { BANK, CARD, goToProcessor, payByBank, type Stage, sendRequest } from "./stage.ts";

const LIMIT_MS = 60_000;

/** What the ledgers say of one statement, line by line in the order in which they were written. */
export type Sides = { ours: string[]; docket: string[]; balance: string; oursBalance: string };

type Card = { number: string } & Record<string, string>;

/** A request for these statements, paid whole by card, with its postings in Docket. */
export async function payCard(
  stage: Stage,
  lines: { number: string; total: number; kind?: "invoice" | "trust_request" }[],
  card: Card = CARD,
): Promise<string> {
  const { payerLinks } = await sendRequest(stage, lines);
  const payer = await goToProcessor(payerLinks[0] ?? "");
  const [answer] = await payer.pressAtOnce(/^Pay /, 1, { ...CARD, ...card });
  expect(answer?.status).toBe(303);
  await waitForPostings(
    stage,
    lines.map((line) => line.number),
  );
  return await paymentOf(stage, lines[0]?.number ?? "");
}

/** The same by bank debit, up to its settlement. */
export async function payBank(
  stage: Stage,
  line: { number: string; total: number },
  account = BANK.pays,
): Promise<{ session: string; link: string }> {
  const { payerLinks } = await sendRequest(stage, [line]);
  const { sessionId } = await payByBank(payerLinks[0] ?? "", account);
  return { session: sessionId, link: payerLinks[0] ?? "" };
}

/** The id of the payment that lies on a statement. */
export function paymentOf(stage: Stage, number: string): Promise<string> {
  return until(`a payment on ${number}`, async () => (await factsOf(stage, number))?.id);
}

/** What the processor needs to find a payment. */
async function intentOf(stage: Stage, number: string): Promise<{ intent: string; account: string }> {
  const facts = await factsOf(stage, number);
  if (!facts) throw new Error(`there is no payment on ${number}`);
  return { intent: facts.intent, account: facts.account };
}

async function factsOf(stage: Stage, number: string) {
  const [row] = await stage.books.read<{ id: string; intent: string; account: string }>(
    `select y.id, y.payment_intent_id as intent, y.processor_account as account
     from payment y join payment_allocation a on a.firm_id = y.firm_id and a.payment_id = y.id
     join statement s on s.firm_id = a.firm_id and s.id = a.statement_id where s.number = $1`,
    [number],
  );
  return row;
}

/** The bookkeeper refunds a payment on its page; amounts in the order of the lines, "" for a line that stays. Undefined is all of it. */
export async function refund(stage: Stage, paymentId: string, amounts?: string[]): Promise<void> {
  const { bookkeeper, service } = stage;
  await bookkeeper.open(`${service.origin}/payments/${paymentId}/refund`);
  const boxes = bookkeeper.page.document.querySelectorAll("input[name^=amount-]");
  const typed = boxes.map((box, index) => [box.getAttribute("name") ?? "", amounts?.[index] ?? ""] as const);
  const fields = amounts === undefined ? {} : Object.fromEntries(typed);
  await bookkeeper.press(/^Review/, { ...fields, note: "Agreed on the telephone" });
  await bookkeeper.press(/^Refund \$/);
  expect(bookkeeper.page.text).toContain("The refund is asked for");
}

/** A refund that somebody makes at the processor's own screens. */
export async function refundThere(stage: Stage, number: string, amount: number): Promise<void> {
  const { intent, account } = await intentOf(stage, number);
  const stripe = await openStripe(stage.service);
  await stripe.refunds.create({ payment_intent: intent, amount }, { stripeAccount: account });
}

/** The payer's bank takes a payment back; `outcome` decides it. */
export async function dispute(stage: Stage, number: string, outcome?: "won" | "lost"): Promise<void> {
  const { intent } = await intentOf(stage, number);
  if (outcome === undefined) await control(stage.service, "dispute", { payment_intent: intent });
  else await control(stage.service, "dispute/close", { payment_intent: intent, outcome });
}

/** Every refund and dispute in our books: the processor's id, its amount in cents, its state, and whether its money is gone. */
export async function readOurUndone(stage: Stage): Promise<string[]> {
  const rows = await stage.books.read<{ line: string }>(
    `select concat_ws(' ', processor_refund_id, amount_minor, state, turn % 2) as line from refund
     union all select concat_ws(' ', processor_dispute_id, amount_minor, state, turn % 2) from dispute`,
  );
  return rows.map(({ line }) => line).sort();
}

/** The same as the processor's own API lists them. */
export async function readTheirUndone(stage: Stage): Promise<string[]> {
  const stripe = await openStripe(stage.service);
  const lines: string[] = [];
  for (const stripeAccount of ACCOUNTS) {
    const refunds = await stripe.refunds.list({ limit: 100 }, { stripeAccount });
    for (const { id, amount, status } of refunds.data)
      lines.push(`${id} ${amount} ${status} ${status === "failed" ? 0 : 1}`);
    const disputes = await stripe.disputes.list({ limit: 100 }, { stripeAccount });
    for (const { id, amount, status } of disputes.data)
      lines.push(
        `${id} ${amount} ${status === "needs_response" ? "open" : status} ${status === "won" ? 0 : 1}`,
      );
  }
  return lines.sort();
}

/** Waits until each statement's postings came to rest, and there is one. */
export async function waitForPostings(stage: Stage, numbers: string[], count = 1): Promise<void> {
  for (const number of numbers) {
    await until(
      `${count} postings on ${number} are decided`,
      async () => {
        const [row] = await stage.books.read<{ all: number; moving: number }>(
          `select count(*)::int as all, count(*) filter (where p.state in ('ready', 'posting'))::int as moving
           from posting p join statement s on s.firm_id = p.firm_id and s.id = p.statement_id where s.number = $1`,
          [number],
        );
        return row?.moving === 0 && row.all === count;
      },
      LIMIT_MS,
    );
  }
}

/** What stands on a statement, in our postings and in Docket's ledger, with its balance on both sides once they agree. */
export async function readSides(stage: Stage, number: string): Promise<Sides> {
  const id = await findStatementId(stage.books, number);
  const balance = await until(
    `the balance of ${number} is read back`,
    async () => {
      const there = (await readDocketStatement(stage.service, id)).balance;
      const [row] = await stage.books.read<{ minor: bigint }>(
        "select balance_minor as minor from statement where number = $1",
        [number],
      );
      const here = Number(row?.minor) / 100;
      return here === there && { here: here.toFixed(2), there: there.toFixed(2) };
    },
    LIMIT_MS,
  );
  const ours = await stage.books.read<{ line: string }>(
    `select p.kind || ' ' || to_char(p.amount_minor / 100.0, 'FM999990.00') || ' ' || p.state as line
     from posting p join statement s on s.firm_id = p.firm_id and s.id = p.statement_id
     where s.number = $1 order by p.created_at, p.id`,
    [number],
  );
  const ledger = (await readDocketLedger(stage.service)).filter((entry) => entry.statement_id === id);
  return {
    ours: ours.map(({ line }) => line),
    docket: ledger.map(wordsOf),
    balance: balance.there,
    oursBalance: balance.here,
  };
}

function wordsOf(entry: DocketEntry): string {
  return `${entry.kind} ${entry.amount.toFixed(2)}`;
}
