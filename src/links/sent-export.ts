import { record } from "../audit/record.ts";
import { newId } from "../base/id.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import type { SheetCell, SheetColumn, SheetFormat } from "../web/sheet.ts";
import { sheetCells, sheetColumns } from "./columns-sheet.ts";
import type { Choice } from "./many-choice.ts";
import { findColumns, listViews } from "./saved-view-queries.ts";
import { columnsOf } from "./saved-view-state.ts";
import { packIds, readSent, type SentRow } from "./sent-queries.ts";
import { listScope } from "./sent-scope.ts";

/** Rows of one sheet: an Excel sheet ends at 1,048,576. */
export const EXPORT_LIMIT = 1_000_000;
/** Rows that are in memory at once while a download is written. */
const PAGE_ROWS = 500;
const ID_BYTES = 16;

export type Export = { columns: SheetColumn[]; rows: AsyncIterable<SheetCell[]>; count: number };

/**
 * The chosen links as a sheet with the member's columns. Which links they are and their order is settled in one look at the database;
 * each page of them is then read when it is written. No transaction stays open while a slow network takes the file, so a value can be
 * as fresh as its page, while no link is missing or there twice. The download is on record.
 */
export async function exportLinks(
  cx: MemberContext,
  input: { choice: Choice; timeZone: string; format: SheetFormat },
): Promise<Export> {
  demand(cx, "links.see");
  const { choice, timeZone } = input;
  const scope = listScope(cx, cx.firmId, timeZone);
  const { columns, ids } = await withFirm(cx.database, cx.firmId, async (tx) => {
    const views = await listViews(tx, cx.firmId, cx.actor.id);
    const mine = await findColumns(tx, cx.firmId, cx.actor.id);
    const packed =
      choice.kind === "all"
        ? await packIds(tx, scope, choice.place, EXPORT_LIMIT)
        : Buffer.from(choice.ids.join("").replaceAll("-", ""), "hex");
    await record(tx, cx, {
      action: "links.exported",
      objectKind: "export",
      objectId: newId(),
      after: { links: packed.length / ID_BYTES, format: input.format },
    });
    return { columns: columnsOf(views, choice.place.viewId, mine), ids: packed };
  });
  async function* rows(): AsyncGenerator<SheetCell[]> {
    for (let from = 0; from < ids.length; from += PAGE_ROWS * ID_BYTES) {
      const page = unpackIds(ids.subarray(from, from + PAGE_ROWS * ID_BYTES));
      const links: SentRow[] = await withFirm(cx.database, cx.firmId, (tx) => readSent(tx, scope, page));
      for (const link of links) yield sheetCells(columns, link, timeZone);
    }
  }
  return { columns: sheetColumns(columns), rows: rows(), count: ids.length / ID_BYTES };
}

/** Ids of 16 bytes each as text. */
function unpackIds(packed: Buffer): string[] {
  return Array.from({ length: packed.length / ID_BYTES }, (_, index) =>
    packed
      .toString("hex", index * ID_BYTES, (index + 1) * ID_BYTES)
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
  );
}
