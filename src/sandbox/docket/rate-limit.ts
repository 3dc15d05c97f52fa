const WINDOW_MS = 60_000;
const MAX_REMEMBERED = 10_000;

type RateState = { limit: number; remaining: number; resetAtSeconds: number; allowed: boolean };
export type RateLimit = { take: (key: string) => RateState };

/** So many requests a minute per key, counted from the key's first request of that minute. Kept in memory. */
export function createRateLimit(requestsPerMinute: number): RateLimit {
  const windows = new Map<string, { used: number; endsAt: number }>();
  return {
    take: (key) => {
      const now = Date.now();
      if (windows.size > MAX_REMEMBERED) {
        for (const [known, window] of windows) if (window.endsAt <= now) windows.delete(known);
      }
      const present = windows.get(key);
      const window =
        present !== undefined && present.endsAt > now ? present : { used: 0, endsAt: now + WINDOW_MS };
      windows.set(key, window);
      const allowed = window.used < requestsPerMinute;
      if (allowed) window.used += 1;
      return {
        limit: requestsPerMinute,
        remaining: requestsPerMinute - window.used,
        resetAtSeconds: Math.ceil(window.endsAt / 1000),
        allowed,
      };
    },
  };
}
