import { Temporal } from "temporal-polyfill";
import type { Day } from "../base/day.ts";

/** A calendar month, `YYYY-MM`. */
export type Month = string;

/** The days of a stretch of time in the firm's zone, from one up to, not with, another. */
export type Period = { from: Day; before: Day; timeZone: string };

/** The month that a day is in and the one before it, which its figures are compared with. */
export function shownMonths(today: Day): { current: Month; previous: Month } {
  const current = Temporal.PlainYearMonth.from(today);
  return { current: current.toString(), previous: current.subtract({ months: 1 }).toString() };
}

/** One of the shown months, as an address names it; anything else is the month that `today` is in. */
export function shownMonth(text: string, today: Day): Month {
  const { current, previous } = shownMonths(today);
  return text === previous ? previous : current;
}

/** The days of a month, or of two from the first one on. */
export function periodOf(first: Month, last: Month, timeZone: string): Period {
  const after = Temporal.PlainYearMonth.from(last).add({ months: 1 });
  return { from: `${first}-01`, before: `${after.toString()}-01`, timeZone };
}

/** `November`: the shown months lie so close together that the year is understood. */
export function monthName(month: Month): string {
  return Temporal.PlainDate.from(`${month}-01`).toLocaleString("en-US", { month: "long" });
}
