import { formatShortDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import type { DiscrepancyKind, ListedDiscrepancy } from "./discrepancy-queries.ts";
import { PAGE } from "./filter.ts";
import { depositWord, isDepositState } from "./state.ts";

/** What a difference says on screen. */
type DiscrepancyWords = {
  title: string;
  detail: string;
  /** Where it is looked into. */
  action: { label: string; href: string };
};

type Listed = ListedDiscrepancy;
type Writer = (row: Listed, say: Say) => { title: string; detail: string };
/** Reads the facts of a row: an amount in words, or a word. */
type Say = { money: (name: string) => string; word: (name: string) => string };

const WRITERS: Record<DiscrepancyKind, Writer> = {
  payment_missing: (row, { money }) => ({
    title: `The card processor took ${money("theirsMinor")} that our books do not show`,
    detail: `Payment ${row.object_id} there belongs to a link of yours. It is read again by itself; if it stays here, tell support.`,
  }),
  payment_unknown: (row, { money }) => ({
    title: `${nameOf(row)} is not at the card processor`,
    detail: `Our books show ${money("oursMinor")} as received. Look at the card processor whether it is in another account.`,
  }),
  payment_differs: (row, { money }) => ({
    title: `${nameOf(row)} differs from the card processor`,
    detail: `We have ${money("oursMinor")} with a fee of ${money("oursFeeMinor")}, the processor ${money("theirsMinor")} with a fee of ${money("theirsFeeMinor")}.`,
  }),
  refund_differs: (row, { money }) => ({
    title: `What was refunded of ${nameOf(row)} differs`,
    detail: `We have ${money("oursMinor")}, the card processor ${money("theirsMinor")}.`,
  }),
  dispute_differs: (row, { word }) => ({
    title: `The dispute about ${nameOf(row)} differs`,
    detail: `We have it as ${word("ours")}, the card processor as ${word("theirs")}.`,
  }),
  deposit_differs: (row, { money, word }) => ({
    title:
      row.depositReference === null
        ? "A deposit at the card processor is not in our books"
        : `Deposit ${row.depositReference} differs from the card processor`,
    detail: `There it is ${stateWord(word("theirs"))} with ${money("theirsMinor")}${
      row.depositReference === null ? "." : `, with us ${stateWord(word("ours"))} with ${money("oursMinor")}.`
    }`,
  }),
  deposit_untied: (row, { money, word }) => ({
    title: `Deposit of ${row.arrivesOn === null ? "an unknown day" : formatShortDay(row.arrivesOn)} does not tie: ${money("differenceMinor")}`,
    detail: `${lineWords(word("lines"))} our books do not explain. Open the deposit to explain them.`,
  }),
  deposit_failed: (_row, { money, word }) => ({
    title: `The bank sent back a deposit of ${money("amountMinor")}`,
    detail: `${word("reason") === "" ? "" : `${word("reason")} `}Check the bank account at the card processor; its money goes into a later deposit.`,
  }),
  posting_gone: (row, { money, word }) => ({
    title: `An entry of ${money("amountMinor")} is no longer in the matter system`,
    detail: `${nameOf(row)} was written there as ${word("ours")} and is not found any more. Look there whether somebody removed it.`,
  }),
  posting_double: (row, { money, word }) => ({
    title: `An entry of ${money("amountMinor")} stands twice in the matter system`,
    detail: `${nameOf(row)} stands there as ${word("theirs")}. Keep one and remove the others.`,
  }),
  posting_differs: (row, { money, word }) => ({
    title: `An entry of ${nameOf(row)} differs in the matter system`,
    detail: `We wrote ${money("amountMinor")} as ${word("ours")}, there it stands with ${money("theirsMinor")} as ${word("theirs")}. Look there who changed it.`,
  }),
  payment_unposted: (row, { money }) => ({
    title: `${nameOf(row)} has no posting for all of its money`,
    detail: `${money("oursMinor")} was received, and postings stand for ${money("theirsMinor")}. They are prepared again by themselves; if it stays here, tell support.`,
  }),
  posting_stuck: (row) => ({
    title: `A posting of ${nameOf(row)} has been on its way for more than a day`,
    detail: "Look at it in Manage Postings; it may be retried or entered by hand.",
  }),
  trust_fee: (row, { money }) => ({
    title: `A fee of ${money("feeMinor")} was taken from a trust account`,
    detail: `${row.paymentReference === null ? "" : `${nameOf(row)}. `}Fees never come out of client money. Put the amount back from the operating account, and ask the card processor to bill fees to the platform.`,
  }),
  trust_dispute: (row, { money }) => ({
    title: `A dispute moved ${money("netMinor")} on a trust account`,
    detail: `${row.paymentReference === null ? "" : `${nameOf(row)}. `}Disputes never come out of client money. Cover the amount from the operating account, and note here how it was done.`,
  }),
};

/** Whether it is an alarm about client money: only a bookkeeper closes it. */
export function isAlarm(kind: DiscrepancyKind): boolean {
  return kind === "trust_fee" || kind === "trust_dispute";
}

/** What a difference says, and where it is looked into. */
export function discrepancyWords(row: Listed): DiscrepancyWords {
  const facts = (row.facts ?? {}) as Record<string, string | null>;
  const say: Say = {
    money: (name) => formatMoney({ minor: BigInt(facts[name] ?? 0), currency: row.currency }),
    word: (name) => facts[name] ?? "",
  };
  return { ...WRITERS[row.kind](row, say), action: actionOf(row) };
}

function actionOf(row: Listed): DiscrepancyWords["action"] {
  if (row.deposit_id !== null) return { label: "Open deposit", href: `${PAGE}/${row.deposit_id}` };
  if (row.posting_id !== null || row.kind === "payment_unposted")
    return {
      label: "Open postings",
      href: `/postings?tab=all&q=${encodeURIComponent(row.paymentReference ?? "")}`,
    };
  if (row.linkId !== null) return { label: "Open link", href: `/links/${row.linkId}` };
  return { label: "Show differences", href: `${PAGE}/differences` };
}

function nameOf(row: Listed): string {
  if (row.paymentReference === null) return "A payment";
  return `Payment ${row.paymentReference} of ${row.payerName ?? ""}`.trim();
}

function lineWords(count: string): string {
  return count === "1" ? "There is 1 line that" : `There are ${count} lines that`;
}

function stateWord(state: string): string {
  return isDepositState(state) ? depositWord(state).toLowerCase() : state;
}
