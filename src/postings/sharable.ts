import { PAYMENT_CAUSE } from "./cause.ts";
import type { PostingRow } from "./queries.ts";
import { isOpen } from "./state.ts";

/**
 * Whether the amount and the statement of a posting may still be changed: it was certainly not written, stands in no file that somebody
 * may import, its money did not go back meanwhile, and it neither undoes nor puts back another.
 */
export function isSharable(
  posting: Pick<PostingRow, "state" | "kind" | "cause" | "outcome_unknown" | "file_id" | "is_undone">,
): boolean {
  return (
    isOpen(posting.state) &&
    posting.kind !== "reversal" &&
    posting.cause === PAYMENT_CAUSE &&
    !posting.outcome_unknown &&
    posting.file_id === null &&
    !posting.is_undone
  );
}
