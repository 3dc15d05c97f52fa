import { dayOf, formatInstant } from "../base/day.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import type { SheetCell, SheetColumn } from "../web/sheet.ts";
import { record } from "./record.ts";
import { filterOf, type RecordChoice } from "./record-filter.ts";
import { type AuditRow, listRecord, type RecordFilter } from "./record-queries.ts";
import { actionWords, changeLine, changesOf } from "./words.ts";

const EXPORT_PAGE_SIZE = 500;

export const RECORD_COLUMNS: readonly SheetColumn[] = [
  { title: "Number", kind: "count", width: 10 },
  { title: "Day", kind: "day", width: 12 },
  { title: "Time", kind: "text", width: 24 },
  { title: "Who", kind: "text", width: 24 },
  { title: "What", kind: "text", width: 32 },
  { title: "Changes", kind: "text", width: 60 },
  { title: "Action", kind: "text", width: 24 },
  { title: "Object", kind: "text", width: 14 },
  { title: "Object id", kind: "text", width: 38 },
  { title: "Link id", kind: "text", width: 38 },
  { title: "Before", kind: "text", width: 40 },
  { title: "After", kind: "text", width: 40 },
  { title: "Request", kind: "text", width: 38 },
];

/** The chosen part of the record for a sheet, read page by page while it is written. That it was taken is on record as well. */
export async function exportRecord(
  cx: MemberContext,
  timeZone: string,
  choice: RecordChoice,
): Promise<AsyncIterable<SheetCell[]>> {
  demand(cx, "audit.see");
  const { filter } = filterOf(choice, timeZone);
  await withFirm(cx.database, cx.firmId, (tx) =>
    record(tx, cx, {
      action: "record.exported",
      objectKind: "export",
      objectId: "record",
      after: Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== "")),
    }),
  );
  return sheetRows(cx, timeZone, filter);
}

async function* sheetRows(
  cx: MemberContext,
  timeZone: string,
  filter: RecordFilter,
): AsyncGenerator<SheetCell[]> {
  let after: string | undefined;
  for (;;) {
    const { rows, hasLater } = await withFirm(cx.database, cx.firmId, (tx) =>
      listRecord(tx, cx.firmId, filter, { after }, EXPORT_PAGE_SIZE),
    );
    for (const row of rows) yield cellsOf(row, timeZone);
    after = rows.at(-1)?.id.toString();
    if (!hasLater || after === undefined) return;
  }
}

function cellsOf(row: AuditRow, timeZone: string): SheetCell[] {
  return [
    Number(row.id),
    { day: dayOf(row.at, timeZone) },
    formatInstant(row.at, timeZone),
    row.actor_name,
    actionWords(row.action),
    changesOf(row).map(changeLine).join("; "),
    row.action,
    row.object_kind,
    row.object_id,
    row.link_id ?? undefined,
    row.before === null ? undefined : JSON.stringify(row.before),
    row.after === null ? undefined : JSON.stringify(row.after),
    row.request_id ?? undefined,
  ];
}
