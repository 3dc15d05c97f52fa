import type { ProblemCode } from "./assess.ts";
import type { PostingRow } from "./queries.ts";

/** What is wrong with a posting, as a heading; its own text says more. */
export const PROBLEM_TITLES: Record<ProblemCode, string> = {
  no_statement: "This money has no statement yet.",
  no_connection: "The matter system is not connected.",
  statement_closed: "The statement takes no more money.",
  balance_changed: "The balance changed.",
  rejected: "The matter system refused it.",
  unclear: "It is not known whether this was written.",
  surplus: "This is a second payment of the same link.",
  unsupported: "This is to be entered by hand.",
  double_entry: "The matter system holds this twice.",
  trust_guard: "This would come out of trust.",
};

/** The heading for a posting that waits for a person. One whose money moved meanwhile is no longer about its problem. */
export function problemTitle(posting: Pick<PostingRow, "kind" | "problem" | "is_undone">): string {
  if (posting.is_undone)
    return posting.kind === "reversal" ? "Was this taken out already?" : "Was this entered already?";
  return posting.problem === null ? "This needs a person." : PROBLEM_TITLES[posting.problem];
}
