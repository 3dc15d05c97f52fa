import type { PostingLine } from "./line-queries.ts";
import { isOpen } from "./state.ts";

/** What a bookkeeper can do about a posting. The first is the one that usually helps. */
export type Fix = "lay" | "retry" | "release" | "absent" | "mark" | "setAside" | "putBack";

type Facts = Pick<
  PostingLine,
  "problem_text" | "state" | "problem" | "outcome_unknown" | "kind" | "release" | "released_at"
>;

/** The ways out of each problem. Where the entry may stand already, only looking there helps, not another statement. */
const FIXES = {
  no_statement: ["lay", "mark", "setAside"],
  surplus: ["setAside", "lay", "mark"],
  no_connection: ["retry", "lay", "mark", "setAside"],
  unsupported: ["mark", "lay", "setAside"],
  statement_closed: ["lay", "retry", "mark", "setAside"],
  balance_changed: ["lay", "retry", "mark", "setAside"],
  rejected: ["retry", "lay", "mark", "setAside"],
  unclear: ["retry", "mark", "setAside"],
  double_entry: ["retry", "mark", "setAside"],
} as const satisfies Record<NonNullable<PostingLine["problem"]>, readonly Fix[]>;

/** What can be done about a posting now. `searchable` says whether its system can be asked for an entry. */
export function fixesOf(posting: Facts, searchable: boolean): readonly Fix[] {
  if (posting.state === "set_aside") return ["putBack"];
  if (!isOpen(posting.state)) return [];
  if (posting.state === "ready") {
    return waitsForRelease(posting) || isDelayed(posting) ? ["release", "setAside"] : [];
  }
  if (posting.problem === null) return [];
  if (posting.problem === "unclear" && !searchable) return ["mark", "absent", "setAside"];
  const fixes: readonly Fix[] = FIXES[posting.problem];
  const isFixed = posting.outcome_unknown || posting.kind === "reversal";
  return isFixed ? fixes.filter((fix) => fix !== "lay") : fixes;
}

/** Whether a ready posting is held until a bookkeeper lets it go. */
export function waitsForRelease(posting: Pick<PostingLine, "release" | "released_at">): boolean {
  return posting.release === "manual" && posting.released_at === null;
}

/** Whether an earlier try ended without an entry, and another follows by itself. */
function isDelayed(posting: Pick<PostingLine, "problem_text">): boolean {
  return posting.problem_text !== null;
}
