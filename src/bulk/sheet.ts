import Papa from "papaparse";
import { recognizeColumns } from "./columns.ts";

/** The most rows that one upload takes, the headings not counted. */
export const ROW_LIMIT = 10_000;
const COLUMN_LIMIT = 60;
/** Longer cells are cut: the longest thing that is asked for is a message. */
const CELL_LENGTH_LIMIT = 8_000;
/** Rows that are read to tell how the cells are separated. */
const GUESS_ROWS = 30;
/** Rows with broken quotation marks; a file with more of them was not written as separated text. */
const REPAIR_LIMIT = 100;

/** In the order in which they are taken when nothing tells them apart. */
const DELIMITERS = [",", "\t", ";", "|"] as const;
type Delimiter = (typeof DELIMITERS)[number];

/** One row of the file. `line` counts as a spreadsheet does: a cell with line breaks in it is still in one row. */
export type SheetRecord = { line: number; cells: string[]; misread?: string | undefined };
export type Sheet = { delimiter: Delimiter; first: SheetRecord; rest: SheetRecord[] };

/** Reads separated text into rows of cells. Blank rows are left out. Refuses what is no sheet with a sentence that says why. */
export function readSheet(text: string): { ok: true; sheet: Sheet } | { ok: false; reason: string } {
  const hint = /^sep=([,;|\t])(?:\r\n|\r|\n)/i.exec(text);
  const body = hint ? text.slice(hint[0].length) : text;
  const delimiter = (hint?.[1] as Delimiter | undefined) ?? guessDelimiter(body);
  const read = readRecords(body, delimiter, hint ? 2 : 1);
  if (!read.ok) return read;
  const [first, ...rest] = read.records;
  if (!first) return { ok: false, reason: "The file is empty." };
  const width = Math.max(first.cells.length, ...rest.slice(0, GUESS_ROWS).map((row) => row.cells.length));
  if (width < 2) return { ok: false, reason: ONE_COLUMN };
  if (first.cells.length > COLUMN_LIMIT) {
    return {
      ok: false,
      reason: `The file has ${first.cells.length} columns, more than ${COLUMN_LIMIT}. Leave out those that are not needed.`,
    };
  }
  return {
    ok: true,
    sheet: { delimiter, first, rest: rest.map((row) => checkWidth(row, first.cells.length)) },
  };
}

const ONE_COLUMN =
  "The file has only one column. Separate the columns with commas, semicolons, tabs or vertical bars; Save As, CSV in Excel does it.";

/**
 * Reads row by row. A quotation mark that is never closed would swallow the rest of the file: such a row is read once more as the one
 * line that it is, without the marks, and said to be misread.
 */
function readRecords(
  text: string,
  delimiter: Delimiter,
  firstLine: number,
): { ok: true; records: SheetRecord[] } | { ok: false; reason: string } {
  const records: SheetRecord[] = [];
  let line = firstLine - 1;
  let from = 0;
  for (let repairs = 0; from < text.length; repairs++) {
    if (repairs > REPAIR_LIMIT) return { ok: false, reason: TOO_MANY_QUOTES };
    const start = from;
    let broken: number | undefined;
    Papa.parse<string[]>(text.slice(start), {
      delimiter,
      step: ({ data, errors, meta }, parser) => {
        line += 1;
        if (errors.some((error) => error.type === "Quotes")) broken = from;
        else if (data.some((cell) => cell.trim() !== "")) records.push({ line, cells: data.map(tidyCell) });
        from = start + meta.cursor;
        if (broken !== undefined || records.length > ROW_LIMIT + 1) parser.abort();
      },
    });
    if (records.length > ROW_LIMIT + 1) return { ok: false, reason: TOO_MANY_ROWS };
    if (broken === undefined) return { ok: true, records };
    const end = lineEnd(text, broken);
    const cells = text.slice(broken, end.at).split(delimiter).map(withoutMarks);
    records.push({ line, cells, misread: STRAY_QUOTES });
    from = end.next;
  }
  return { ok: true, records };
}

function lineEnd(text: string, from: number): { at: number; next: number } {
  const pattern = /\r\n|\r|\n/g;
  pattern.lastIndex = from;
  const found = pattern.exec(text);
  return found ? { at: found.index, next: pattern.lastIndex } : { at: text.length, next: text.length };
}

function withoutMarks(cell: string): string {
  return tidyCell(cell.trim().replace(/^"|"$/g, "").replaceAll('""', '"'));
}

const TOO_MANY_ROWS = `The file has more than ${ROW_LIMIT.toLocaleString("en-US")} rows. Split it and upload the parts one by one.`;
const TOO_MANY_QUOTES = `The quotation marks do not come in pairs in more than ${REPAIR_LIMIT} rows, so the cells cannot be told apart.`;
const STRAY_QUOTES = "The quotation marks in this row do not come in pairs. Check its cells";

/** A row with more cells than headings was cut in the wrong places, mostly by a comma in an amount or a name. */
function checkWidth(record: SheetRecord, width: number): SheetRecord {
  const surplus = record.cells.slice(width).filter((cell) => cell !== "").length;
  if (surplus === 0) return { ...record, cells: record.cells.slice(0, width) };
  const misread = `This row has ${width + surplus} cells under ${width} headings. Check that each stands in its column`;
  return { ...record, cells: record.cells.slice(0, width), misread };
}

/** Takes the separator under which most headings are known, else the one that cuts the rows into most cells alike. */
function guessDelimiter(text: string): Delimiter {
  let best: { delimiter: Delimiter; known: number; alike: number } = { delimiter: ",", known: 0, alike: 0 };
  for (const delimiter of DELIMITERS) {
    const { data } = Papa.parse<string[]>(text, { delimiter, preview: GUESS_ROWS, skipEmptyLines: "greedy" });
    const [first = [], ...rest] = data;
    const known = Object.keys(recognizeColumns(first)).length;
    const alike = first.length < 2 ? 0 : 1 + rest.filter((row) => row.length === first.length).length;
    if (known > best.known || (known === best.known && alike > best.alike))
      best = { delimiter, known, alike };
  }
  return best.delimiter;
}

/** Our own downloads put an apostrophe before what a spreadsheet might take for a formula; Excel's ="007" keeps its zeros. */
function tidyCell(cell: string): string {
  const text = cell.slice(0, CELL_LENGTH_LIMIT).trim();
  const kept = /^="(.*)"$/s.exec(text)?.[1];
  return (kept ?? text).replace(/^'(?=[=+\-@\t\r\n＝＋－＠])/, "");
}
