/** How long links live, as people say it. */
export const LIFETIME_UNITS = ["minutes", "hours", "days"] as const;
type LifetimeUnit = (typeof LIFETIME_UNITS)[number];

const MINUTES_PER: Record<LifetimeUnit, number> = { minutes: 1, hours: 60, days: 1440 };
const LEAST_MINUTES = 15;
const MOST_MINUTES = 365 * MINUTES_PER.days;

/** Days as the number and the largest unit that are whole: 0.5 is 12 hours. */
export function showLifetime(days: number): { amount: string; unit: LifetimeUnit } {
  const minutes = Math.round(days * MINUTES_PER.days);
  const unit = [...LIFETIME_UNITS].reverse().find((each) => minutes % MINUTES_PER[each] === 0) ?? "minutes";
  return { amount: String(minutes / MINUTES_PER[unit]), unit };
}

/** Days of what was typed; undefined for what is no whole number, or less than 15 minutes, or more than a year. */
export function readLifetime(amount: string, unit: string): number | undefined {
  const known = LIFETIME_UNITS.find((each) => each === unit);
  if (!known || !/^\d{1,6}$/.test(amount)) return undefined;
  const minutes = Number(amount) * MINUTES_PER[known];
  return minutes >= LEAST_MINUTES && minutes <= MOST_MINUTES ? minutes / MINUTES_PER.days : undefined;
}
