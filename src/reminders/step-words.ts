import { type Day, dayOf, formatClock, formatNearDay, formatWeekday } from "../base/day.ts";
import type { Hindrance, Side } from "./plan.ts";
import type { ReminderRow } from "./queries.ts";
import type { Stop } from "./stops.ts";

/** `3 days before due`, `On the due date`, `1 day after due`. */
export function stepWords(step: { side: Side; days: number }): string {
  if (step.side === "on") return "On the due date";
  return `${step.days} ${step.days === 1 ? "day" : "days"} ${step.side} due`;
}

/** Why a step has no date, for the people of the firm. */
export const HINDRANCE_WORDS: Record<Hindrance, string> = {
  no_due_date: "Not sent: the request has no due date",
  before_request: "Not sent: the request itself goes out that day or later",
  after_expiry: "Not sent: the link expires before",
  same_day: "Not sent: the next reminder goes out on the same day",
};

/** Why a step was passed over. */
export const SKIPPED_WORDS: Record<NonNullable<ReminderRow["reason"]>, string> = {
  off: "Not sent: reminders were switched off for this link",
  processing: "Not sent: a bank payment was under way",
  bounced: "Not sent: emails to this payer bounced",
  no_address: "Not sent: the link had no email address",
  missed: "Not sent: its day and the next business day had passed",
  overtaken: "Not sent: a later reminder was due as well",
  same_day: "Not sent: another reminder was due that day",
  already_today: "Not sent: a reminder had gone out that day already",
};

/** What keeps a link's reminders from going out now. */
export const STOP_WORDS: Record<Stop, string> = {
  off: "Reminders are switched off for this link.",
  processing: "A bank payment is under way. Reminders go on if it fails.",
  bounced: "Emails to this payer bounce. Reminders wait until somebody corrects the address.",
  no_address: "The link has no email address. Add one, and reminders go there.",
  payment_received: "The link is paid, so reminders have stopped.",
  part_paid: "The link took its payment, so reminders have stopped. A new link for the rest has its own.",
  cancelled: "The link is cancelled, so reminders have stopped.",
  expired: "The link has expired, so reminders have stopped.",
};

/** `Fri, Nov 27`, with the year where it is another than the present one. */
export function dayWords(day: Day, today: Day): string {
  return formatWeekday(day, today);
}

/** `Moved from Sat, Nov 28` where it was moved, and the hour: what stands under a date. */
export function timeWords(
  step: { at: Date; movedFrom: Day | undefined },
  timeZone: string,
  today: Day,
): string {
  const hour = formatClock(step.at, timeZone);
  return step.movedFrom === undefined ? hour : `${hour}, moved from ${dayWords(step.movedFrom, today)}`;
}

/** `Nov 27, 9:00 AM`. */
export function instantWords(instant: Date, timeZone: string, today: Day): string {
  return `${formatNearDay(dayOf(instant, timeZone), today)}, ${formatClock(instant, timeZone)}`;
}

/** `9:00 AM` of an hour from 0 to 23. */
export function hourWords(hour: number): string {
  return `${hour % 12 === 0 ? 12 : hour % 12}:00 ${hour < 12 ? "AM" : "PM"}`;
}
