import { record } from "../audit/record.ts";
import { conflict, invalid } from "../base/error.ts";
import { newId } from "../base/id.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { demand } from "../web/env.ts";
import { type Batch, lockBatch, updateBatch } from "./batch-queries.ts";
import { COLUMN_FACTS, COLUMNS, type ColumnPlaces } from "./columns.ts";
import { assessAll, readBatchAgain } from "./read-again.ts";
import { insertRows, readExtent } from "./row-queries.ts";

type ColumnChoice = { places: ColumnPlaces; hasHeader: boolean };

/**
 * Says which column of the file is which and reads its drafts anew. Throws `invalid` when there is no name or no amount, or one column
 * of the file is to be two things; `conflict` when rows were sent already, since they were read by the earlier choice.
 */
export async function chooseColumns(cx: MemberContext, batchId: string, choice: ColumnChoice): Promise<void> {
  demand(cx, "links.send");
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const batch = await lockBatch(tx, cx.firmId, batchId);
    if (batch.issued_at !== null)
      throw conflict(
        "Rows of this upload were sent already. Upload the file again to read it in another way.",
      );
    checkChoice(choice, batch.header.length);
    if (!choice.hasHeader && batch.has_header) await addFirstRow(tx, cx, batch);
    if (choice.hasHeader && !batch.has_header) throw conflict(FIRST_ROW_IS_A_ROW);
    const chosen: Batch = { ...batch, ...choice, has_header: choice.hasHeader, state: "review" };
    await updateBatch(tx, cx.firmId, batchId, {
      places: choice.places,
      has_header: choice.hasHeader,
      state: "review",
    });
    await readBatchAgain(tx, cx, chosen);
    await record(tx, cx, {
      action: "batch.columnsChosen",
      objectKind: "batch",
      objectId: batchId,
      before: { places: batch.places },
      after: choice,
    });
    if ((await readExtent(tx, cx.firmId, batchId)).count === 0)
      throw invalid({ hasHeader: "The file has headings but no rows. Fill in the rows and upload it again" });
  });
}

const FIRST_ROW_IS_A_ROW =
  "The first row of this upload was taken for a row like the others. Delete it among the rows if it holds headings.";

/** The first row was kept as the headings; now it is a row like the others. */
async function addFirstRow(tx: Tx, cx: MemberContext, batch: Batch): Promise<void> {
  const draft = {
    id: newId(),
    line: batch.header_line,
    raw: batch.header,
    edits: {},
    misread: null,
  };
  await insertRows(tx, cx.firmId, batch.id, await assessAll(tx, cx, batch, [draft]));
}

function checkChoice({ places }: ColumnChoice, width: number): void {
  const faults: Record<string, string> = {};
  const taken = new Set<number>();
  for (const column of COLUMNS) {
    const place = places[column];
    if (place === undefined) continue;
    if (!Number.isInteger(place) || place < 0 || place >= width)
      faults[column] = "Choose a column of the file";
    else if (taken.has(place)) faults[column] = "This column of the file is chosen twice";
    taken.add(place);
  }
  for (const column of ["name", "amount"] as const) {
    if (places[column] === undefined)
      faults[column] = `Choose the column that holds the ${COLUMN_FACTS[column].title.toLowerCase()}`;
  }
  if (Object.keys(faults).length > 0) throw invalid(faults);
}
