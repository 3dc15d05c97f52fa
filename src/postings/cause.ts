/** What undid a part of a payment: a refund, a dispute over a card payment, the return of a bank debit. */
export type UndoingKind = "refund" | "dispute" | "return";

const BACK = { refund: "refund_failed", dispute: "dispute_won", return: "return_undone" } as const;

/** The cause of a posting that the payment itself asks for. */
export const PAYMENT_CAUSE = "payment";

/**
 * The cause of the posting that follows when money goes (odd turn) or comes back (even turn): `refund:<id>`, `refund_failed:<id>`,
 * `dispute:<id>`, `dispute_won:<id>`. Where it moves more than twice, or is made good in several postings, a number follows.
 */
export function causeOf(undoing: { kind: UndoingKind; id: string; turn: number }, index = 0): string {
  const { kind, id, turn } = undoing;
  const word = turn % 2 === 1 ? kind : BACK[kind];
  const round = turn > 2 ? [String(turn)] : [];
  return [word, id, ...round, ...(index > 0 ? [`part${index + 1}`] : [])].join(":");
}

/** The id of the refund or dispute that a cause names; undefined for the payment itself. */
export function undoingIdOf(cause: string): string | undefined {
  return cause.split(":")[1];
}

/** Whether a posting only puts back what was undone: the room for it was made by its reversal. */
export function isRestoring(cause: string): boolean {
  return /^(refund_failed|dispute_won|return_undone):/.test(cause);
}

/** Whether a dispute over a card payment asks for it. A returned bank debit is none: that money never came. */
export function isDisputed(cause: string): boolean {
  return cause.startsWith("dispute:");
}

const WORDS: Readonly<Record<string, string>> = {
  refund: "Refund",
  dispute: "Chargeback",
  return: "Bank return",
  refund_failed: "Refund that did not arrive",
  dispute_won: "Dispute won",
  return_undone: "Bank return taken back",
};

/** What asks for a posting, in a word or two, for people; undefined for the payment itself. */
export function causeWords(cause: string): string | undefined {
  return WORDS[cause.split(":")[0] ?? ""];
}
