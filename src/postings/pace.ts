/** How many postings are claimed at once, while a system answers at once. */
const LARGEST = 64;
/** A batch that took less may be larger the next time, one that took more is smaller. */
const QUICK_MS = 1_000;
const SLOW_MS = 3_000;

/**
 * How many postings of a connection to claim next, after `size` took so long: twice as many while the system is quick, half as many where
 * it is slow. What is claimed and then lost must be looked for, one by one.
 */
export function nextSize(size: number, tookMs: number): number {
  if (tookMs < QUICK_MS) return Math.min(size * 2, LARGEST);
  return tookMs > SLOW_MS ? Math.max(Math.floor(size / 2), 1) : size;
}
