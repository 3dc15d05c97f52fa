import { dayOf } from "../base/day.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { causeWords } from "../postings/cause.ts";
import { postingWord } from "../ui/tags.tsx";
import type { SheetCell } from "../web/sheet.ts";
import type { WorkbookSheet } from "../web/workbook.ts";
import { lineReason, type Pack } from "./pack.ts";
import {
  type LineAnchor,
  listPackLines,
  listPackPostings,
  listWaiting,
  type PackLine,
  type PackPosting,
} from "./pack-queries.ts";
import { depositWord } from "./state.ts";
import { KIND_WORDS } from "./words.ts";

/** Rows in memory at once. */
const PAGE_SIZE = 500;

type Rows = WorkbookSheet["rows"];

/** What did not reach the bank, then every movement on which the three sides differ. */
export async function* differenceRows(cx: MemberContext, pack: Pack, timeZone: string): Rows {
  for (const deposit of pack.notArrived) {
    const words = `${depositWord(deposit.state)}. ${deposit.failure_reason ?? ""}`.trim();
    const blank = Array.from({ length: 7 }, () => undefined);
    yield [
      deposit.reference,
      { day: deposit.arrives_on },
      "Deposit",
      undefined,
      undefined,
      ...blank,
      words,
      deposit.payout_id,
    ];
  }
  for await (const line of linesOf(cx, pack, true)) yield movementCells(line, timeZone);
}

/** Every movement with what the three sides say of it, and their sums. */
export async function* movementRows(cx: MemberContext, pack: Pack, timeZone: string): Rows {
  for await (const line of linesOf(cx, pack, false)) yield movementCells(line, timeZone);
  const { total } = pack;
  const sum = (pick: (kind: Pack["kinds"][number]) => bigint) =>
    pack.kinds.reduce((all, kind) => all + pick(kind), 0n);
  yield {
    strong: [
      "Sum",
      undefined,
      undefined,
      undefined,
      undefined,
      sum((kind) => kind.grossMinor),
      -sum((kind) => kind.feeMinor),
      total.linesMinor,
      total.oursMinor,
      total.linesMinor - total.oursMinor,
      total.postedMinor,
      total.postedDifferenceMinor,
    ],
  };
}

async function* linesOf(cx: MemberContext, pack: Pack, differing: boolean): AsyncGenerator<PackLine> {
  let after: LineAnchor | undefined;
  for (;;) {
    const wish = { after, differing, limit: PAGE_SIZE };
    const lines = await withFirm(cx.database, cx.firmId, (tx) =>
      listPackLines(tx, cx.firmId, pack.scope, wish),
    );
    yield* lines;
    const last = lines.at(-1);
    if (!last || lines.length < PAGE_SIZE) return;
    after = { arrivesOn: last.arrivesOn, depositId: last.depositId, id: last.id };
  }
}

function movementCells(line: PackLine, timeZone: string): SheetCell[] {
  return [
    line.depositReference,
    { day: dayOf(line.happened_at, timeZone) },
    KIND_WORDS[line.kind].one,
    line.paymentReference ?? undefined,
    line.payerName ?? undefined,
    line.gross_minor,
    -line.fee_minor,
    line.net_minor,
    line.oursMinor,
    line.net_minor - line.oursMinor,
    line.postedMinor ?? undefined,
    line.postedMinor === null ? undefined : line.gross_minor - line.postedMinor,
    [lineReason(line), line.note ?? line.description].filter((part) => part !== "").join(" "),
    line.transaction_id,
  ];
}

/** Every posting that the movements ask for, and what of them is posted. */
export async function* postingRows(cx: MemberContext, pack: Pack): Rows {
  let after: string | undefined;
  let sum = 0n;
  for (;;) {
    const wish = { after, limit: PAGE_SIZE };
    const postings = await withFirm(cx.database, cx.firmId, (tx) =>
      listPackPostings(tx, cx.firmId, pack.scope, wish),
    );
    for (const posting of postings) {
      sum += postedOf(posting);
      yield postingCells(posting);
    }
    after = postings.at(-1)?.id;
    if (after === undefined || postings.length < PAGE_SIZE) break;
  }
  yield { strong: ["Sum", ...Array.from({ length: 5 }, () => undefined), sum] };
}

function signedOf(posting: PackPosting): bigint {
  return posting.kind === "reversal" ? -posting.amount_minor : posting.amount_minor;
}

function postedOf(posting: PackPosting): bigint {
  return posting.state === "posted" ? signedOf(posting) : 0n;
}

function postingCells(posting: PackPosting): SheetCell[] {
  const entry = posting.kind === "trust_deposit" ? "Trust deposit" : "Payment";
  return [
    posting.paymentReference,
    causeWords(posting.cause) ?? entry,
    posting.statementNumber ?? undefined,
    posting.matterNumber ?? undefined,
    posting.clientName ?? undefined,
    signedOf(posting),
    postedOf(posting),
    postingWord(posting.state),
    posting.posted_on === null ? undefined : { day: posting.posted_on },
    posting.external_id ?? undefined,
    posting.reference,
    posting.reason ?? undefined,
  ];
}

/** Payments received in the days of the pack that are in no deposit yet. */
export async function* waitingRows(cx: MemberContext, pack: Pack, timeZone: string): Rows {
  let after: string | undefined;
  for (;;) {
    const wish = { timeZone, after, limit: PAGE_SIZE };
    const payments = await withFirm(cx.database, cx.firmId, (tx) =>
      listWaiting(tx, cx.firmId, pack.scope, wish),
    );
    for (const payment of payments)
      yield [
        payment.reference,
        payment.payerName,
        { day: payment.receivedOn },
        payment.expectedOn === null ? undefined : { day: payment.expectedOn },
        payment.amountMinor,
        payment.feeMinor,
      ];
    after = payments.at(-1)?.id;
    if (after === undefined || payments.length < PAGE_SIZE) break;
  }
  yield { strong: ["Sum", undefined, undefined, undefined, pack.waiting.amountMinor] };
}
