import { record } from "../audit/record.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { type DraftRow, typedOf } from "./assess.ts";
import { lockBatch } from "./batch-queries.ts";
import { COLUMNS, type ColumnPlaces, type TypedRow } from "./columns.ts";
import { readRowsAgain } from "./read-again.ts";
import { lockRows } from "./row-queries.ts";
import { isInReview } from "./state.ts";
import { hideCards } from "./text-cells.ts";

/** Longer cells are cut, as they are when a file is read. */
const CELL_LENGTH_LIMIT = 8_000;

export type RowChange = {
  id: string;
  /** Of the row as the member saw it. */
  version: number;
  /** The cells that were on the screen, changed or not. */
  cells: TypedRow;
  /** The member says that misread cells stand where they should. */
  accepted: boolean;
};

/** What came of it: rows that were changed, of these still bad; and rows that somebody else had changed or sent meanwhile. */
export type Saved = { changed: number; bad: number; missed: number };

/**
 * Writes what was typed over cells and reads those rows anew. A row that was changed since the member saw it, or is no draft any
 * more, stays as it is and is counted as missed, unless nothing was to be changed in it.
 */
export async function saveRows(
  cx: MemberContext,
  batchId: string,
  changes: readonly RowChange[],
): Promise<Saved> {
  demand(cx, "links.send");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const batch = await lockBatch(tx, cx.firmId, batchId);
    const locked = await lockRows(
      tx,
      cx.firmId,
      batchId,
      changes.map((change) => change.id),
    );
    const byId = new Map(locked.map((row) => [row.id, row]));
    const drafts: DraftRow[] = [];
    let missed = 0;
    for (const change of changes) {
      const row = byId.get(change.id);
      const draft = row && applyChange(row, change, batch.places);
      if (row && !draft) continue;
      if (!row || !draft || row.version !== change.version || !isInReview(row.state)) missed += 1;
      else drafts.push(draft);
    }
    if (drafts.length === 0) return { changed: 0, bad: 0, missed };
    const rows = await readRowsAgain(tx, cx, batch, drafts);
    await record(tx, cx, {
      action: "batch.rowsChanged",
      objectKind: "batch",
      objectId: batchId,
      after: { lines: rows.map((row) => row.line) },
    });
    return { changed: rows.length, bad: rows.filter((row) => row.state === "to_fix").length, missed };
  });
}

/** The row with the change; undefined when that is the row as it stands. */
function applyChange(row: DraftRow, change: RowChange, places: ColumnPlaces): DraftRow | undefined {
  const typed = typedOf(row, places);
  const edits: TypedRow = { ...row.edits };
  let isChanged = change.accepted && row.misread !== null;
  for (const column of COLUMNS) {
    const wanted = change.cells[column];
    if (wanted === undefined || tidy(wanted) === tidy(typed[column] ?? "")) continue;
    edits[column] = hideCards(tidy(wanted).slice(0, CELL_LENGTH_LIMIT));
    isChanged = true;
  }
  return isChanged ? { ...row, edits, misread: null } : undefined;
}

/** A text box sends line breaks in another form than the file held them, and a box of one line has none. */
function tidy(text: string): string {
  return text.replace(/\s+/g, (space) => (/[\r\n]/.test(space) ? space.replace(/\r\n?/g, "\n") : " ")).trim();
}
