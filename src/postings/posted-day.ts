import { type Day, dayOf } from "../base/day.ts";
import type { PaymentRow, PostingRow } from "./queries.ts";
import type { Target } from "./target-queries.ts";

/**
 * The date that an entry carries in the matter system, in the firm's zone, by the rule of its connection: the day on which the money
 * moved, or the day of posting.
 */
export function postedDay(
  entry: {
    posting: Pick<PostingRow, "occurred_at">;
    payment: Pick<PaymentRow, "received_at">;
    target: Pick<Target, "postedDate">;
  },
  timeZone: string,
  now: Date,
): Day {
  const moved = entry.posting.occurred_at ?? entry.payment.received_at ?? now;
  return dayOf(entry.target.postedDate === "payment_date" ? moved : now, timeZone);
}
