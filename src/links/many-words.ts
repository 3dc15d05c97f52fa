import { formatCount } from "../ui/listing.tsx";
import type { SurveyRow } from "./many-queries.ts";
import { type ManyVerb, refusalOf } from "./many-refusal.ts";

type VerbWords = {
  /** "Cancel 3 links?" */
  question: (count: number) => string;
  /** What it means, before it is done. */
  meaning: string;
  button: (count: number) => string;
  /** "3 links cancelled" */
  done: (count: number) => string;
  doing: string;
};

/** What each action on many links says of itself. */
export const VERB_WORDS: Readonly<Record<ManyVerb, VerbWords>> = {
  remind: {
    question: (count) => `Remind the payers of ${links(count)}?`,
    meaning:
      "Each payer gets the reminder letter of your firm at once, in their language. Links of one request are named in one email. No link gets more than one reminder a day.",
    button: (count) => `Remind ${links(count)}`,
    done: (count) => `${links(count)}: reminder on its way`,
    doing: "Asking for reminders",
  },
  resend: {
    question: (count) => `Send ${links(count)} again?`,
    meaning: "Each payer gets the request's email once more, with the same link.",
    button: (count) => `Send ${links(count)} again`,
    done: (count) => `${links(count)} sent again`,
    doing: "Sending links again",
  },
  extend: {
    question: (count) => `Extend ${links(count)}`,
    meaning: "The links stay the same, so payers need no new email. No link is made to end sooner.",
    button: (count) => `Extend ${links(count)}`,
    done: (count) => `${links(count)} extended`,
    doing: "Extending links",
  },
  cancel: {
    question: (count) => `Cancel ${links(count)}?`,
    meaning:
      "Nobody can pay them any more; whoever opens one reads that it was withdrawn. A cancelled link cannot be opened again.",
    button: (count) => `Cancel ${links(count)}`,
    done: (count) => `${links(count)} cancelled`,
    doing: "Cancelling links",
  },
};

/** `1 link`, `3,214 links`. */
export function links(count: number): string {
  return count === 1 ? "1 link" : `${formatCount(count)} links`;
}

export type Survey = {
  total: number;
  /** Those that take part, and what they ask for. */
  able: number;
  sums: { minor: bigint; currency: string }[];
  refusals: { reason: string; count: number }[];
};

/** Sorts what was counted into links that take part and reasons why others do not, the most frequent first. */
export function surveyOf(verb: ManyVerb, rows: readonly SurveyRow[]): Survey {
  const refusals = new Map<string, number>();
  const sums = new Map<string, bigint>();
  let able = 0;
  for (const row of rows) {
    const reason = refusalOf(verb, row);
    if (reason !== undefined) {
      refusals.set(reason, (refusals.get(reason) ?? 0) + row.count);
      continue;
    }
    able += row.count;
    sums.set(row.currency, (sums.get(row.currency) ?? 0n) + row.amountMinor);
  }
  return {
    total: rows.reduce((sum, row) => sum + row.count, 0),
    able,
    sums: [...sums].map(([currency, minor]) => ({ currency, minor })),
    refusals: [...refusals]
      .map(([reason, count]) => ({ reason, count }))
      .sort((one, other) => other.count - one.count),
  };
}
