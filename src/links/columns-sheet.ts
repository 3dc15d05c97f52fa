import { dayOf } from "../base/day.ts";
import { linkWord } from "../ui/tags.tsx";
import type { SheetCell, SheetColumn } from "../web/sheet.ts";
import { COLUMN_TITLES, type ColumnKey } from "./columns-catalog.ts";
import { DELIVERY_WORDS, leftMinor, nameOf, reachOf, SOURCE_WORDS, stepOf } from "./columns-words.ts";
import type { SentRow } from "./sent-queries.ts";

type Cell = (row: SentRow, timeZone: string) => SheetCell;
type Part = SheetColumn & { cell: Cell };

const NARROW = 12;
const USUAL = 18;
const WIDE = 34;

/** What a column of the list becomes in a sheet: two where the screen shows two facts in one. Days are the firm's. */
const PARTS: Readonly<Record<ColumnKey, readonly Part[]>> = {
  client: [text("Client", WIDE, nameOf), text("Matter", WIDE, (row) => row.matterLabel)],
  for: [text(COLUMN_TITLES.for, WIDE, (row) => row.description)],
  statements: [text(COLUMN_TITLES.statements, USUAL, (row) => row.statementNumbers)],
  reference: [text(COLUMN_TITLES.reference, NARROW, (row) => row.reference)],
  payer: [text(COLUMN_TITLES.payer, WIDE, (row) => row.payerName)],
  emails: [text(COLUMN_TITLES.emails, WIDE, (row) => row.payerEmails.join(", "))],
  responsible: [text(COLUMN_TITLES.responsible, USUAL, (row) => row.responsible)],
  account: [
    text("Account", USUAL, (row) => `${row.accountName} ··${row.last4}`),
    text("Account kind", NARROW, (row) => (row.accountKind === "trust" ? "Trust" : "Operating")),
  ],
  amount: [
    amount(COLUMN_TITLES.amount, (row) => row.amountMinor),
    text("Currency", 9, (row) => row.currency),
  ],
  paid: [amount(COLUMN_TITLES.paid, (row) => row.paidMinor)],
  left: [amount(COLUMN_TITLES.left, leftMinor)],
  state: [text(COLUMN_TITLES.state, USUAL, (row) => linkWord(row.state))],
  engagement: [
    text("Delivery", USUAL, (row) => DELIVERY_WORDS[reachOf(row)]),
    text("Delivery problem", WIDE, (row) => row.triedReason ?? row.deliveryReason ?? ""),
  ],
  viewed: [day(COLUMN_TITLES.viewed, (row) => row.lastViewedAt)],
  sent: [day(COLUMN_TITLES.sent, (row) => row.createdAt)],
  due: [
    part(COLUMN_TITLES.due, "day", NARROW, (row) => (row.dueOn === null ? undefined : { day: row.dueOn })),
  ],
  expires: [day(COLUMN_TITLES.expires, (row) => row.expiresAt)],
  closed: [day(COLUMN_TITLES.closed, (row) => row.closedAt)],
  reminded: [day(COLUMN_TITLES.reminded, (row) => row.remindedAt)],
  next: [day(COLUMN_TITLES.next, (row) => row.nextReminderAt), text("Reminder of the plan", NARROW, stepOf)],
  source: [text(COLUMN_TITLES.source, NARROW, (row) => SOURCE_WORDS[row.source])],
  batch: [text(COLUMN_TITLES.batch, USUAL, (row) => row.batchName)],
  sender: [text(COLUMN_TITLES.sender, USUAL, (row) => row.senderName)],
};

/** The columns of a download that shows these columns in this order. */
export function sheetColumns(columns: readonly ColumnKey[]): SheetColumn[] {
  return columns.flatMap((column) => PARTS[column].map(({ title, kind, width }) => ({ title, kind, width })));
}

/** One link as a row of it. */
export function sheetCells(columns: readonly ColumnKey[], row: SentRow, timeZone: string): SheetCell[] {
  return columns.flatMap((column) => PARTS[column].map(({ cell }) => cell(row, timeZone)));
}

function part(title: string, kind: SheetColumn["kind"], width: number, cell: Cell): Part {
  return { title, kind, width, cell };
}

function text(title: string, width: number, of: (row: SentRow) => string): Part {
  return part(title, "text", width, of);
}

function amount(title: string, of: (row: SentRow) => bigint | undefined): Part {
  return part(title, "amount", USUAL, of);
}

function day(title: string, of: (row: SentRow) => Date | null): Part {
  return part(title, "day", NARROW, (row, timeZone) => {
    const instant = of(row);
    return instant === null ? undefined : { day: dayOf(instant, timeZone) };
  });
}
