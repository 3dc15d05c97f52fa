import { type CheckedRow, checkRow, type Rules } from "./check-row.ts";
import { type ColumnPlaces, type TypedRow, typedRow } from "./columns.ts";
import { duplicateKeyOf, fingerprintOf } from "./fingerprint.ts";

/** A row as it was typed: the file's cells and what was typed over them. */
export type DraftRow = {
  id: string;
  line: number;
  raw: string[];
  edits: TypedRow;
  misread: string | null;
};

/** A row with what was read from it. */
export type AssessedRow = DraftRow &
  Omit<CheckedRow, "dates"> & {
    state: "to_fix" | "ready";
    duplicateKey: string | undefined;
    fingerprint: string;
    dates: CheckedRow["dates"];
  };

/** The text of each column: what was typed over the file's cell, else that cell. */
export function typedOf(row: Pick<DraftRow, "raw" | "edits">, places: ColumnPlaces): TypedRow {
  return { ...typedRow(row.raw, places), ...row.edits };
}

/** Reads a row by the firm's rules. A row whose cells may be shifted is to be fixed, whatever they say. */
export function assessRow(row: DraftRow, places: ColumnPlaces, rules: Rules): AssessedRow {
  const checked = checkRow(typedOf(row, places), rules);
  const isGood = row.misread === null && Object.keys(checked.faults).length === 0;
  return {
    ...row,
    ...checked,
    state: isGood ? "ready" : "to_fix",
    duplicateKey: duplicateKeyOf(checked.values),
    fingerprint: fingerprintOf(checked.values),
  };
}
