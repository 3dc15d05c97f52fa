import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { systemName } from "../postings/assess.ts";
import { demand } from "../web/env.ts";
import type { SheetCell, SheetColumn } from "../web/sheet.ts";
import type { WorkbookSheet } from "../web/workbook.ts";
import { type LedgerEntry, type LedgerSum, listEntries, listLedgers, type Period } from "./trust-queries.ts";

/** Entries of one ledger in one period. */
const ENTRIES_LIMIT = 10_000;

type TrustWish = { period: Period; accountId: string | undefined };

const LEDGER_COLUMNS: SheetColumn[] = [
  { title: "Client", kind: "text", width: 30 },
  { title: "Client number", kind: "text", width: 14 },
  { title: "Matter", kind: "text", width: 14 },
  { title: "Description", kind: "text", width: 34 },
  { title: "Matter system", kind: "text", width: 14 },
  { title: "Currency", kind: "text", width: 10 },
  { title: "Opening", kind: "amount", width: 14 },
  { title: "Receipts", kind: "amount", width: 14 },
  { title: "Reversals", kind: "amount", width: 14 },
  { title: "Closing", kind: "amount", width: 14 },
  { title: "Lowest ever", kind: "amount", width: 14 },
  { title: "In the matter system now", kind: "amount", width: 22 },
];

const ENTRY_COLUMNS: SheetColumn[] = [
  { title: "Client", kind: "text", width: 30 },
  { title: "Matter", kind: "text", width: 14 },
  { title: "Date", kind: "day", width: 12 },
  { title: "Entry", kind: "text", width: 12 },
  { title: "Trust request", kind: "text", width: 14 },
  { title: "Payer", kind: "text", width: 28 },
  { title: "Payment", kind: "text", width: 14 },
  { title: "Amount", kind: "amount", width: 14 },
  { title: "Balance", kind: "amount", width: 14 },
  { title: "Our reference", kind: "text", width: 26 },
  { title: "In the matter system", kind: "text", width: 22 },
];

/** What our postings put into trust and took out of it in a period, by client and matter. Amounts in minor units. */
export async function readTrust(cx: MemberContext, wish: TrustWish): Promise<LedgerSum[]> {
  demand(cx, "deposits.see");
  return await withFirm(cx.database, cx.firmId, (tx) =>
    listLedgers(tx, cx.firmId, wish.period, wish.accountId),
  );
}

/** The entries of one matter's ledger in a period, each with the balance behind it. */
export async function readLedger(
  cx: MemberContext,
  wish: TrustWish & { matterId: string },
): Promise<LedgerEntry[]> {
  demand(cx, "deposits.see");
  return await withFirm(cx.database, cx.firmId, (tx) =>
    listEntries(tx, cx.firmId, { ...wish, limit: ENTRIES_LIMIT }),
  );
}

/** The sums of ledgers by currency: opening, receipts less reversals, closing. */
export function sumLedgers(
  ledgers: readonly LedgerSum[],
): Pick<LedgerSum, "currency" | "openingMinor" | "receiptsMinor" | "reversalsMinor" | "closingMinor">[] {
  const sums = new Map<string, ReturnType<typeof sumLedgers>[number]>();
  for (const ledger of ledgers) {
    const sum = sums.get(ledger.currency) ?? {
      currency: ledger.currency,
      openingMinor: 0n,
      receiptsMinor: 0n,
      reversalsMinor: 0n,
      closingMinor: 0n,
    };
    sums.set(ledger.currency, {
      currency: ledger.currency,
      openingMinor: sum.openingMinor + ledger.openingMinor,
      receiptsMinor: sum.receiptsMinor + ledger.receiptsMinor,
      reversalsMinor: sum.reversalsMinor + ledger.reversalsMinor,
      closingMinor: sum.closingMinor + ledger.closingMinor,
    });
  }
  return [...sums.values()];
}

/** The report as a workbook: the ledgers with their sums, then every entry with its running balance. */
export function trustSheets(
  cx: MemberContext,
  wish: TrustWish,
  ledgers: readonly LedgerSum[],
): WorkbookSheet[] {
  return [
    { name: "Client ledgers", columns: LEDGER_COLUMNS, rows: ledgerRows(cx, ledgers) },
    { name: "Entries", columns: ENTRY_COLUMNS, rows: entryRows(cx, wish, ledgers) },
  ];
}

async function* ledgerRows(cx: MemberContext, ledgers: readonly LedgerSum[]) {
  for (const ledger of ledgers) {
    const cells: SheetCell[] = [
      ledger.clientName,
      ledger.clientNumber,
      ledger.matterNumber,
      ledger.matterDescription,
      systemName(cx, ledger.system),
      ledger.currency,
      ledger.openingMinor,
      ledger.receiptsMinor,
      -ledger.reversalsMinor,
      ledger.closingMinor,
      ledger.lowestMinor,
      ledger.systemMinor ?? undefined,
    ];
    yield ledger.lowestMinor < 0n ? { strong: cells } : cells;
  }
  for (const sum of sumLedgers(ledgers)) {
    const amounts = [sum.openingMinor, sum.receiptsMinor, -sum.reversalsMinor, sum.closingMinor];
    yield { strong: ["All ledgers", undefined, undefined, undefined, undefined, sum.currency, ...amounts] };
  }
}

async function* entryRows(cx: MemberContext, wish: TrustWish, ledgers: readonly LedgerSum[]) {
  for (const ledger of ledgers) {
    const entries = await readLedger(cx, { ...wish, matterId: ledger.matterId });
    for (const entry of entries.filter(({ currency }) => currency === ledger.currency))
      yield entryCells(ledger, entry);
  }
}

function entryCells(ledger: LedgerSum, entry: LedgerEntry): SheetCell[] {
  return [
    ledger.clientName,
    ledger.matterNumber,
    { day: entry.postedOn },
    entry.kind === "receipt" ? "Receipt" : "Reversal",
    entry.statementNumber ?? undefined,
    entry.payerName,
    entry.paymentReference,
    entry.kind === "receipt" ? entry.amountMinor : -entry.amountMinor,
    entry.balanceMinor,
    entry.reference,
    entry.externalId ?? undefined,
  ];
}
