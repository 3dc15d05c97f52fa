export const DISPUTE_STATES = ["inquiry", "open", "won", "lost", "closed"] as const;
export type DisputeState = (typeof DISPUTE_STATES)[number];

/**
 * Every move that a dispute may make. An inquiry asks only; it may become a dispute, be decided before we looked, or be closed. What is
 * lost may be appealed, and a network may take a win back. Nothing becomes an inquiry, and what was closed stays so.
 */
const MOVES = {
  inquiry: ["open", "won", "lost", "closed"],
  open: ["won", "lost", "closed"],
  won: ["open", "lost"],
  lost: ["open", "won"],
  closed: [],
} as const satisfies Record<DisputeState, readonly DisputeState[]>;

/** Whether a dispute may go from one state to another. Staying where it is is no move. */
export function canMoveDispute(from: DisputeState, to: DisputeState): boolean {
  return (MOVES[from] as readonly DisputeState[]).includes(to);
}

/** Whether somebody may still answer it. */
export function isUndecided(state: DisputeState): boolean {
  return state === "inquiry" || state === "open";
}

/** How often the money has moved once the processor says where it is: odd is gone, even is here. */
export function turnAfter(turn: number, isGone: boolean): number {
  return isGone === isOut(turn) ? turn : turn + 1;
}

/** Whether the money of something with this many turns is gone. */
export function isOut(turn: number): boolean {
  return turn % 2 === 1;
}
