import { record } from "../audit/record.ts";
import { conflict } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { closeByMember, type DiscrepancyRow, lockDiscrepancy } from "./discrepancy-queries.ts";
import { readNote } from "./explain.ts";

/**
 * Closes a difference with a note that stays on record. The same facts do not open it again; other facts do. Throws `invalid` without a
 * note, `conflict` when it is closed by now.
 */
export async function closeDiscrepancy(
  cx: MemberContext,
  input: { discrepancyId: string; note: string },
): Promise<DiscrepancyRow> {
  demand(cx, "deposits.manage");
  const note = readNote(input.note);
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const row = await lockDiscrepancy(tx, cx.firmId, input.discrepancyId);
    if (row.closed_at !== null) throw conflict("This difference was closed meanwhile. Nothing was changed.");
    const closed = await closeByMember(tx, cx.firmId, row.id, { memberId: cx.actor.id, note, at: cx.now() });
    await record(tx, cx, {
      action: "difference.closed",
      objectKind: "discrepancy",
      objectId: row.id,
      after: { kind: row.kind, object: row.object_id, note },
    });
    return closed;
  });
}
