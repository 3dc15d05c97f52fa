import type { BulkBatch, BulkRow } from "../db/schema.ts";

type BatchState = BulkBatch["state"];
export type RowState = BulkRow["state"];

/**
 * Every move that an upload may make. `mapping`: somebody must say which column is which. `review`: its rows wait for a person, before
 * the first sending or after the last. `issuing`: links are being made. `paused`: they are not, until somebody goes on.
 */
const BATCH_MOVES = {
  mapping: ["review"],
  review: ["issuing"],
  issuing: ["paused", "review"],
  paused: ["issuing", "review"],
} as const satisfies Record<BatchState, readonly BatchState[]>;

/**
 * Every move of a row. `repeated` holds a row back that another upload has sent; nothing leads out of `made`: what was sent is changed
 * on its link.
 */
const ROW_MOVES = {
  to_fix: ["ready", "repeated"],
  ready: ["to_fix", "repeated", "queued"],
  repeated: ["to_fix", "ready"],
  queued: ["made", "repeated", "failed", "ready"],
  made: [],
  failed: ["to_fix", "ready"],
} as const satisfies Record<RowState, readonly RowState[]>;

/** Rows that a person may still change. */
export const REVIEW_STATES = ["to_fix", "ready", "repeated"] as const satisfies RowState[];
/** Rows that were sent off at least once. */
export const OUTCOME_STATES = ["queued", "made", "failed"] as const satisfies RowState[];

/** Whether an upload may go from one state to another. Staying where it is is no move. */
export function canMoveBatch(from: BatchState, to: BatchState): boolean {
  return (BATCH_MOVES[from] as readonly BatchState[]).includes(to);
}

/** Whether a row may go from one state to another. */
export function canMoveRow(from: RowState, to: RowState): boolean {
  return (ROW_MOVES[from] as readonly RowState[]).includes(to);
}

/** Whether a row is still a draft. */
export function isInReview(state: RowState): boolean {
  return (REVIEW_STATES as readonly RowState[]).includes(state);
}
