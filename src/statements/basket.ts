import { conflict, invalid, notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { formatMoney, LARGEST_AMOUNT_MINOR } from "../base/money.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { lockName, type Tx } from "../db/tx.ts";
import { demand } from "../web/env.ts";
import { type SpreadOrder, spread } from "./allocate.ts";
import { deleteBasket, insertBasketLines, listBasketRows, updateBasketLine } from "./basket-queries.ts";
import { isOpen, listStatements, removeFromBasket, type StatementFacts } from "./queries.ts";
import { readLines } from "./read-basket.ts";

/** As many allocations as a link can hold in practice, and a page can show. */
const LINES_LIMIT = 200;

/**
 * Puts statements into the member's basket with their whole balance. Those that are there already stay as they are. Throws
 * `not_found`; `conflict` when one is closed, another currency than the rest, or the basket is full.
 */
export async function addToBasket(cx: MemberContext, statementIds: readonly string[]): Promise<void> {
  demand(cx, "links.send");
  const ids = [...new Set(statementIds)];
  if (ids.length > LINES_LIMIT || !ids.every(isId)) throw notFound("statement");
  await inBasket(cx, async (tx) => {
    const present = (await listBasketRows(tx, cx.firmId, cx.actor.id)).map((row) => row.statementId);
    const added = ids.filter((id) => !present.includes(id));
    const statements = await listStatements(tx, cx.firmId, [...present, ...added]);
    const byId = new Map(statements.map((statement) => [statement.id, statement]));
    for (const id of added) requireOpen(byId.get(id));
    requireOneCurrency(statements);
    if (present.length + added.length > LINES_LIMIT) {
      throw conflict(`The basket holds at most ${LINES_LIMIT} items. Send what is in it first.`);
    }
    await insertBasketLines(tx, cx.firmId, cx.actor.id, added);
  });
}

/** Takes statements out of the basket. What is not in it is as good as taken out. */
export async function takeOutOfBasket(cx: MemberContext, statementIds: readonly string[]): Promise<void> {
  demand(cx, "links.send");
  const ids = statementIds.filter(isId);
  await inBasket(cx, (tx) => removeFromBasket(tx, cx.firmId, cx.actor.id, ids));
}

/** Takes everything out of the basket. */
export async function emptyBasket(cx: MemberContext): Promise<void> {
  demand(cx, "links.send");
  await inBasket(cx, (tx) => deleteBasket(tx, cx.firmId, cx.actor.id));
}

/**
 * Sets what is asked for on a line, in minor units; null is the whole balance, whatever it will be. An amount above the balance is
 * kept and shown as a fault. Throws `not_found` when the line is not in the basket, `invalid` (field `amount`).
 */
export async function setBasketAmount(
  cx: MemberContext,
  line: { statementId: string; amountMinor: bigint | null },
): Promise<void> {
  demand(cx, "links.send");
  if (!isId(line.statementId)) throw notFound("line in your basket");
  if (line.amountMinor !== null && (line.amountMinor < 0n || line.amountMinor > LARGEST_AMOUNT_MINOR)) {
    throw invalid({ amount: "Enter an amount from 0 to 999,999.99" });
  }
  await inBasket(cx, async (tx) => {
    if (!(await updateBasketLine(tx, cx.firmId, cx.actor.id, line))) throw notFound("line in your basket");
  });
}

/**
 * Lays one total (minor units) on the invoices in the basket, in the given order; those that are not reached get 0. Trust requests
 * keep their amounts. Throws `invalid` (field `spread`) when the total is not above zero or more than is open.
 */
export async function spreadBasket(
  cx: MemberContext,
  input: { totalMinor: bigint; order: SpreadOrder },
): Promise<void> {
  demand(cx, "links.send");
  await inBasket(cx, async (tx) => {
    const open = (await readLines(tx, cx)).map((line) => line.statement).filter(isOpen);
    const result = spread(open, input.totalMinor, input.order);
    if (!result.ok) throw invalid({ spread: spreadWords(result, open[0]?.currency ?? "USD") });
    for (const [statementId, amountMinor] of result.amounts) {
      await updateBasketLine(tx, cx.firmId, cx.actor.id, { statementId, amountMinor });
    }
  });
}

/** One change of a basket at a time: a double click must neither fill it twice nor mix two spreads. */
function inBasket(cx: MemberContext, work: (tx: Tx) => Promise<void>): Promise<void> {
  return withFirm(cx.database, cx.firmId, async (tx) => {
    await lockName(tx, `basket:${cx.actor.id}`);
    await work(tx);
  });
}

function requireOpen(statement: StatementFacts | undefined): void {
  if (!statement) throw notFound("statement");
  if (!isOpen(statement)) {
    throw conflict(`${statement.number} has nothing open any more. Search again to see what is.`);
  }
}

function requireOneCurrency(statements: readonly StatementFacts[]): void {
  const currencies = [...new Set(statements.map((statement) => statement.currency))];
  if (currencies.length > 1) {
    throw conflict(`One request has one currency: send ${currencies.join(" and ")} apart from each other.`);
  }
}

function spreadWords(result: Exclude<ReturnType<typeof spread>, { ok: true }>, currency: string): string {
  switch (result.fault) {
    case "not_positive":
      return "Enter an amount above zero";
    case "no_invoices":
      return "The basket holds no open invoice to lay the amount on";
    case "above_balances":
      return `Enter ${formatMoney({ minor: result.mostMinor, currency })} or less: more is not open on these invoices`;
  }
}
