// biome-ignore-all lint/a11y/noRedundantRoles: rows become cards on a phone, and changed display drops the built-in roles.
// biome-ignore-all lint/a11y/useSemanticElements: the roles stand beside their elements, not in place of them.
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { formatShortDay } from "../base/day.ts";
import { Icon } from "../ui/icons.tsx";
import { DataTable, Row, SelectAll, SelectCell, TableBody, TableHead, Th } from "../ui/table.tsx";
import { AccountBadge, Tag } from "../ui/tags.tsx";
import type { Account } from "./accounts.ts";
import { typedOf } from "./assess.ts";
import { COLUMN_FACTS, type Column, type ColumnPlaces } from "./columns.ts";
import { type DateOrder, parseDay } from "./dates.ts";
import type { ReviewRow } from "./review-queries.ts";

/** The columns that are typed into in the grid; all are on the row's own page. */
const GRID_COLUMNS = [
  "invoice",
  "invoiceDate",
  "dueDate",
  "name",
  "email",
  "amount",
] as const satisfies Column[];
type GridColumn = (typeof GRID_COLUMNS)[number];

/** Widths of the boxes in characters. */
const SIZES: Record<GridColumn, number> = {
  invoice: 8,
  invoiceDate: 9,
  dueDate: 9,
  name: 18,
  email: 20,
  amount: 8,
};

/** The names of a row's fields in the grid's form. */
export const GRID_FIELDS = {
  cell: (rowId: string, column: Column) => `cell.${rowId}.${column}`,
  cells: (rowId: string) => `cell.${rowId}.`,
  version: (rowId: string) => `version.${rowId}`,
  versions: "version.",
  ticked: "row",
} as const;

export type GridProps = {
  batchId: string;
  rows: readonly ReviewRow[];
  places: ColumnPlaces;
  order: DateOrder;
  account: Account;
  accounts: readonly Account[];
};

/** The drafts as a grid to type in, with a reason at every bad cell. */
export function Grid(props: GridProps): JSX.Element {
  return (
    <DataTable label="Uploaded rows" layout="grid">
      <TableHead>
        <SelectAll label="Select all rows on this page" />
        <th role="columnheader" scope="col" class="cell-row">
          Row
        </th>
        {GRID_COLUMNS.map((column) => (
          <Th num={column === "amount"}>{COLUMN_FACTS[column].short}</Th>
        ))}
        <Th>Check</Th>
      </TableHead>
      <TableBody>
        {props.rows.map((row) => (
          <GridRow {...props} row={row} />
        ))}
      </TableBody>
    </DataTable>
  );
}

function GridRow(props: GridProps & { row: ReviewRow }): JSX.Element {
  const { row, batchId } = props;
  const typed = typedOf(row, props.places);
  return (
    <Row id={`row-${row.line}`}>
      <SelectCell name={GRID_FIELDS.ticked} value={row.id} label={`Select row ${row.line}`} />
      <th role="rowheader" scope="row" class="cell-row">
        <span class="visually-hidden">Row&nbsp;</span>
        {row.line}
        <input type="hidden" name={GRID_FIELDS.version(row.id)} value={String(row.version)} />
      </th>
      {GRID_COLUMNS.map((column) => (
        <Cell row={row} column={column} text={typed[column] ?? ""} order={props.order} batchId={batchId} />
      ))}
      <td role="cell" class="cell-status">
        <RowTag row={row} />
        <small>
          <a href={`/bulk/${batchId}/rows/${row.id}`}>
            All cells<span class="visually-hidden"> of row {row.line}</span>
          </a>
        </small>
        <OtherAccount {...props} />
      </td>
    </Row>
  );
}

function Cell(props: {
  row: ReviewRow;
  column: GridColumn;
  text: string;
  order: DateOrder;
  batchId: string;
}): JSX.Element {
  const { row, column, text } = props;
  const id = `r${row.line}-${column}`;
  const fault = row.faults[column];
  const warning = fault === undefined ? warningOf(row, column) : undefined;
  const reading = fault === undefined ? readingOf(row, column, text, props.order) : undefined;
  const note = fault ?? warning ?? reading;
  const isAmount = column === "amount";
  return (
    <td role="cell" class={isAmount ? "num" : undefined} data-label={COLUMN_FACTS[column].short}>
      <input
        class="cell-input"
        type="text"
        id={id}
        name={GRID_FIELDS.cell(row.id, column)}
        aria-label={`${COLUMN_FACTS[column].short}, row ${row.line}`}
        value={text}
        size={SIZES[column]}
        inputmode={isAmount ? "decimal" : undefined}
        spellcheck={column === "name" ? undefined : false}
        autocomplete="off"
        data-check={warning === undefined ? undefined : ""}
        aria-invalid={fault === undefined ? undefined : "true"}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
      />
      {fault === undefined ? null : <CellNote id={`${id}-note`} words={fault} />}
      {warning === undefined ? null : <CellNote id={`${id}-note`} words={warning} tone="warn" />}
      {reading === undefined || warning !== undefined ? null : (
        <small class="soft" id={`${id}-note`}>
          {reading}
        </small>
      )}
      {column === "name" ? <OtherRemarks row={row} batchId={props.batchId} /> : null}
    </td>
  );
}

function CellNote(props: { id?: string | undefined; words: Child; tone?: "warn" | undefined }): JSX.Element {
  return (
    <span class="cell-error" data-tone={props.tone} id={props.id}>
      <Icon name={props.tone === "warn" ? "s-diamond" : "s-alert"} />
      <span>{props.words}</span>
    </span>
  );
}

/** What is no fault, but should be looked at. */
function warningOf(row: ReviewRow, column: GridColumn): Child | undefined {
  if (column !== "invoice") return row.notes[column];
  if (row.repeats)
    return (
      <>
        Sent before: <a href={`/links/${row.repeats.id}`}>{row.repeats.reference}</a>
      </>
    );
  if (row.openLink)
    return (
      <>
        An open link asks for it: <a href={`/links/${row.openLink.id}`}>{row.openLink.reference}</a>
      </>
    );
  return row.duplicateOf === null ? row.notes.invoice : `Same invoice and amount as row ${row.duplicateOf}`;
}

/** How a date was read that could be read in another way, with the month's name. */
function readingOf(row: ReviewRow, column: GridColumn, text: string, order: DateOrder): string | undefined {
  const day = column === "invoiceDate" ? row.invoicedOn : column === "dueDate" ? row.dueOn : null;
  if (day === null) return undefined;
  const read = parseDay(text, order, day);
  return read.ok && read.reading !== "plain" ? formatShortDay(day) : undefined;
}

function RowTag({ row }: { row: ReviewRow }): JSX.Element {
  if (row.state === "to_fix")
    return (
      <Tag icon="s-alert" tone="bad">
        Fix
      </Tag>
    );
  if (row.state === "repeated")
    return (
      <Tag icon="pause" tone="warn">
        Held back
      </Tag>
    );
  if (row.duplicateOf !== null || row.openLink)
    return (
      <Tag icon="s-diamond" tone="warn">
        Check
      </Tag>
    );
  return row.hasAddress ? (
    <Tag icon="s-done" tone="good">
      Ready
    </Tag>
  ) : (
    <Tag icon="link">Link only</Tag>
  );
}

function OtherAccount({ row, account, accounts }: GridProps & { row: ReviewRow }): JSX.Element | null {
  const own = row.accountId === account.id ? undefined : accounts.find((each) => each.id === row.accountId);
  return own ? <AccountBadge kind={own.kind} last4={own.last4} /> : null;
}

/** Faults of cells that the grid has no room for, and of the row as a whole. */
function OtherRemarks({ row, batchId }: { row: ReviewRow; batchId: string }): JSX.Element {
  const others = Object.entries(row.faults).filter(
    ([column]) => !(GRID_COLUMNS as readonly string[]).includes(column),
  );
  return (
    <>
      {others.map(([column, words]) => (
        <CellNote words={`${COLUMN_FACTS[column as Column].title}: ${words}`} />
      ))}
      {row.misread === null ? null : (
        <CellNote
          words={
            <>
              {row.misread}. <a href={`/bulk/${batchId}/rows/${row.id}`}>Look at all cells</a>
            </>
          }
        />
      )}
    </>
  );
}
