export const REFUND_STATES = ["requested", "pending", "succeeded", "failed", "cancelled", "refused"] as const;
export type RefundState = (typeof REFUND_STATES)[number];

/**
 * Every move that a refund may make. A refund that succeeded may still fail days later: the payer's bank sends it back. What the
 * processor refused was never made; should it show up there after all, the processor's word counts.
 */
const MOVES = {
  requested: ["pending", "succeeded", "failed", "cancelled", "refused"],
  pending: ["succeeded", "failed", "cancelled"],
  succeeded: ["failed", "cancelled"],
  failed: [],
  cancelled: [],
  refused: ["pending", "succeeded", "failed", "cancelled"],
} as const satisfies Record<RefundState, readonly RefundState[]>;

/** Whether a refund may go from one state to another. Staying where it is is no move. */
export function canMoveRefund(from: RefundState, to: RefundState): boolean {
  return (MOVES[from] as readonly RefundState[]).includes(to);
}

/** Whether a refund holds its amount: it is on its way, or arrived. */
export function holdsMoney(state: RefundState): boolean {
  return state === "requested" || state === "pending" || state === "succeeded";
}

/** Whether the processor still owes us a word about it. */
export function isUnderWay(state: RefundState): boolean {
  return state === "requested" || state === "pending";
}
