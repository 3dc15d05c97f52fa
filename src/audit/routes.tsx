import { Hono } from "hono";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { renderStaff } from "../web/respond.tsx";
import { type SheetFormat, sendSheet } from "../web/sheet.ts";
import { exportRecord, RECORD_COLUMNS } from "./export-record.ts";
import { readRecord } from "./read-record.ts";
import type { RecordChoice } from "./record-filter.ts";
import { RECORD_PATH, RecordPageView } from "./record-view.tsx";

/** The firm's record, for its administrators. */
export const recordRoutes = new Hono<WebEnv>();

recordRoutes.get(RECORD_PATH, allow("audit.see"), async (c) => {
  const { firm, member } = getScope(c);
  const choice = choiceOf(c);
  const place = { after: c.req.query("after"), before: c.req.query("before") };
  const { page, members, faults } = await readRecord(memberContext(c), firm.timeZone, choice, place);
  const errors = Object.keys(faults).length > 0 ? faults : undefined;
  return await renderStaff(
    c,
    { title: "Record", nav: "settings", errors },
    <RecordPageView
      member={member}
      timeZone={firm.timeZone}
      choice={choice}
      page={page}
      members={members}
      errors={errors}
    />,
  );
});

recordRoutes.get(`${RECORD_PATH}.csv`, allow("audit.see"), (c) => sendRecord(c, "csv"));
recordRoutes.get(`${RECORD_PATH}.xlsx`, allow("audit.see"), (c) => sendRecord(c, "xlsx"));

async function sendRecord(c: Web, format: SheetFormat): Promise<Response> {
  const { timeZone, slug } = getScope(c).firm;
  const rows = await exportRecord(memberContext(c), timeZone, choiceOf(c));
  return sendSheet(c, { name: `${slug} record`, timeZone, format, columns: RECORD_COLUMNS }, rows);
}

function choiceOf(c: Web): RecordChoice {
  const text = (name: string) => (c.req.query(name) ?? "").trim();
  return {
    who: text("who"),
    kind: text("kind"),
    object: text("object"),
    from: text("from"),
    until: text("until"),
  };
}
