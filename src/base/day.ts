import { Temporal } from "temporal-polyfill";

/** A calendar date without a time or zone, `YYYY-MM-DD`: due dates, posted dates. */
export type Day = string;

/** The calendar date of an instant in a firm's time zone. Swedish writes dates as ISO does; a sheet asks for half a million of them. */
export function dayOf(instant: Date, timeZone: string): Day {
  return formatterOf("sv-SE", { year: "numeric", month: "2-digit", day: "2-digit", timeZone }).format(
    instant,
  );
}

/** `2026-11-12` becomes `Thursday, November 12, 2026`. */
export function formatLongDay(day: Day, locale = "en-US"): string {
  return formatDay(day, locale, { weekday: "long", year: "numeric", month: "long", day: "numeric" });
}

/** `2026-11-12` becomes `Nov 12, 2026`. */
export function formatShortDay(day: Day, locale = "en-US"): string {
  return formatDay(day, locale, { year: "numeric", month: "short", day: "numeric" });
}

/** `Nov 12`, with the year only where it is another than today's: for lists, where dates stand close together. */
export function formatNearDay(day: Day, today: Day, locale = "en-US"): string {
  if (day.slice(0, 4) !== today.slice(0, 4)) return formatShortDay(day, locale);
  return formatDay(day, locale, { month: "short", day: "numeric" });
}

/** `Nov 12, 2026, 12:26 PM` in the firm's time zone. */
export function formatInstant(instant: Date, timeZone: string, locale = "en-US"): string {
  return formatterOf(locale, { dateStyle: "medium", timeStyle: "short", timeZone }).format(instant);
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: "day" }).days;
}

/** The day `count` days later; a negative count goes back. */
export function addDays(day: Day, count: number): Day {
  return Temporal.PlainDate.from(day).add({ days: count }).toString();
}

/**
 * The instant at which a clock in a zone shows an hour (0 to 23) of a day. An hour that is left out when clocks go forward is that much
 * later, one that comes twice is the first of the two.
 */
export function instantAt(day: Day, hour: number, timeZone: string): Date {
  const time = Temporal.PlainTime.from({ hour });
  const zonedTime = Temporal.PlainDate.from(day).toZonedDateTime({ timeZone, plainTime: time });
  return new Date(zonedTime.epochMilliseconds);
}

/** 1 for Monday to 7 for Sunday. */
export function weekdayOf(day: Day): number {
  return Temporal.PlainDate.from(day).dayOfWeek;
}

/** `Fri, Nov 27`, with the year only where it is another than today's. */
export function formatWeekday(day: Day, today: Day, locale = "en-US"): string {
  const year = day.slice(0, 4) === today.slice(0, 4) ? {} : ({ year: "numeric" } as const);
  return formatDay(day, locale, { weekday: "short", month: "short", day: "numeric", ...year });
}

/** `9:00 AM` of an instant in a zone. */
export function formatClock(instant: Date, timeZone: string, locale = "en-US"): string {
  return formatterOf(locale, { timeStyle: "short", timeZone }).format(instant);
}

/** `5 minutes ago`, for the time since a read or a sign-in. Rounds down to whole units. */
export function formatAgo(instant: Date, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - instant.getTime()) / 1000));
  if (seconds < 60) return "just now";
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return minutes === 1 ? "1 minute ago" : `${minutes} minutes ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return hours === 1 ? "1 hour ago" : `${hours} hours ago`;
  return `${Math.floor(hours / 24)} days ago`;
}

function formatDay(day: Day, locale: string, options: Intl.DateTimeFormatOptions): string {
  const date = new Date(`${day}T00:00:00Z`);
  return formatterOf(locale, { ...options, timeZone: "UTC" }).format(date);
}

/** More locales and zones than this are formatted without being kept. */
const FORMATTERS_LIMIT = 500;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** A formatter is kept once it is made: making one takes longer than using it, and tens of kilobytes outside of the heap. */
function formatterOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const kept = formatters.get(key);
  if (kept) return kept;
  const made = new Intl.DateTimeFormat(locale, options);
  if (formatters.size < FORMATTERS_LIMIT) formatters.set(key, made);
  return made;
}
