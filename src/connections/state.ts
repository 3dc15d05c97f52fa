import { conflict } from "../base/error.ts";

export type ConnectionState = "authorized" | "needs_authorization" | "paused" | "disconnected";
export type ConnectionMove = "authorize" | "lose" | "pause" | "resume" | "disconnect";

const MOVES = {
  authorize: { from: ["authorized", "needs_authorization", "paused", "disconnected"], to: "authorized" },
  lose: { from: ["authorized"], to: "needs_authorization" },
  pause: { from: ["authorized"], to: "paused" },
  resume: { from: ["paused"], to: "authorized" },
  disconnect: { from: ["authorized", "needs_authorization", "paused"], to: "disconnected" },
} as const satisfies Record<ConnectionMove, { from: readonly ConnectionState[]; to: ConnectionState }>;

const WORDS: Record<ConnectionState, string> = {
  authorized: "connected",
  needs_authorization: "waiting to be authorized again",
  paused: "paused",
  disconnected: "disconnected",
};

/** Whether a connection in this state can make the move. */
export function canMove(state: ConnectionState, move: ConnectionMove): boolean {
  return (MOVES[move].from as readonly ConnectionState[]).includes(state);
}

/** The state after a move. Throws `conflict` when the connection is in another state meanwhile. */
export function afterMove(state: ConnectionState, move: ConnectionMove): ConnectionState {
  if (canMove(state, move)) return MOVES[move].to;
  throw conflict(`This connection is ${WORDS[state]} meanwhile. Look at its state and try again.`);
}

/** The state in a sentence: "The connection is paused". */
export function stateWords(state: ConnectionState): string {
  return WORDS[state];
}
