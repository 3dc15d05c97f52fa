import { writeXlsxStream } from "hucre/xlsx";
import { type Day, dayOf } from "../base/day.ts";
import { toDecimalText } from "../base/money.ts";
import type { Web } from "./env.ts";

/** A column of a download. Text stays text, whatever it looks like: numbers of invoices keep their zeros. */
export type SheetColumn = { title: string; kind: "text" | "amount" | "day" | "count"; width: number };

/** Text, minor units of an amount, a calendar date, or nothing. */
export type SheetCell = string | bigint | number | { day: Day } | undefined;
export type SheetFormat = "csv" | "xlsx";

const CSV_CHUNK_ROWS = 500;
/** Excel holds no longer text in a cell. */
const CELL_LENGTH_LIMIT = 32_767;
/** What a spreadsheet may take for the beginning of a formula. */
const FORMULA_START = /^\s*[=+\-@\t\r\n\0＝＋－＠]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what XML does not take.
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const NUMBER_FORMATS = {
  text: "@",
  amount: "#,##0.00;[Red]-#,##0.00",
  day: "yyyy-mm-dd",
  count: "0",
} as const;
const TYPES = {
  csv: "text/csv; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
} as const;

/**
 * Answers with a sheet to download, written while its rows are read, so that memory does not grow with them. `name` is the file's name
 * without its ending and the day is added to it. When reading the rows fails, the answer breaks off and the file does not open.
 */
export function sendSheet(
  c: Web,
  sheet: { name: string; timeZone: string; format: SheetFormat; columns: readonly SheetColumn[] },
  rows: AsyncIterable<SheetCell[]>,
): Response {
  const { format, columns } = sheet;
  const plain = sheet.name
    .replace(/[^A-Za-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .toLowerCase();
  const file = `${plain === "" ? "sheet" : plain}-${dayOf(c.get("cx").now(), sheet.timeZone)}.${format}`;
  const body = format === "csv" ? csvStream(columns, rows) : xlsxStream(columns, rows);
  return c.body(body, 200, {
    "Content-Type": TYPES[format],
    "Content-Disposition": `attachment; filename="${file}"`,
    "Content-Security-Policy": "default-src 'none'; sandbox",
  });
}

/** A CSV file as Excel reads it best: UTF-8 with a mark, quotes around text, and an apostrophe before what looks like a formula. */
function csvStream(
  columns: readonly SheetColumn[],
  rows: AsyncIterable<SheetCell[]>,
): ReadableStream<Uint8Array> {
  const chunks = csvChunks(columns, rows);
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await chunks.return(undefined);
    },
  });
}

async function* csvChunks(
  columns: readonly SheetColumn[],
  rows: AsyncIterable<SheetCell[]>,
): AsyncGenerator<string, void> {
  let chunk = `\ufeff${columns.map((column) => csvText(column.title)).join(",")}\r\n`;
  let count = 0;
  for await (const row of rows) {
    chunk += `${row.map(csvCell).join(",")}\r\n`;
    count += 1;
    if (count % CSV_CHUNK_ROWS === 0) {
      yield chunk;
      chunk = "";
    }
  }
  yield chunk;
}

function csvCell(cell: SheetCell): string {
  if (cell === undefined) return "";
  if (typeof cell === "string") return csvText(cell);
  if (typeof cell === "object") return cell.day;
  return typeof cell === "bigint" ? toDecimalText(cell) : String(cell);
}

function csvText(text: string): string {
  const guarded = FORMULA_START.test(text) ? `'${text}` : text;
  return `"${guarded.replaceAll('"', '""')}"`;
}

/** An Excel workbook of one sheet with a heading that stays in sight, real dates and real amounts. No text in it is ever a formula. */
function xlsxStream(
  columns: readonly SheetColumn[],
  rows: AsyncIterable<SheetCell[]>,
): ReadableStream<Uint8Array> {
  return writeXlsxStream(xlsxRows(rows), {
    name: "Sheet",
    columns: columns.map((column) => ({
      header: column.title,
      width: column.width,
      numFmt: NUMBER_FORMATS[column.kind],
    })),
    freezePane: { rows: 1 },
  });
}

async function* xlsxRows(rows: AsyncIterable<SheetCell[]>) {
  for await (const row of rows) yield row.map(xlsxCell);
}

function xlsxCell(cell: SheetCell): string | number | Date | null {
  if (cell === undefined || cell === "") return null;
  if (typeof cell === "string") return cell.replace(NOT_IN_XML, "").slice(0, CELL_LENGTH_LIMIT);
  if (typeof cell === "object") return new Date(`${cell.day}T00:00:00Z`);
  return typeof cell === "bigint" ? Number(toDecimalText(cell)) : cell;
}
