import { toDecimalText } from "../base/money.ts";
import type { Web } from "./env.ts";
import type { SheetCell, SheetColumn } from "./sheet.ts";
import { type ZipEntry, zip } from "./zip.ts";

/** One sheet of a workbook. A row that is `strong` stands out: sums, and what needs a person. */
export type WorkbookSheet = {
  /** At most 31 characters, none of `[]:*?/\`. */
  name: string;
  columns: readonly SheetColumn[];
  rows: AsyncIterable<SheetCell[] | { strong: SheetCell[] }>;
};

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
/** Rows of text that are handed on at once. */
const CHUNK_ROWS = 200;
/** Excel holds no longer text in a cell. */
const CELL_LENGTH_LIMIT = 32_767;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what XML does not take.
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const FIRST_DAY_MS = Date.UTC(1899, 11, 30);
const DAY_MS = 86_400_000;
const LETTERS = 26;
const FIRST_LETTER = 65;

/** The styles in their order in `STYLES`; those of a strong row stand behind. */
const STYLE_OF = { text: 1, amount: 2, day: 3, count: 4 } as const;
const STRONG = 4;
const HEADING_STYLE = 9;
const STYLES = `${HEAD}<styleSheet xmlns="${MAIN}">
<numFmts count="2"><numFmt numFmtId="164" formatCode="#,##0.00;[Red]-#,##0.00"/><numFmt numFmtId="165" formatCode="yyyy-mm-dd"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="10"><xf/>${styles(0)}${styles(1)}<xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`;

function styles(fontId: number): string {
  return [49, 164, 165, 1]
    .map((id) => `<xf numFmtId="${id}" fontId="${fontId}" applyNumberFormat="1" applyFont="1"/>`)
    .join("");
}

/**
 * An Excel workbook of several sheets, written while their rows are read, one sheet after the other, with real dates and amounts and a
 * heading that stays in sight. No text in it is ever a formula.
 */
export function workbookStream(sheets: readonly WorkbookSheet[]): ReadableStream<Uint8Array> {
  const bytes = zip(entriesOf(sheets));
  return new ReadableStream({
    async pull(controller) {
      const next = await bytes.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await bytes.return(undefined);
    },
  });
}

/** Answers with a workbook to download. When reading its rows fails, the answer breaks off and the file does not open. */
export function sendWorkbook(c: Web, name: string, sheets: readonly WorkbookSheet[]): Response {
  const file = name.replace(/[^A-Za-z0-9-]+/g, "-").toLowerCase();
  return c.body(workbookStream(sheets), 200, {
    "Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "Content-Disposition": `attachment; filename="${file}.xlsx"`,
    "Content-Security-Policy": "default-src 'none'; sandbox",
  });
}

function* entriesOf(sheets: readonly WorkbookSheet[]): Generator<ZipEntry> {
  const names = sheets.map((_, index) => `sheet${index + 1}.xml`);
  yield part("[Content_Types].xml", contentTypes(names));
  yield part("_rels/.rels", relations([{ type: "officeDocument", target: "xl/workbook.xml" }]));
  yield part("xl/workbook.xml", workbook(sheets));
  const targets = names.map((name) => ({ type: "worksheet", target: `worksheets/${name}` }));
  yield part("xl/_rels/workbook.xml.rels", relations([...targets, { type: "styles", target: "styles.xml" }]));
  yield part("xl/styles.xml", STYLES);
  for (const [index, sheet] of sheets.entries())
    yield { name: `xl/worksheets/${names[index]}`, chunks: encoded(sheetXml(sheet)) };
}

function part(name: string, text: string): ZipEntry {
  return { name, chunks: encoded(once(text)) };
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const text of texts) yield encoder.encode(text);
}

function contentTypes(names: readonly string[]): string {
  const type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const override = (path: string, kind: string) =>
    `<Override PartName="${path}" ContentType="${type}.${kind}+xml"/>`;
  const sheets = names.map((name) => override(`/xl/worksheets/${name}`, "worksheet")).join("");
  return `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${override("/xl/workbook.xml", "sheet.main")}${sheets}${override("/xl/styles.xml", "styles")}</Types>`;
}

function relations(list: readonly { type: string; target: string }[]): string {
  const items = list.map(
    ({ type, target }, index) =>
      `<Relationship Id="r${index + 1}" Type="${RELATIONS}/${type}" Target="${target}"/>`,
  );
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${items.join("")}</Relationships>`;
}

function workbook(sheets: readonly WorkbookSheet[]): string {
  const items = sheets.map(
    ({ name }, index) => `<sheet name="${escapeXml(name)}" sheetId="${index + 1}" r:id="r${index + 1}"/>`,
  );
  return `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${items.join("")}</sheets></workbook>`;
}

async function* sheetXml({ columns, rows }: WorkbookSheet): AsyncGenerator<string> {
  const widths = columns.map(
    ({ width }, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  );
  const pane =
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/>';
  yield `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews><cols>${widths.join("")}</cols><sheetData>`;
  let line = 1;
  let chunk = rowXml(
    line,
    columns.map(({ title }, index) => textCell(place(index, 1), title, HEADING_STYLE)),
  );
  for await (const row of rows) {
    line += 1;
    const isStrong = !Array.isArray(row);
    const cells = isStrong ? row.strong : row;
    chunk += rowXml(
      line,
      cells.map((cell, index) => cellXml(cell, columns[index]?.kind ?? "text", place(index, line), isStrong)),
    );
    if (line % CHUNK_ROWS === 0) {
      yield chunk;
      chunk = "";
    }
  }
  yield `${chunk}</sheetData></worksheet>`;
}

function rowXml(line: number, cells: readonly string[]): string {
  return `<row r="${line}">${cells.join("")}</row>`;
}

function cellXml(cell: SheetCell, kind: SheetColumn["kind"], at: string, isStrong: boolean): string {
  const style = (of: SheetColumn["kind"]) => STYLE_OF[of] + (isStrong ? STRONG : 0);
  if (cell === undefined || cell === "") return "";
  if (typeof cell === "string") return textCell(at, cell, style("text"));
  if (typeof cell === "object") {
    const days = (Date.parse(`${cell.day}T00:00:00Z`) - FIRST_DAY_MS) / DAY_MS;
    return `<c r="${at}" s="${style("day")}"><v>${days}</v></c>`;
  }
  const value = typeof cell === "bigint" ? toDecimalText(cell) : String(cell);
  return `<c r="${at}" s="${style(kind === "text" || kind === "day" ? "count" : kind)}"><v>${value}</v></c>`;
}

function textCell(at: string, text: string, style: number): string {
  return `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`;
}

/** `A1`, `AB12`: a cell by the place of its column, counted from 0, and its row, counted from 1. */
function place(column: number, line: number): string {
  let name = "";
  for (let rest = column; rest >= 0; rest = Math.floor(rest / LETTERS) - 1)
    name = String.fromCharCode(FIRST_LETTER + (rest % LETTERS)) + name;
  return `${name}${line}`;
}

function escapeXml(text: string): string {
  const plain = text.toWellFormed().replace(NOT_IN_XML, "").slice(0, CELL_LENGTH_LIMIT);
  return plain.replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? sign);
}
