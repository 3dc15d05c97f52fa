import type { Money } from "../base/money.ts";
import type { Account } from "./accounts.ts";
import type { RowCount } from "./review-queries.ts";
import type { RowState } from "./state.ts";

export type AccountTotal = { account: Account; rows: number; total: Money };

/** What the tabs and the action bar of an upload say. */
export type Figures = {
  inReview: number;
  toFix: number;
  held: number;
  duplicates: number;
  ready: number;
  /** Of the ready rows those with an address. */
  readyToEmail: number;
  sentOff: number;
  failed: number;
  queued: number;
};

/** Adds up the counts of an upload's rows. */
export function figuresOf(counts: readonly RowCount[]): Figures {
  const rows = (...states: RowState[]) =>
    sum(counts.filter((count) => states.includes(count.state)).map((count) => count.rows));
  const ready = counts.filter((count) => count.state === "ready");
  return {
    inReview: rows("to_fix", "ready", "repeated"),
    toFix: rows("to_fix"),
    held: rows("repeated"),
    duplicates: sum(ready.map((count) => count.duplicates)),
    ready: rows("ready"),
    readyToEmail: rows("ready") - sum(ready.map((count) => count.withoutAddress)),
    sentOff: rows("queued", "made", "failed"),
    failed: rows("failed"),
    queued: rows("queued"),
  };
}

/** What the ready rows ask for, by account: amounts of two currencies or into two accounts are never added up. */
export function readyTotals(
  counts: readonly RowCount[],
  accounts: readonly Account[],
  delivery: "email" | "copy",
): AccountTotal[] {
  return counts
    .filter((count) => count.state === "ready")
    .flatMap((count) => {
      const account = accounts.find((each) => each.id === count.accountId);
      if (!account) return [];
      const emailed = delivery === "email";
      const rows = emailed ? count.rows - count.withoutAddress : count.rows;
      const minor = emailed ? count.emailableMinor : count.totalMinor;
      return [{ account, rows, total: { minor, currency: account.currency } }];
    })
    .filter((total) => total.rows > 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
