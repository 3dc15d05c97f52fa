import { addDays, type Day, dayOf } from "../base/day.ts";
import { conflict, invalid } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { getFirm } from "../settings/queries.ts";
import { demand } from "../web/env.ts";
import { isDay } from "./filter.ts";
import { movePosting, UNHINDERED } from "./move.ts";
import { lockPosting, type PostingRow } from "./queries.ts";
import { isOpen } from "./state.ts";

const NUMBER_LENGTH_LIMIT = 100;

/**
 * Takes a member's word that the entry stands in the matter system: they typed it in there, or found it. `number` is what the entry
 * is called there, `postedOn` its date (YYYY-MM-DD). Throws `invalid` by field, `conflict` while it is being posted or after.
 */
export async function markPosted(
  cx: MemberContext,
  input: { postingId: string; number: string; postedOn: string },
): Promise<PostingRow> {
  demand(cx, "postings.manage");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    // A day ahead of the firm's is possible where the matter system's clock is further east.
    const today = addDays(dayOf(cx.now(), (await getFirm(tx, cx.firmId)).time_zone), 1);
    const { number, postedOn } = readEntry(input, today);
    const posting = await lockPosting(tx, cx.firmId, input.postingId);
    if (!isOpen(posting.state)) {
      throw conflict(`Posting ${posting.reference} was decided meanwhile. Nothing was changed.`);
    }
    return await movePosting(tx, cx, posting, {
      to: "posted",
      action: "posting.markedPosted",
      change: {
        ...UNHINDERED,
        outcome_unknown: false,
        posted_by: posting.file_id === null ? "hand" : "file",
        external_id: number,
        posted_on: postedOn,
        posted_at: cx.now(),
        // The member's word is the confirmation.
        confirmed_at: cx.now(),
      },
      facts: { externalId: number, postedOn, was: posting.problem },
    });
  });
}

function readEntry(
  input: { number: string; postedOn: string },
  today: Day,
): { number: string; postedOn: Day } {
  const errors: Record<string, string> = {};
  if (input.number === "") errors.number = "Enter the number of the entry in the matter system";
  if (input.number.length > NUMBER_LENGTH_LIMIT)
    errors.number = `Enter ${NUMBER_LENGTH_LIMIT} characters at most`;
  if (!isDay(input.postedOn)) errors.postedOn = "Enter the date of the entry, like 2026-11-27";
  else if (input.postedOn > today) errors.postedOn = "Enter a date that is not in the future";
  if (Object.keys(errors).length > 0) throw invalid(errors);
  return input;
}
