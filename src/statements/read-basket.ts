import { sumMinor } from "../base/money.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { demand } from "../web/env.ts";
import { type BasketFault, faultOf } from "./basket-faults.ts";
import { listBasketRows } from "./basket-queries.ts";
import { listStatements, type StatementFacts } from "./queries.ts";

export type BasketLineFacts = {
  statement: StatementFacts;
  /** What is asked for: the chosen amount, or the balance as it is now. */
  amountMinor: bigint;
  isWholeBalance: boolean;
  fault: BasketFault | undefined;
};

export type BasketFacts = {
  /** In the order in which they were ticked. */
  lines: BasketLineFacts[];
  /** All lines have one currency; undefined for an empty basket. */
  currency: string | undefined;
  operatingMinor: bigint;
  trustMinor: bigint;
  totalMinor: bigint;
  /** Both kinds are asked for: trust and operating money never share a link. */
  makesTwoLinks: boolean;
};

/** What the member has ticked, with present balances, what is wrong with a line, and the sums per kind of account. */
export function readBasket(cx: MemberContext): Promise<BasketFacts> {
  demand(cx, "links.send");
  return withFirm(cx.database, cx.firmId, async (tx) => summarize(await readLines(tx, cx)));
}

/** The lines of a member's basket, in the caller's transaction. */
export async function readLines(tx: Tx, cx: MemberContext): Promise<BasketLineFacts[]> {
  const rows = await listBasketRows(tx, cx.firmId, cx.actor.id);
  const statements = await listStatements(
    tx,
    cx.firmId,
    rows.map((row) => row.statementId),
  );
  const byId = new Map(statements.map((statement) => [statement.id, statement]));
  return rows.flatMap((row) => {
    const statement = byId.get(row.statementId);
    if (!statement) return [];
    const amountMinor = row.amountMinor ?? statement.balanceMinor;
    const isWholeBalance = row.amountMinor === null;
    return { statement, amountMinor, isWholeBalance, fault: faultOf(statement, amountMinor) };
  });
}

function summarize(lines: BasketLineFacts[]): BasketFacts {
  // What is closed meanwhile cannot be asked for, so it is not in the sums.
  const counted = lines.filter((line) => line.fault?.code !== "closed");
  const sumOf = (kind: StatementFacts["kind"]) =>
    sumMinor(counted.filter((line) => line.statement.kind === kind).map((line) => line.amountMinor));
  const operatingMinor = sumOf("invoice");
  const trustMinor = sumOf("trust_request");
  return {
    lines,
    currency: lines[0]?.statement.currency,
    operatingMinor,
    trustMinor,
    totalMinor: operatingMinor + trustMinor,
    makesTwoLinks: operatingMinor > 0n && trustMinor > 0n,
  };
}
