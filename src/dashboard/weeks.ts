import { Temporal } from "temporal-polyfill";
import { addDays, type Day } from "../base/day.ts";
import type { WeekSum } from "./figure-queries.ts";
import type { Period } from "./months.ts";

export const WEEKS_SHOWN = 12;
const DAYS_IN_WEEK = 7;

/** One week: what was asked for and what arrived in one currency, in minor units; how many links and payments there were in all. */
export type Week = {
  monday: Day;
  sunday: Day;
  requestedMinor: bigint;
  requestedCount: number;
  receivedMinor: bigint;
  receivedCount: number;
};

/** The Monday of a day's week. */
export function mondayOf(day: Day): Day {
  return addDays(day, 1 - Temporal.PlainDate.from(day).dayOfWeek);
}

/** The Monday with which the shown weeks begin; the last of them is the one that `today` is in. */
export function firstMonday(today: Day): Day {
  return addDays(mondayOf(today), -DAYS_IN_WEEK * (WEEKS_SHOWN - 1));
}

/** The Monday of one of the shown weeks, as an address names it; anything else is the week that `today` is in. */
export function shownMonday(text: string, today: Day): Day {
  const weeks = Array.from({ length: WEEKS_SHOWN }, (_, index) =>
    addDays(firstMonday(today), DAYS_IN_WEEK * index),
  );
  return weeks.find((monday) => monday === text) ?? mondayOf(today);
}

/** The days of the week that begins on a Monday. */
export function weekOf(monday: Day, timeZone: string): Period {
  return { from: monday, before: addDays(monday, DAYS_IN_WEEK), timeZone };
}

/** Every shown week in order, those without any money too. */
export function layOutWeeks(today: Day, currency: string, requested: WeekSum[], received: WeekSum[]): Week[] {
  const monday = firstMonday(today);
  return Array.from({ length: WEEKS_SHOWN }, (_, index) => {
    const week = addDays(monday, DAYS_IN_WEEK * index);
    const asked = requested.filter((sum) => sum.week === week);
    const arrived = received.filter((sum) => sum.week === week);
    return {
      monday: week,
      sunday: addDays(week, DAYS_IN_WEEK - 1),
      requestedMinor: amountIn(currency, asked),
      requestedCount: countAll(asked),
      receivedMinor: amountIn(currency, arrived),
      receivedCount: countAll(arrived),
    };
  });
}

function amountIn(currency: string, sums: readonly WeekSum[]): bigint {
  return sums.find((sum) => sum.currency === currency)?.amountMinor ?? 0n;
}

function countAll(sums: readonly WeekSum[]): number {
  return sums.reduce((count, sum) => count + sum.count, 0);
}
