export const POSTING_STATES = ["needs_attention", "ready", "posting", "posted", "set_aside"] as const;
export type PostingState = (typeof POSTING_STATES)[number];

/**
 * Every move that a posting may make. `posting` is left only by the write itself, so that nobody decides by hand about an entry that
 * is on its way. `posted` is left only when the matter system turns out to hold the entry twice.
 */
const MOVES = {
  needs_attention: ["ready", "posted", "set_aside"],
  ready: ["posting", "posted", "needs_attention", "set_aside"],
  posting: ["posted", "ready", "needs_attention"],
  posted: ["needs_attention"],
  set_aside: ["ready", "needs_attention"],
} as const satisfies Record<PostingState, readonly PostingState[]>;

/** Whether a posting may go from one state to another. Staying where it is is no move. */
export function canMove(from: PostingState, to: PostingState): boolean {
  return (MOVES[from] as readonly PostingState[]).includes(to);
}

/** Whether a bookkeeper may decide about it: choose a statement, mark it, set it aside. */
export function isOpen(state: PostingState): boolean {
  return state === "needs_attention" || state === "ready";
}

export function isPostingState(text: string): text is PostingState {
  return (POSTING_STATES as readonly string[]).includes(text);
}
