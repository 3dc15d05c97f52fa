import { formatMoney } from "../base/money.ts";
import type { LineKind, ShownLine } from "./detail-queries.ts";
import type { LineProblem } from "./judge.ts";
import type { DepositRow } from "./queries.ts";

/** The names of the kinds, for one line and for their group. */
export const KIND_WORDS: Record<LineKind, { one: string; many: string }> = {
  payment: { one: "Payment", many: "Payments" },
  refund: { one: "Refund", many: "Refunds" },
  refund_failure: { one: "Failed refund, back", many: "Failed refunds, back" },
  fee: { one: "Processor’s fee", many: "Processor’s fees" },
  dispute: { one: "Dispute", many: "Disputes and bank returns" },
  dispute_reversal: { one: "Dispute won, back", many: "Disputes won, back" },
  adjustment: { one: "Adjustment", many: "Adjustments by the processor" },
  returned_deposit: { one: "Earlier deposit, back", many: "Earlier deposits that came back" },
  other: { one: "Something else", many: "Something else" },
};

/** Why our books do not explain a line, in words for a bookkeeper, with what to do. */
export function problemText(
  problem: LineProblem,
  line: Pick<ShownLine, "paidMinor" | "paidFeeMinor">,
  currency: string,
): string {
  const money = (minor: bigint | null) => formatMoney({ minor: minor ?? 0n, currency });
  const words: Record<LineProblem, string> = {
    not_ours:
      "No payment of ours belongs to it. It may have been taken at the card processor itself: look there, then explain it here.",
    amount_differs: `Our books say ${money(line.paidMinor)}. Compare both, then explain the difference here.`,
    fee_differs: `Our books say that the fee is ${money(line.paidFeeMinor)}. It is read again by itself within the hour.`,
    not_refunded: "Our books hold no such refund. It is read again by itself within the hour.",
    not_disputed: "Our books hold no such dispute. It is read again by itself within the hour.",
    not_returned: "Our books hold no deposit that came back with this money.",
    unknown_kind:
      "The card processor calls it by a word that is not known here. Look there, then explain it here.",
  };
  return words[problem];
}

/** Whether a deposit ties, in a word with its tone. */
export function tieWord(deposit: Pick<DepositRow, "ties" | "contents" | "state">): {
  word: string;
  tone?: "good" | "bad" | "warn" | "info";
} {
  if (deposit.state === "failed") return { word: "Came back", tone: "bad" };
  if (deposit.state === "cancelled") return { word: "Never sent" };
  if (deposit.contents === "not_told") return { word: "Cannot be told", tone: "warn" };
  if (deposit.ties === null) return { word: "Not known yet", tone: "info" };
  return deposit.ties ? { word: "Ties", tone: "good" } : { word: "Does not tie", tone: "bad" };
}
