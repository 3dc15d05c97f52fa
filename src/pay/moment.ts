/** An instant with its time zone, as a receipt needs it: `November 12, 2026, 12:26 PM CST`. */
export function formatMoment(instant: Date, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
    timeZone,
  }).format(instant);
}
