import type { PostingLine } from "./line-queries.ts";
import { isSharable } from "./sharable.ts";
import { isOpen } from "./state.ts";

/** What a bookkeeper can do about a posting. The first is the one that usually helps. */
export type Fix =
  | "lay"
  | "hold"
  | "assist"
  | "retry"
  | "release"
  | "absent"
  | "present"
  | "mark"
  | "setAside"
  | "putBack";

type Facts = Pick<
  PostingLine,
  | "problem_text"
  | "state"
  | "problem"
  | "outcome_unknown"
  | "kind"
  | "cause"
  | "release"
  | "released_at"
  | "file_id"
  | "hold_until"
  | "is_undone"
>;

/** The ways out of each problem. Where the entry may stand already, only looking there helps, not another statement. */
const FIXES = {
  no_statement: ["lay", "hold", "mark", "setAside"],
  surplus: ["setAside", "lay", "mark"],
  no_connection: ["retry", "lay", "mark", "setAside"],
  unsupported: ["assist", "mark", "lay", "setAside"],
  statement_closed: ["lay", "hold", "retry", "mark", "setAside"],
  balance_changed: ["lay", "hold", "retry", "mark", "setAside"],
  rejected: ["retry", "lay", "mark", "setAside"],
  unclear: ["retry", "mark", "setAside"],
  double_entry: ["retry", "mark", "setAside"],
  trust_guard: ["setAside", "mark"],
} as const satisfies Record<NonNullable<PostingLine["problem"]>, readonly Fix[]>;

/** What can be done about a posting now. `searchable` says whether its system can be asked for an entry. */
export function fixesOf(posting: Facts, searchable: boolean): readonly Fix[] {
  // What was undone goes back to work by itself when its money comes back.
  if (posting.state === "set_aside") return posting.is_undone ? [] : ["putBack"];
  if (!isOpen(posting.state)) return [];
  if (posting.state === "ready") {
    return waitsForRelease(posting) || isDelayed(posting) ? ["release", "mark", "setAside"] : [];
  }
  if (posting.problem === null) return [];
  // Its money moved while a person may have entered it: nothing is to be entered, but a file may wait to be imported.
  if (posting.is_undone)
    return posting.file_id === null ? ["mark", "setAside"] : ["mark", "assist", "setAside"];
  if (posting.problem === "unclear" && !searchable) return ["present", "absent", "setAside"];
  const fixes: readonly Fix[] = FIXES[posting.problem];
  return isSharable(posting) ? fixes : fixes.filter((fix) => fix !== "lay" && fix !== "hold");
}

/** Whether a ready posting is held until a bookkeeper lets it go. */
export function waitsForRelease(posting: Pick<PostingLine, "release" | "released_at">): boolean {
  return posting.release === "manual" && posting.released_at === null;
}

/** Whether an earlier try ended without an entry, or its system is waited for, and another follows by itself. */
function isDelayed(posting: Pick<PostingLine, "problem_text" | "hold_until">): boolean {
  return posting.problem_text !== null || posting.hold_until !== null;
}
