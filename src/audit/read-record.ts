import type { Page, Place } from "../base/page.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { filterOf, type RecordChoice } from "./record-filter.ts";
import { type AuditRow, listRecord, listRecordMembers } from "./record-queries.ts";

const PAGE_SIZE = 50;

type RecordView = {
  page: Page<AuditRow>;
  members: { id: string; name: string }[];
  /** What of the choice could not be read, by box. */
  faults: Record<string, string>;
};

/** One page of the firm's record. What of the choice cannot be read is told and left out. */
export async function readRecord(
  cx: MemberContext,
  timeZone: string,
  choice: RecordChoice,
  place: Place,
): Promise<RecordView> {
  demand(cx, "audit.see");
  const { filter, faults } = filterOf(choice, timeZone);
  return await withFirm(cx.database, cx.firmId, async (tx) => ({
    page: await listRecord(tx, cx.firmId, filter, numbered(place), PAGE_SIZE),
    members: await listRecordMembers(tx, cx.firmId),
    faults,
  }));
}

/** A number that is none would be an error of the database. */
function numbered(place: Place): Place {
  const number = (text: string | undefined) =>
    text !== undefined && /^\d{1,18}$/.test(text) ? text : undefined;
  return { after: number(place.after), before: number(place.before) };
}
