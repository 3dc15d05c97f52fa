import type { Day } from "../base/day.ts";
import { amountFaultText, parseAmount } from "../base/money.ts";

export const DAY_FIELDS = ["sent_from", "sent_to", "due_from", "due_to"] as const;
export const AMOUNT_FIELDS = ["least", "most"] as const;

/** What the form calls its ranges; a sentence about one begins with it, since there are two of each kind. */
export const FIELD_NAMES = {
  sent_from: "Sent from",
  sent_to: "Sent until",
  due_from: "Due from",
  due_to: "Due until",
  least: "Amount from",
  most: "Amount up to",
} as const;

type Texts = (name: string) => string;
type Errors = Record<string, string>;
type DayRanges = {
  sentFrom: Day | undefined;
  sentTo: Day | undefined;
  dueFrom: Day | undefined;
  dueTo: Day | undefined;
};

/** The days of a filter. What cannot be read is left out and named in `errors`, under its field. */
export function readDays(text: Texts, errors: Errors): DayRanges {
  const day = (name: (typeof DAY_FIELDS)[number]) => {
    if (text(name) === "") return undefined;
    if (isDay(text(name))) return text(name);
    errors[name] = `${FIELD_NAMES[name]}: enter the date like 2026-11-30`;
    return undefined;
  };
  const ranges = {
    sentFrom: day("sent_from"),
    sentTo: day("sent_to"),
    dueFrom: day("due_from"),
    dueTo: day("due_to"),
  };
  if (ranges.sentFrom !== undefined && ranges.sentTo !== undefined && ranges.sentTo < ranges.sentFrom)
    errors.sent_to = "Sent until: enter a last day that is not before the first";
  if (ranges.dueFrom !== undefined && ranges.dueTo !== undefined && ranges.dueTo < ranges.dueFrom)
    errors.due_to = "Due until: enter a last day that is not before the first";
  return ranges;
}

/** The amounts of a filter, in minor units. What cannot be read is left out and named in `errors`, under its field. */
export function readAmounts(
  text: Texts,
  errors: Errors,
): { leastMinor: bigint | undefined; mostMinor: bigint | undefined } {
  const amount = (name: (typeof AMOUNT_FIELDS)[number]) => {
    if (text(name) === "") return undefined;
    const read = parseAmount(text(name));
    if (read.ok) return read.minor;
    errors[name] = `${FIELD_NAMES[name]}: ${lowerFirst(amountFaultText(read.fault))}`;
    return undefined;
  };
  const amounts = { leastMinor: amount("least"), mostMinor: amount("most") };
  if (
    amounts.leastMinor !== undefined &&
    amounts.mostMinor !== undefined &&
    amounts.mostMinor < amounts.leastMinor
  )
    errors.most = "Amount up to: enter a largest amount that is not below the smallest";
  return amounts;
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** Whether text is a day of the calendar, between the years 1900 and 2999. */
function isDay(text: string): boolean {
  if (!/^(19|2\d)\d{2}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
