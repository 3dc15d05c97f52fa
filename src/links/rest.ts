import { formatMoney, sumMinor } from "../base/money.ts";
import { isOpen, type StatementFacts } from "../statements/queries.ts";
import { lesserMinor, type PlannedLine } from "./plan.ts";
import type { LinkRow } from "./queries.ts";
import { owedMinor, type Received, sumsOn, unlaidMinor } from "./received.ts";

/** What a new link after another one would ask for, in minor units. */
export type Rest = {
  amountMinor: bigint;
  /** By statement; none for a link that was typed. */
  lines: PlannedLine[];
  /** Why nothing can be asked for now, as sentences; undefined when something can. */
  hindrance: string | undefined;
  /** What the payer's bank has not decided about, as sentences: it is not asked for. Undefined where nothing is disputed. */
  undecided: string | undefined;
};

/**
 * What is not there of what a link asked for: on its statements, as far as they are open and never more than their balance, or of its
 * amount where it was typed. `asked` is what the link laid on statements, in order.
 */
export function restOf(
  link: Pick<LinkRow, "source" | "amount_minor" | "currency">,
  asked: readonly { statementId: string; amountMinor: bigint }[],
  statements: readonly StatementFacts[],
  received: Received,
): Rest {
  const undecided = received.disputedMinor > 0n ? undecidedOf(link, received) : undefined;
  if (link.source !== "matters" && asked.length === 0) {
    const amountMinor = owedMinor(link.amount_minor, received);
    return { amountMinor, lines: [], hindrance: amountMinor === 0n ? undecided : undefined, undecided };
  }
  const lines = asked.flatMap(({ statementId, amountMinor }): PlannedLine[] => {
    const statement = statements.find((each) => each.id === statementId);
    if (!statement || !isOpen(statement)) return [];
    const owed = lesserMinor(owedMinor(amountMinor, sumsOn(received, statementId)), statement.balanceMinor);
    return owed > 0n ? [{ statement, amountMinor: owed, isAboveBalance: false }] : [];
  });
  const unlaid = unlaidMinor(received);
  return {
    amountMinor: sumMinor(lines.map((line) => line.amountMinor)),
    lines,
    hindrance:
      unlaid > 0n ? unsaid(link, unlaid) : lines.length > 0 ? undefined : (undecided ?? noneOpen(received)),
    undecided,
  };
}

function unsaid(link: Pick<LinkRow, "currency">, minor: bigint): string {
  const amount = formatMoney({ minor, currency: link.currency });
  return `${amount} went back, and nobody has said yet for which statements. Choose its lines on the payment’s page, then make the new link.`;
}

function undecidedOf(link: Pick<LinkRow, "currency">, received: Received): string {
  const amount = formatMoney({ minor: received.disputedMinor, currency: link.currency });
  return `The payer’s bank has not decided about ${amount} yet. It can be asked for again if the dispute is lost.`;
}

function noneOpen(received: Received): string {
  return received.goneMinor > 0n
    ? "Nothing can be asked for now: none of the statements is open. Where the matter system still shows one as paid, its balance must come back there first."
    : "Nothing is left to ask for: the statements are settled.";
}
