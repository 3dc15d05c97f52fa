import { formatMoney } from "../base/money.ts";
import { isOpen, type StatementFacts } from "./queries.ts";

/** What keeps a line from being sent. `above_balance` alone may be sent with the member's word. */
export type BasketFault = { code: "closed" | "zero" | "above_balance"; text: string };

/** What is wrong with asking for an amount (minor units) on a statement; undefined when nothing is. */
export function faultOf(statement: StatementFacts, amountMinor: bigint): BasketFault | undefined {
  if (!isOpen(statement)) return { code: "closed", text: closedWords(statement) };
  if (amountMinor <= 0n) {
    return { code: "zero", text: `Nothing is asked for ${statement.number}: enter an amount or remove it` };
  }
  if (amountMinor > statement.balanceMinor) {
    const balance = formatMoney({ minor: statement.balanceMinor, currency: statement.currency });
    return {
      code: "above_balance",
      text: `${statement.number} has only ${balance} open: enter that or less`,
    };
  }
  return undefined;
}

function closedWords({ number, state, deletedAt }: StatementFacts): string {
  if (deletedAt !== null) return `${number} was deleted in the matter system meanwhile: remove it`;
  if (state === "void") return `${number} was voided meanwhile: remove it`;
  return `${number} was paid meanwhile: remove it`;
}
