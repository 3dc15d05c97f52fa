export const DEPOSIT_STATES = ["pending", "in_transit", "paid", "failed", "cancelled"] as const;
export type DepositState = (typeof DEPOSIT_STATES)[number];

/** Every move that a deposit may make. One that was paid may still come back from the bank days later; what failed never gets well. */
const MOVES = {
  pending: ["in_transit", "paid", "failed", "cancelled"],
  in_transit: ["paid", "failed", "cancelled"],
  paid: ["failed"],
  failed: [],
  cancelled: [],
} as const satisfies Record<DepositState, readonly DepositState[]>;

const WORDS: Record<DepositState, string> = {
  pending: "Pending",
  in_transit: "In transit",
  paid: "Paid",
  failed: "Failed",
  cancelled: "Cancelled",
};

/** Whether a deposit may go from one state to another. Staying where it is is no move. */
export function canMove(from: DepositState, to: DepositState): boolean {
  return (MOVES[from] as readonly DepositState[]).includes(to);
}

/** Whether the bank has not had the last word yet. */
export function isUnderWay(state: DepositState): boolean {
  return state === "pending" || state === "in_transit";
}

/** The word of a state on screen. */
export function depositWord(state: DepositState): string {
  return WORDS[state];
}

export function isDepositState(text: string): text is DepositState {
  return (DEPOSIT_STATES as readonly string[]).includes(text);
}
