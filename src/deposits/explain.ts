import { record } from "../audit/record.ts";
import { conflict, invalid } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { lockLine, updateLine } from "./line-queries.ts";
import { type DepositRow, lockDeposit } from "./queries.ts";
import { tieDeposit } from "./tie.ts";

const NOTE_LENGTH_LIMIT = 500;

/** Reads a bookkeeper's note. Throws `invalid` where there is none or it is too long. */
export function readNote(note: string): string {
  if (note === "") throw invalid({ note: "Enter what explains it; the note stays on record" });
  if (note.length > NOTE_LENGTH_LIMIT)
    throw invalid({ note: `Enter ${NOTE_LENGTH_LIMIT} characters at most` });
  return note;
}

/**
 * Explains a line that our books do not: from now on it counts as it stands, with the note beside it. Returns the deposit as it stands
 * afterwards. Throws `invalid` without a note, `conflict` for a line that is explained by now.
 */
export async function explainLine(
  cx: MemberContext,
  input: { depositId: string; lineId: string; note: string },
): Promise<DepositRow> {
  demand(cx, "deposits.manage");
  const note = readNote(input.note);
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const deposit = await lockDeposit(tx, cx.firmId, input.depositId);
    const line = await lockLine(tx, cx.firmId, deposit.id, input.lineId);
    if (line.problem === null || line.note !== null)
      throw conflict("This line is explained by now. Nothing was changed.");
    await updateLine(tx, cx.firmId, line.id, { note, noted_by: cx.actor.id, noted_at: cx.now() });
    await record(tx, cx, {
      action: "deposit.lineExplained",
      objectKind: "deposit",
      objectId: deposit.id,
      after: { line: line.transaction_id, problem: line.problem, netMinor: line.net_minor, note },
    });
    return await tieDeposit(tx, cx, deposit);
  });
}
