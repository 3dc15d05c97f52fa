import { createHash } from "node:crypto";
import { conflict, invalid, Problem } from "../base/error.ts";
import { formatMoney, LARGEST_AMOUNT_MINOR, sumMinor } from "../base/money.ts";
import { isOpen, type StatementFacts } from "../statements/queries.ts";
import type { IssueRequest } from "./request.ts";

/** The card processor charges no less. */
export const LEAST_LINK_MINOR = 50n;

export type AccountKind = "operating" | "trust";

export type PlannedLine = { statement: StatementFacts; amountMinor: bigint; isAboveBalance: boolean };
/** One link to be: everything in it goes into one account. */
export type PlannedLink = { kind: AccountKind; currency: string; amountMinor: bigint; lines: PlannedLine[] };

/** The account that a statement is paid into: a trust request into trust, an invoice into operating. */
export function accountKindOf(statement: Pick<StatementFacts, "kind">): AccountKind {
  return statement.kind === "trust_request" ? "trust" : "operating";
}

/** The smaller of two amounts in minor units; `Math.min` knows no bigint. */
export function lesserMinor(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

/** Stands for what a member sees of a request: each statement's balance and the amount laid on it, in order. */
export function fingerprint(
  lines: readonly { statementId: string; balanceMinor: bigint; amountMinor: bigint }[],
): string {
  const text = lines.map((line) => `${line.statementId}:${line.balanceMinor}:${line.amountMinor}`).join("|");
  return createHash("sha256").update(text).digest("base64url");
}

/**
 * Lays a request on locked statements: one link for operating, one for trust, lines in the order given. Throws `not_found` for a
 * statement that is not the firm's, `conflict` when one was closed or its balance moved, `invalid` for amounts that cannot be.
 */
export function planLinks(request: IssueRequest, statements: readonly StatementFacts[]): PlannedLink[] {
  const byId = new Map(statements.map((statement) => [statement.id, statement]));
  const lines = request.lines.map((line) => planLine(byId.get(line.statementId), line.amountMinor));
  checkFingerprint(request, lines);
  const above = lines.filter((line) => line.isAboveBalance);
  if (above.length > 0 && !request.confirmAboveBalance)
    throw invalid({ confirmAboveBalance: aboveText(above) });
  const kinds: AccountKind[] = ["operating", "trust"];
  return kinds
    .map((kind) => lines.filter((line) => accountKindOf(line.statement) === kind))
    .filter((group) => group.length > 0)
    .map(planLink);
}

function planLine(statement: StatementFacts | undefined, amountMinor: bigint): PlannedLine {
  if (!statement) throw new Problem("not_found", "One of these statements is no longer there. Choose again.");
  if (!isOpen(statement)) {
    throw conflict(`${statement.number} is no longer open. Take it out and send the rest.`);
  }
  return { statement, amountMinor, isAboveBalance: amountMinor > statement.balanceMinor };
}

function checkFingerprint(request: IssueRequest, lines: readonly PlannedLine[]): void {
  if (request.expected === undefined) return;
  const now = fingerprint(
    lines.map((line) => ({
      statementId: line.statement.id,
      balanceMinor: line.statement.balanceMinor,
      amountMinor: line.amountMinor,
    })),
  );
  if (now !== request.expected)
    throw conflict("A balance changed while you were writing. Look at the amounts again, then send.");
}

function planLink(lines: PlannedLine[]): PlannedLink {
  const [first, ...others] = lines;
  if (!first) throw new Error("a link has at least one line");
  const currency = first.statement.currency;
  const other = others.find((line) => line.statement.currency !== currency);
  if (other) {
    throw invalid({
      lines: `${first.statement.number} and ${other.statement.number} are in different currencies`,
    });
  }
  const amountMinor = sumMinor(lines.map((line) => line.amountMinor));
  checkLinkAmount(amountMinor, currency);
  return { kind: accountKindOf(first.statement), currency, amountMinor, lines };
}

/** Throws `invalid` for a link that the card processor would not charge. */
export function checkLinkAmount(amountMinor: bigint, currency: string): void {
  const bounds = { least: LEAST_LINK_MINOR, most: LARGEST_AMOUNT_MINOR };
  if (amountMinor < bounds.least || amountMinor > bounds.most) {
    const [least, most] = [bounds.least, bounds.most].map((minor) => formatMoney({ minor, currency }));
    throw invalid({ lines: `A link asks for ${least} to ${most}` });
  }
}

function aboveText(lines: readonly PlannedLine[]): string {
  const parts = lines.map(
    (line) =>
      `${line.statement.number} (balance ${formatMoney({ minor: line.statement.balanceMinor, currency: line.statement.currency })})`,
  );
  return `More than the balance is asked for on ${parts.join(", ")}. Lower the amount, or confirm that it is meant`;
}
