import type { MemberContext } from "../context.ts";
import type { SheetCell, SheetColumn } from "../web/sheet.ts";
import type { WorkbookSheet } from "../web/workbook.ts";
import { type Pack, packTies } from "./pack.ts";
import { differenceRows, movementRows, postingRows, waitingRows } from "./pack-rows.ts";
import { depositWord } from "./state.ts";
import { KIND_WORDS, tieWord } from "./words.ts";

type Row = SheetCell[] | { strong: SheetCell[] };

const text = (title: string, width: number): SheetColumn => ({ title, kind: "text", width });
const amount = (title: string): SheetColumn => ({ title, kind: "amount", width: 16 });
const day = (title: string): SheetColumn => ({ title, kind: "day", width: 12 });

const MOVEMENT_COLUMNS = [
  text("Deposit", 12),
  day("Date"),
  text("Kind", 26),
  text("Payment", 14),
  text("Payer", 28),
  amount("Gross"),
  amount("Fee"),
  amount("Net at the bank"),
  amount("By our books"),
  amount("Bank less books"),
  amount("Posted"),
  amount("Gross less posted"),
  text("Explanation", 60),
  text("At the processor", 32),
];

/**
 * The three-way reconciliation pack: what ties and what does not, then each side line by line with its sums. The sheets are written
 * while their rows are read.
 */
export function packSheets(cx: MemberContext, pack: Pack, timeZone: string): WorkbookSheet[] {
  return [
    {
      name: "Summary",
      columns: [
        text("Figure", 52),
        amount("Amount"),
        { title: "Count", kind: "count", width: 8 },
        text("Says", 46),
      ],
      rows: iterate(summaryRows(pack)),
    },
    {
      name: "Differences",
      columns: MOVEMENT_COLUMNS,
      rows: differenceRows(cx, pack, timeZone),
    },
    {
      name: "Bank deposits",
      columns: [
        text("Deposit", 12),
        day("Arrives"),
        text("State", 12),
        text("Bank reference", 22),
        amount("At the bank"),
        amount("Its lines"),
        amount("By our books"),
        amount("Difference"),
        text("Our books", 16),
        text("At the processor", 32),
      ],
      rows: iterate(depositRows(pack)),
    },
    { name: "Our payments", columns: MOVEMENT_COLUMNS, rows: movementRows(cx, pack, timeZone) },
    {
      name: "Postings",
      columns: [
        text("Payment", 14),
        text("Entry", 20),
        text("Statement", 14),
        text("Matter", 14),
        text("Client", 28),
        amount("Amount"),
        amount("Posted"),
        text("State", 16),
        day("Posted on"),
        text("In the matter system", 22),
        text("Our reference", 26),
        text("Reason", 60),
      ],
      rows: postingRows(cx, pack),
    },
    {
      name: "Not deposited yet",
      columns: [
        text("Payment", 14),
        text("Payer", 28),
        day("Received"),
        day("Expected"),
        amount("Amount"),
        amount("Fee"),
      ],
      rows: waitingRows(cx, pack, timeZone),
    },
  ];
}

/** What does not tie stands first. */
function summaryRows(pack: Pack): Row[] {
  const { total } = pack;
  const verdict = packTies(pack) ? "All three sides tie to the cent" : "Does not tie";
  const rows: Row[] = [
    { strong: ["Three-way reconciliation", undefined, total.differing, verdict] },
    verdictRow("Bank less our books", total.bankDifferenceMinor),
    verdictRow("To be posted less posted in the matter system", total.postedDifferenceMinor),
    [`Deposits from ${pack.scope.from} to ${pack.scope.to}`, total.bankMinor, pack.deposits.length],
    ["Their lines add up to", total.linesMinor],
    ["Our books say", total.oursMinor],
  ];
  for (const sum of pack.kinds) rows.push([`${KIND_WORDS[sum.kind].many}, gross`, sum.grossMinor, sum.lines]);
  const feeMinor = pack.kinds.reduce((sum, kind) => sum + kind.feeMinor, 0n);
  rows.push(
    ["Fees taken from these movements", -feeMinor],
    ["Of these, to be posted in the matter system", total.toPostMinor],
    ["Posted in the matter system", total.postedMinor],
    ["Received in these days and not deposited yet", pack.waiting.amountMinor, pack.waiting.count],
    ["Deposits that did not reach the bank", undefined, pack.notArrived.length],
    ["Deposits whose contents are not told", undefined, total.untold],
    ["Entries that the matter system shows otherwise", undefined, total.disagreeing],
  );
  return rows;
}

function verdictRow(name: string, difference: bigint): Row {
  return { strong: [name, difference, undefined, difference === 0n ? "Ties" : "Does not tie"] };
}

function depositRows(pack: Pack): Row[] {
  const rows: Row[] = [];
  const all = [...pack.deposits, ...pack.notArrived];
  const untied = all.filter((deposit) => deposit.ties !== true);
  const tied = all.filter((deposit) => deposit.ties === true);
  for (const deposit of [...untied, ...tied]) {
    const cells: SheetCell[] = [
      deposit.reference,
      { day: deposit.arrives_on },
      depositWord(deposit.state),
      deposit.bank_reference ?? undefined,
      // What did not reach the bank is not in its statement and not in the sum.
      deposit.state === "paid" ? deposit.amount_minor : 0n,
      deposit.lines_minor,
      deposit.expected_minor,
      deposit.difference_minor,
      tieWord(deposit).word,
      deposit.payout_id,
    ];
    rows.push(deposit.ties === true ? cells : { strong: cells });
  }
  rows.push({ strong: ["Sum", undefined, undefined, undefined, pack.total.bankMinor] });
  return rows;
}

async function* iterate<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}
