export const LINK_STATES = [
  "outstanding",
  "processing",
  "payment_received",
  "part_paid",
  "cancelled",
  "expired",
] as const;
export type LinkState = (typeof LINK_STATES)[number];

/**
 * Every move that a link may make. A payment may arrive on a link that was cancelled or expired a moment before: the money is there,
 * so the link says so. Nothing leads out of the two paid states: what is owed after a part payment, or went back, is asked for by a successor.
 */
const MOVES = {
  outstanding: ["processing", "payment_received", "part_paid", "cancelled", "expired"],
  processing: ["payment_received", "part_paid", "outstanding"],
  payment_received: [],
  part_paid: [],
  cancelled: ["processing", "payment_received", "part_paid"],
  expired: ["processing", "payment_received", "part_paid"],
} as const satisfies Record<LinkState, readonly LinkState[]>;

/** Whether a link may go from one state to another. Staying where it is is no move. */
export function canMove(from: LinkState, to: LinkState): boolean {
  return (MOVES[from] as readonly LinkState[]).includes(to);
}

/** Whether a state takes no further payment by itself. `processing` is not closed: the debit may still fail. */
export function isClosed(state: LinkState): boolean {
  return state !== "outstanding" && state !== "processing";
}

/**
 * Whether a new link may ask for what is not there: the first was paid in part, ran out unpaid, or was wholly paid and some of its money
 * went back since. `goneMinor` is how much.
 */
export function takesSuccessor(state: LinkState, goneMinor: bigint): boolean {
  return state === "part_paid" || state === "expired" || (state === "payment_received" && goneMinor > 0n);
}

/**
 * What a link is at an instant, for the eyes of people: one whose time is up counts as expired at once, although the job that closes
 * it comes within a minute. Lists, counts and actions on many links go by it.
 */
export function stateAt(link: { state: LinkState; expires_at: Date }, now: Date): LinkState {
  return link.state === "outstanding" && link.expires_at <= now ? "expired" : link.state;
}

export function isLinkState(text: string): text is LinkState {
  return (LINK_STATES as readonly string[]).includes(text);
}
