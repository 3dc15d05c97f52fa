import { record } from "../audit/record.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { linkUrl } from "../links/address.ts";
import { demand } from "../web/env.ts";
import type { SheetCell, SheetColumn } from "../web/sheet.ts";
import { type Batch, getBatch } from "./batch-queries.ts";
import { remarksText } from "./check-row.ts";
import { COLUMN_FACTS, COLUMNS, type Column, columnLetter } from "./columns.ts";
import { listSheetRows, OUTCOME_WORDS, type SheetRow } from "./outcome-queries.ts";

/** Rows that are in memory at once while a download is written. */
const PAGE_SIZE = 500;
const WIDTHS: Partial<Record<Column, number>> = { name: 30, email: 34, message: 40 };
const USUAL_WIDTH = 16;
const EMPTY_ROWS: readonly SheetCell[][] = [];

type Download = { batch: Batch; columns: SheetColumn[]; rows: AsyncIterable<SheetCell[]> };

/** The empty sheet to fill in. */
export function templateSheet(): { columns: SheetColumn[]; rows: AsyncIterable<SheetCell[]> } {
  const columns = COLUMNS.map((column) => ({
    title: COLUMN_FACTS[column].title,
    kind: "text" as const,
    width: WIDTHS[column] ?? USUAL_WIDTH,
  }));
  return { columns, rows: iterate(EMPTY_ROWS) };
}

/**
 * The sheet back with a link per row: the file's own columns with what was typed over them, then the link. Each link opens its page, so
 * the download is on record. Throws `not_found`.
 */
export async function linksSheet(cx: MemberContext, batchId: string, format: string): Promise<Download> {
  demand(cx, "links.send");
  const batch = await withFirm(cx.database, cx.firmId, async (tx) => {
    const found = await getBatch(tx, cx.firmId, batchId);
    await record(tx, cx, {
      action: "batch.linksDownloaded",
      objectKind: "batch",
      objectId: batchId,
      after: { format },
    });
    return found;
  });
  const fields = fieldsOf(batch);
  const columns: SheetColumn[] = [
    ...fields.map(({ title, column }) => ({ title, kind: kindOf(column), width: widthOf(column) })),
    { title: "Payment link", kind: "text", width: 70 },
    { title: "Reference", kind: "text", width: 14 },
    { title: "Outcome", kind: "text", width: 14 },
    { title: "Reason", kind: "text", width: 30 },
  ];
  const toCells = (row: SheetRow): SheetCell[] => [
    ...fields.map((field) => typedCell(row, field)),
    row.link ? linkUrl(cx, row.link) : undefined,
    row.link?.reference,
    row.outcome ? OUTCOME_WORDS[row.outcome] : undefined,
    row.reason ?? undefined,
  ];
  return { batch, columns, rows: pages(cx, batch, "made", toCells) };
}

/** The rows that are to be fixed, as they were typed, each with what is wrong. It can be uploaded again. Throws `not_found`. */
export async function faultsSheet(cx: MemberContext, batchId: string): Promise<Download> {
  demand(cx, "links.send");
  const batch = await withFirm(cx.database, cx.firmId, (tx) => getBatch(tx, cx.firmId, batchId));
  const fields = fieldsOf(batch);
  const columns: SheetColumn[] = [
    ...fields.map(({ title, column }) => ({ title, kind: "text" as const, width: widthOf(column) })),
    { title: "Row", kind: "count", width: 8 },
    { title: "What to fix", kind: "text", width: 60 },
  ];
  const toCells = (row: SheetRow): SheetCell[] => [
    ...fields.map((field) => textOf(row, field)),
    row.line,
    [row.misread ?? "", remarksText(row.faults)].filter((part) => part !== "").join("; "),
  ];
  return { batch, columns, rows: pages(cx, batch, "to_fix", toCells) };
}

type Field = { title: string; place: number | undefined; column: Column | undefined };

/** The file's columns in its order, then ours that it has not: somebody may have typed into them. */
function fieldsOf(batch: Batch): Field[] {
  const byPlace = new Map<number, Column>();
  for (const column of COLUMNS) {
    const place = batch.places[column];
    if (place !== undefined) byPlace.set(place, column);
  }
  const own = batch.header.map((heading, place) => ({
    title: batch.has_header && heading !== "" ? heading : `Column ${columnLetter(place)}`,
    place,
    column: byPlace.get(place),
  }));
  const others = COLUMNS.filter((column) => batch.places[column] === undefined);
  return [
    ...own,
    ...others.map((column) => ({ title: COLUMN_FACTS[column].title, place: undefined, column })),
  ];
}

function textOf(row: SheetRow, field: Field): string {
  if (field.column !== undefined) return row.typed[field.column] ?? "";
  return field.place === undefined ? "" : (row.raw[field.place] ?? "");
}

/** The same as a real amount or a real date, where it is one. */
function typedCell(row: SheetRow, field: Field): SheetCell {
  if (field.column === "amount") return row.amountMinor ?? undefined;
  if (field.column === "invoiceDate") return row.invoicedOn === null ? undefined : { day: row.invoicedOn };
  if (field.column === "dueDate") return row.dueOn === null ? undefined : { day: row.dueOn };
  return textOf(row, field);
}

function kindOf(column: Column | undefined): SheetColumn["kind"] {
  if (column === "amount") return "amount";
  return column === "invoiceDate" || column === "dueDate" ? "day" : "text";
}

function widthOf(column: Column | undefined): number {
  return (column && WIDTHS[column]) ?? USUAL_WIDTH;
}

async function* pages(
  cx: MemberContext,
  batch: Batch,
  which: "made" | "to_fix",
  toCells: (row: SheetRow) => SheetCell[],
): AsyncGenerator<SheetCell[]> {
  let after = 0;
  for (;;) {
    const rows = await withFirm(cx.database, cx.firmId, (tx) =>
      listSheetRows(tx, cx.firmId, batch, which, after, PAGE_SIZE),
    );
    for (const row of rows) yield toCells(row);
    const last = rows.at(-1);
    if (!last) return;
    after = last.line;
  }
}

async function* iterate<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}
