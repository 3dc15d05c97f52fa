import { formatMoney } from "../base/money.ts";
import type { EventFacts, EventWords } from "./history-words.ts";

/** What refunds, disputes and their postings are called on a link's time line. */
export const UNDONE_WORDS: Readonly<Record<string, EventWords>> = {
  "refund.requested": { icon: "undo", title: "Refund asked for", detail: askedDetail },
  "refund.pending": { icon: "undo", title: "Refund on its way", tone: "info", detail: foundDetail },
  "refund.succeeded": { icon: "undo", title: "Refunded", detail: foundDetail },
  "refund.failed": { icon: "s-x", title: "Refund failed, the money is back", detail: failedDetail },
  "refund.cancelled": { icon: "s-x", title: "Refund canceled, the money is back", detail: failedDetail },
  "refund.refused": { icon: "s-x", title: "Refund refused", detail: failedDetail },
  "refund.laid": { icon: "ledger", title: "Lines of a refund chosen", detail: amountDetail },
  "dispute.inquiry": { icon: "s-alert", title: "The bank asks about the payment", detail: failedDetail },
  "dispute.opened": { icon: "s-alert", title: "Payment disputed", detail: failedDetail },
  "dispute.won": { icon: "s-done", title: "Dispute won", tone: "good", detail: amountDetail },
  "dispute.lost": { icon: "undo", title: "Dispute lost", detail: amountDetail },
  "dispute.closed": { icon: "s-off", title: "Dispute closed", detail: amountDetail },
  "dispute.returned": { icon: "undo", title: "Bank payment returned", detail: failedDetail },
  "dispute.laid": { icon: "ledger", title: "Lines of a dispute chosen", detail: amountDetail },
  "posting.prepared": { icon: "ledger", title: "Posting prepared", detail: postingDetail },
  "posting.posted": {
    icon: "ledger",
    title: "Posted to the matter system",
    tone: "good",
    detail: postingDetail,
  },
  "posting.setAside": { icon: "pause", title: "Posting set aside", detail: reasonDetail },
  "posting.putBack": { icon: "undo", title: "Posting back at work" },
};

function askedDetail(after: EventFacts): string | undefined {
  return sentences(moneyOf(after), after.note);
}

function foundDetail(after: EventFacts): string | undefined {
  return sentences(
    moneyOf(after),
    after.atProcessor === true ? "Made at the card processor" : undefined,
    after.laid === false ? "It waits for a bookkeeper to say which lines it is for" : undefined,
  );
}

function failedDetail(after: EventFacts): string | undefined {
  return sentences(moneyOf(after), after.reason);
}

function amountDetail(after: EventFacts): string | undefined {
  return sentences(moneyOf(after));
}

function reasonDetail(after: EventFacts): string | undefined {
  return sentences(after.reason);
}

/** Only what is undone says what it is; the postings of payments are told by the payment itself. */
function postingDetail(after: EventFacts): string | undefined {
  if (typeof after.cause !== "string") return undefined;
  const kind = after.kind === "reversal" ? "Reversal" : "Posted anew";
  return sentences(`${kind} of ${moneyOf(after) ?? "the payment"}`, after.cause);
}

function sentences(...parts: unknown[]): string | undefined {
  const said = parts.filter((part) => typeof part === "string" && part !== "");
  return said.length === 0 ? undefined : said.map((part) => `${String(part).replace(/\.$/, "")}.`).join(" ");
}

function moneyOf(after: EventFacts): string | undefined {
  const { amountMinor, currency } = after;
  if (typeof amountMinor !== "string" || !/^\d+$/.test(amountMinor) || typeof currency !== "string")
    return undefined;
  return formatMoney({ minor: BigInt(amountMinor), currency });
}
