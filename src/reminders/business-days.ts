import { addDays, type Day, weekdayOf } from "../base/day.ts";

const MONDAY = 1;
const THURSDAY = 4;
const FRIDAY = 5;
/** Month and day of the holidays that keep their date. https://www.opm.gov/policy-data-oversight/pay-leave/federal-holidays/ */
const FIXED = new Set(["01-01", "06-19", "07-04", "11-11", "12-25"]);
/** The holidays that keep their weekday: month, weekday, first and last day of the month on which it can fall. */
const MOVING: readonly (readonly [month: string, weekday: number, first: number, last: number])[] = [
  ["01", MONDAY, 15, 21],
  ["02", MONDAY, 15, 21],
  ["05", MONDAY, 25, 31],
  ["09", MONDAY, 1, 7],
  ["10", MONDAY, 8, 14],
  ["11", THURSDAY, 22, 28],
];
/** No stretch of weekends and holidays is longer. */
const LONGEST_BREAK_DAYS = 10;

/** Whether the federal offices of the United States are closed for a holiday: one on a Saturday is kept on Friday, on a Sunday on Monday. */
export function isFederalHoliday(day: Day): boolean {
  const weekday = weekdayOf(day);
  if (isFixed(day) && weekday <= FRIDAY) return true;
  if (weekday === FRIDAY && isFixed(addDays(day, 1))) return true;
  if (weekday === MONDAY && isFixed(addDays(day, -1))) return true;
  const month = day.slice(5, 7);
  const date = Number(day.slice(8, 10));
  return MOVING.some(
    ([inMonth, on, first, last]) => month === inMonth && weekday === on && date >= first && date <= last,
  );
}

/** Monday to Friday, and no federal holiday where the firm keeps those. */
export function isBusinessDay(day: Day, skipsHolidays: boolean): boolean {
  return weekdayOf(day) <= FRIDAY && !(skipsHolidays && isFederalHoliday(day));
}

/** The day itself when it is a business day, else the nearest one before or after it. */
export function toBusinessDay(day: Day, shift: "before" | "after", skipsHolidays: boolean): Day {
  const step = shift === "before" ? -1 : 1;
  for (let moved = 0; moved <= LONGEST_BREAK_DAYS; moved++) {
    const candidate = addDays(day, moved * step);
    if (isBusinessDay(candidate, skipsHolidays)) return candidate;
  }
  throw new Error(`no business day near ${day}`);
}

/** The first business day after a day. */
export function nextBusinessDay(day: Day, skipsHolidays: boolean): Day {
  return toBusinessDay(addDays(day, 1), "after", skipsHolidays);
}

function isFixed(day: Day): boolean {
  return FIXED.has(day.slice(5));
}
