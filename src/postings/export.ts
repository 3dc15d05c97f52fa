import { dayOf } from "../base/day.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { postingWord } from "../ui/tags.tsx";
import { demand } from "../web/env.ts";
import type { SheetCell, SheetColumn } from "../web/sheet.ts";
import { causeWords } from "./cause.ts";
import { type Conditions, readConditions } from "./condition-queries.ts";
import type { WantedFilter } from "./filter.ts";
import { listPostingLines } from "./line-queries.ts";
import { type LineFacts, lineTitle, tagOf } from "./line-view.tsx";
import { listPaymentGroups, type PaymentGroup } from "./list-queries.ts";
import { problemTitle } from "./problem-words.ts";
import { describeLines } from "./read-list.ts";

/** Payments that are in memory at once while the sheet is written. */
const PAGE_SIZE = 500;

const COLUMNS: readonly SheetColumn[] = [
  { title: "Payment", kind: "text", width: 16 },
  { title: "Paid on", kind: "day", width: 12 },
  { title: "Payer", kind: "text", width: 30 },
  { title: "Method", kind: "text", width: 16 },
  { title: "Account", kind: "text", width: 14 },
  { title: "Last four", kind: "text", width: 10 },
  { title: "For", kind: "text", width: 26 },
  { title: "Matter", kind: "text", width: 34 },
  { title: "System", kind: "text", width: 18 },
  { title: "Kind", kind: "text", width: 16 },
  { title: "Amount", kind: "amount", width: 14 },
  { title: "Currency", kind: "text", width: 10 },
  { title: "State", kind: "text", width: 16 },
  { title: "Reference", kind: "text", width: 26 },
  { title: "Number there", kind: "text", width: 18 },
  { title: "Posted on", kind: "day", width: 12 },
  { title: "How", kind: "text", width: 12 },
  { title: "Confirmed on", kind: "day", width: 14 },
  { title: "What is wrong", kind: "text", width: 34 },
  { title: "Explanation", kind: "text", width: 60 },
  { title: "Set aside because", kind: "text", width: 40 },
  { title: "Last decided by", kind: "text", width: 30 },
  { title: "Deposit", kind: "text", width: 14 },
  { title: "Deposited on", kind: "day", width: 14 },
];

const KIND_WORDS = { payment: "Payment", trust_deposit: "Trust deposit", reversal: "Reversal" } as const;
const HOW_WORDS = { api: "By itself", file: "By file", hand: "By hand" } as const;

/**
 * The postings that a filter shows as a sheet, a row per posting, the newest payment first. What is taken back has an amount below
 * zero. Rows are read page by page while the sheet is sent.
 */
export function exportPostings(
  cx: MemberContext,
  input: { timeZone: string; wanted: WantedFilter; pageSize?: number },
): { columns: readonly SheetColumn[]; rows: AsyncIterable<SheetCell[]> } {
  demand(cx, "postings.see");
  const { timeZone, wanted, pageSize = PAGE_SIZE } = input;
  const filter = { ...wanted, tab: wanted.tab ?? "all", before: undefined, after: undefined };
  return { columns: COLUMNS, rows: rowsOf(cx, timeZone, filter, pageSize) };
}

async function* rowsOf(
  cx: MemberContext,
  timeZone: string,
  filter: Conditions["filter"],
  pageSize: number,
): AsyncGenerator<SheetCell[], void> {
  const firm = { id: cx.firmId, timeZone };
  const conditions = await withFirm(cx.database, cx.firmId, (tx) =>
    readConditions(tx, cx.firmId, filter, timeZone),
  );
  let after: string | undefined;
  for (;;) {
    const place = { ...conditions, filter: { ...filter, after } };
    const page = await withFirm(cx.database, cx.firmId, async (tx) => {
      const { groups, hasLater } = await listPaymentGroups(tx, cx.firmId, place, pageSize);
      const ids = groups.map((group) => group.id);
      const lines = await listPostingLines(tx, cx.firmId, ids, filter);
      return { groups, hasLater, lines: await describeLines(cx, tx, firm, lines) };
    });
    const byPayment = Map.groupBy(page.lines, ({ posting }) => posting.payment_id);
    for (const payment of page.groups) {
      for (const line of byPayment.get(payment.id) ?? []) yield cellsOf(payment, line, timeZone);
    }
    after = page.groups.at(-1)?.id;
    if (!page.hasLater || after === undefined) return;
  }
}

function cellsOf(payment: PaymentGroup, line: LineFacts, timeZone: string): SheetCell[] {
  const { posting } = line;
  const day = (instant: Date | null) => (instant ? { day: dayOf(instant, timeZone) } : undefined);
  const matter =
    posting.matterNumber === null
      ? undefined
      : `${posting.matterNumber} ${posting.matterDescription ?? ""}`.trim();
  const minor = posting.kind === "reversal" ? -posting.amount_minor : posting.amount_minor;
  const isWrong = posting.state === "needs_attention" && posting.problem !== null;
  return [
    payment.reference,
    day(payment.receivedAt),
    payment.payerName,
    payment.methodLabel,
    payment.accountKind === "trust" ? "Trust" : "Operating",
    payment.last4,
    lineTitle(posting, payment.invoiceNumber === "" ? payment.description : payment.invoiceNumber),
    matter,
    line.system,
    causeWords(posting.cause) === undefined
      ? KIND_WORDS[posting.kind]
      : `${KIND_WORDS[posting.kind]}, ${causeWords(posting.cause)}`,
    minor,
    posting.currency,
    postingWord(tagOf(posting)),
    posting.reference,
    posting.external_id ?? undefined,
    posting.posted_on === null ? undefined : { day: posting.posted_on },
    posting.posted_by === null ? undefined : HOW_WORDS[posting.posted_by],
    day(posting.confirmed_at),
    isWrong ? problemTitle(posting) : undefined,
    posting.problem_text ?? undefined,
    posting.set_aside_reason ?? undefined,
    line.lastMember,
    payment.depositReference ?? undefined,
    payment.depositOn === null ? undefined : { day: payment.depositOn },
  ];
}
