/** `6.5` of days with their fraction. */
export function daysWords(days: number): string {
  return days.toFixed(1);
}

/** `98.1%`; rounded down, so that `100.0%` says that it was every one. */
export function shareWords(part: number, whole: number): string {
  return `${(Math.floor((part * 1000) / whole) / 10).toFixed(1)}%`;
}
