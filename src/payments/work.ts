import { dayOf, formatShortDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import type { Tx } from "../db/tx.ts";
import type { QueueItem } from "../ui/work.tsx";
import { disputeReasonWords } from "./refund-words.ts";
import {
  type FailedRefund,
  listFailedRefunds,
  listOpenDisputes,
  listUnlaid,
  type OpenDispute,
  type UnlaidMoney,
} from "./work-queries.ts";

/** A refund that failed longer ago than this is not called up any more. */
const FAILED_WITHIN_MS = 14 * 86_400_000;

/** What needs a person about money that went back: disputes by their deadline, lines to choose, refunds that failed. */
export async function readUndoneWork(
  tx: Tx,
  firm: { id: string; timeZone: string },
  now: Date,
): Promise<{ items: QueueItem[]; count: number }> {
  const disputes = await listOpenDisputes(tx, firm.id);
  const unlaid = await listUnlaid(tx, firm.id);
  const failed = await listFailedRefunds(tx, firm.id, new Date(now.getTime() - FAILED_WITHIN_MS));
  return {
    items: [
      ...disputes.map((dispute) => disputeItem(dispute, firm.timeZone)),
      ...unlaid.map(unlaidItem),
      ...failed.map(failedItem),
    ],
    count: [disputes, unlaid, failed].reduce((sum, list) => sum + Number(list[0]?.total ?? 0), 0),
  };
}

function disputeItem(dispute: OpenDispute, timeZone: string): QueueItem {
  const amount = formatMoney({ minor: dispute.amountMinor, currency: dispute.currency });
  const until =
    dispute.dueAt === null
      ? "Answer it at the card processor."
      : `Answer it at the card processor by ${formatShortDay(dayOf(dispute.dueAt, timeZone))}.`;
  return {
    icon: "s-alert",
    tone: dispute.isInquiry ? "warn" : "bad",
    title: dispute.isInquiry
      ? `A bank asks about ${amount} from ${dispute.payerName}`
      : `${amount} from ${dispute.payerName} is disputed`,
    detail: `${disputeReasonWords(dispute.reason)}. ${until}`,
    action: { label: "Open payment", href: `/payments/${dispute.paymentId}` },
  };
}

function unlaidItem(money: UnlaidMoney): QueueItem {
  const amount = formatMoney({ minor: money.amountMinor, currency: money.currency });
  return {
    icon: "undo",
    tone: "bad",
    title:
      money.kind === "refund"
        ? `${amount} to ${money.payerName} was refunded at the card processor`
        : `A bank took ${amount} of a payment of ${money.payerName} back`,
    detail: "Say which lines of the payment it is for.",
    action: { label: "Choose lines", href: `/payments/${money.paymentId}/${money.kind}s/${money.id}/lines` },
  };
}

function failedItem(refund: FailedRefund): QueueItem {
  const amount = formatMoney({ minor: refund.amountMinor, currency: refund.currency });
  return {
    icon: "undo",
    tone: "warn",
    title: `A refund of ${amount} to ${refund.payerName} did not go through`,
    detail: `${refund.reason ?? ""} The money is in the account.`.trim(),
    action: { label: "Open payment", href: `/payments/${refund.paymentId}` },
  };
}
