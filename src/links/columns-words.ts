import type { DeliveryFilter, Source } from "./list-filter.ts";
import type { SentRow } from "./sent-queries.ts";

/** Where a link was made, as the screens call these places. */
export const SOURCE_WORDS: Readonly<Record<Source, string>> = {
  matters: "From matters",
  quick: "Quick Link",
  bulk: "Bulk Upload",
  api: "API",
};

/** How far a link came with its payer. */
export const DELIVERY_WORDS: Readonly<Record<DeliveryFilter, string>> = {
  not_emailed: "Not emailed",
  queued: "Queued",
  sent: "Sent",
  delivered: "Delivered",
  bounced: "Bounced",
  viewed: "Viewed",
  not_viewed: "Emailed, not viewed",
  tried: "Tried, payment declined",
};

/** `Reminder 2` by the number of a step in the plan; nothing where no reminder is due. */
export function stepOf(row: Pick<SentRow, "nextReminderAt" | "nextReminderStep">): string {
  return row.nextReminderAt === null || row.nextReminderStep === null
    ? ""
    : `Reminder ${row.nextReminderStep}`;
}

/** Who a link is called by: the client, or the payer where none is known. */
export function nameOf(row: Pick<SentRow, "clientName" | "payerName">): string {
  return row.clientName === "" ? row.payerName : row.clientName;
}

/** The furthest step of a link with its payer. */
export function reachOf(row: Pick<SentRow, "triedAt" | "lastViewedAt" | "delivery">): DeliveryFilter {
  if (row.triedAt) return "tried";
  return row.lastViewedAt ? "viewed" : row.delivery;
}

/** What is not there of what a link asked for, also where it went back, in minor units; undefined once the firm asks for nothing more. */
export function leftMinor(row: Pick<SentRow, "state" | "amountMinor" | "paidMinor">): bigint | undefined {
  return row.state === "cancelled" ? undefined : row.amountMinor - row.paidMinor;
}
