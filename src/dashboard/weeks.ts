import { Temporal } from "temporal-polyfill";
import { addDays, type Day } from "../base/day.ts";
import type { WeekSum } from "./figure-queries.ts";

export const WEEKS_SHOWN = 12;
const DAYS_IN_WEEK = 7;

/** One week of one currency: what was asked for and what arrived, in minor units. */
export type Week = { monday: Day; requestedMinor: bigint; receivedMinor: bigint; receivedCount: number };

/** The Monday of a day's week. */
export function mondayOf(day: Day): Day {
  return addDays(day, 1 - Temporal.PlainDate.from(day).dayOfWeek);
}

/** The Monday with which the shown weeks begin; the last of them is the one that `today` is in. */
export function firstMonday(today: Day): Day {
  return addDays(mondayOf(today), -DAYS_IN_WEEK * (WEEKS_SHOWN - 1));
}

/** Every shown week in order, those without any money too. */
export function layOutWeeks(today: Day, currency: string, requested: WeekSum[], received: WeekSum[]): Week[] {
  const monday = firstMonday(today);
  return Array.from({ length: WEEKS_SHOWN }, (_, index) => {
    const week = addDays(monday, DAYS_IN_WEEK * index);
    const inWeek = (sum: WeekSum) => sum.week === week && sum.currency === currency;
    const arrived = received.find(inWeek);
    return {
      monday: week,
      requestedMinor: requested.find(inWeek)?.amountMinor ?? 0n,
      receivedMinor: arrived?.amountMinor ?? 0n,
      receivedCount: arrived?.count ?? 0,
    };
  });
}
