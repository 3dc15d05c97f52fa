import { dayOf } from "../base/day.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import type { SheetCell, SheetColumn } from "../web/sheet.ts";
import { anchorOf, type LineAnchor, listShownLines, type ShownLine } from "./detail-queries.ts";
import { getListedDeposit, type ListedDeposit } from "./list-queries.ts";
import { KIND_WORDS } from "./words.ts";

/** Rows in memory at once. */
const PAGE_SIZE = 500;

type DepositSheet = {
  deposit: ListedDeposit;
  columns: SheetColumn[];
  rows: AsyncIterable<SheetCell[]>;
};

const COLUMNS: SheetColumn[] = [
  { title: "Kind", kind: "text", width: 26 },
  { title: "Date", kind: "day", width: 12 },
  { title: "Payer", kind: "text", width: 28 },
  { title: "Payment", kind: "text", width: 14 },
  { title: "Link", kind: "text", width: 14 },
  { title: "Statements", kind: "text", width: 20 },
  { title: "Matters", kind: "text", width: 20 },
  { title: "Method", kind: "text", width: 20 },
  { title: "Gross", kind: "amount", width: 14 },
  { title: "Fee", kind: "amount", width: 12 },
  { title: "Net", kind: "amount", width: 14 },
  { title: "By our books", kind: "amount", width: 14 },
  { title: "Difference", kind: "amount", width: 14 },
  { title: "Explanation", kind: "text", width: 40 },
  { title: "At the processor", kind: "text", width: 32 },
  { title: "Account", kind: "text", width: 24 },
  { title: "Last four", kind: "text", width: 10 },
  { title: "Ledger code", kind: "text", width: 14 },
];

/** A deposit as a sheet that adds up to the bank's line in its last row. Throws `not_found`. */
export async function depositSheet(
  cx: MemberContext,
  input: { depositId: string; timeZone: string },
): Promise<DepositSheet> {
  demand(cx, "deposits.see");
  const deposit = await withFirm(cx.database, cx.firmId, (tx) =>
    getListedDeposit(tx, cx.firmId, input.depositId),
  );
  return { deposit, columns: COLUMNS, rows: rowsOf(cx, deposit, input.timeZone) };
}

async function* rowsOf(
  cx: MemberContext,
  deposit: ListedDeposit,
  timeZone: string,
): AsyncGenerator<SheetCell[]> {
  let after: LineAnchor | undefined;
  for (;;) {
    const anchor = after;
    const lines = await withFirm(cx.database, cx.firmId, (tx) =>
      listShownLines(tx, cx.firmId, deposit.id, { after: anchor, limit: PAGE_SIZE }),
    );
    for (const line of lines) yield [...cellsOf(line, timeZone), ...accountCells(deposit)];
    const last = lines.at(-1);
    if (!last || lines.length < PAGE_SIZE) break;
    after = anchorOf(last);
  }
  yield totalOf(deposit);
}

function cellsOf(line: ShownLine, timeZone: string): SheetCell[] {
  const expected = line.note === null ? line.expected_minor : line.net_minor;
  return [
    KIND_WORDS[line.kind].one,
    { day: dayOf(line.happened_at, timeZone) },
    line.payerName ?? undefined,
    line.paymentReference ?? undefined,
    line.linkReference ?? undefined,
    line.statements.join(", "),
    line.matters.join(", "),
    line.methodLabel ?? undefined,
    line.gross_minor,
    -line.fee_minor,
    line.net_minor,
    expected,
    line.net_minor - expected,
    line.note ?? (line.description === "" ? undefined : line.description),
    line.transaction_id,
  ];
}

/** The bank's own line: what all rows above add up to when the deposit ties. */
function totalOf(deposit: ListedDeposit): SheetCell[] {
  return [
    "Bank line",
    { day: deposit.arrives_on },
    undefined,
    deposit.reference,
    undefined,
    undefined,
    undefined,
    deposit.bank_reference ?? undefined,
    undefined,
    undefined,
    deposit.amount_minor,
    deposit.expected_minor,
    deposit.difference_minor,
    undefined,
    deposit.payout_id,
    ...accountCells(deposit),
  ];
}

/** On every row, so that rows of several deposits can be put together. */
function accountCells(deposit: ListedDeposit): SheetCell[] {
  return [deposit.accountName, deposit.last4, deposit.ledgerCode === "" ? undefined : deposit.ledgerCode];
}
