import type { Store } from "./store/database.ts";

type Delays = {
  /** From the authorisation of a bank debit to its outcome. */
  bankDebitMilliseconds: number;
  /** From a success to what follows by itself: a dispute, the turn of a refund, the arrival of a payout. */
  followUpMilliseconds: number;
};

/**
 * What every operation is given: where the state is, on whose account it acts, and which request caused it.
 */
export type Context = {
  store: Store;
  /** Where this server is reached, without a trailing slash. */
  origin: string;
  /** The account whose objects are read and written: the platform's own or a connected one. */
  account: string;
  /** Goes into events; both are null when no API request was the cause. */
  cause: { id: string | null; idempotency_key: string | null };
  delays: Delays;
  /** The present in milliseconds since 1970. */
  now: () => number;
};

/** The platform's own account: the holder of the secret key. */
export const PLATFORM_ACCOUNT = "acct_1Platform0000000";

export const API_VERSION = "2026-10-28.endive";

/** The present in whole seconds since 1970, as the API writes instants. */
export function seconds(cx: Context): number {
  return Math.floor(cx.now() / 1000);
}

/** The same context on another account, caused by no API request. */
export function onAccount(cx: Context, account: string): Context {
  return { ...cx, account, cause: { id: null, idempotency_key: null } };
}
