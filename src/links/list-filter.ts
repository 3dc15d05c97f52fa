import type { Day } from "../base/day.ts";
import { isId } from "../base/id.ts";
import { toDecimalText } from "../base/money.ts";
import { AMOUNT_FIELDS, DAY_FIELDS, readAmounts, readDays } from "./list-ranges.ts";
import { isLinkState, type LinkState } from "./state.ts";

const SOURCES = ["matters", "quick", "bulk", "api"] as const;
export type Source = (typeof SOURCES)[number];

/** How far a link came with its payer. `not_viewed` is what was emailed and not opened yet. */
const DELIVERIES = [
  "not_emailed",
  "queued",
  "sent",
  "delivered",
  "bounced",
  "viewed",
  "not_viewed",
  "tried",
] as const;
export type DeliveryFilter = (typeof DELIVERIES)[number];

/** Whole days, both ends included; without `most` there is no end. */
export type DayBucket = { least: number; most: number | undefined };
/** Days since the request was made, as the dashboard's bars count them. */
export const AGES = {
  "0-30": { least: 0, most: 30 },
  "31-60": { least: 31, most: 60 },
  "61-90": { least: 61, most: 90 },
  "91": { least: 91, most: undefined },
} as const satisfies Record<string, DayBucket>;
/** Days past the due date. */
export const OVERDUE = {
  "1": { least: 1, most: undefined },
  "1-30": { least: 1, most: 30 },
  "31-60": { least: 31, most: 60 },
  "61-90": { least: 61, most: 90 },
  "91": { least: 91, most: undefined },
} as const satisfies Record<string, DayBucket>;

/** Everything that narrows Sent Pages down. Days are the firm's, amounts minor units. */
export type LinkFilter = {
  state: LinkState | undefined;
  search: string;
  sentFrom: Day | undefined;
  sentTo: Day | undefined;
  dueFrom: Day | undefined;
  dueTo: Day | undefined;
  leastMinor: bigint | undefined;
  mostMinor: bigint | undefined;
  accountId: string | undefined;
  source: Source | undefined;
  senderId: string | undefined;
  delivery: DeliveryFilter | undefined;
  age: keyof typeof AGES | undefined;
  overdue: keyof typeof OVERDUE | undefined;
  expiresWithinDays: number | undefined;
  batchId: string | undefined;
};

export type ReadFilter = {
  /** Without the parts that could not be read. */
  filter: LinkFilter;
  /** What stands in the fields of the form. */
  typed: Record<string, string>;
  /** Field to sentence; empty when all was understood. */
  errors: Record<string, string>;
};

const SEARCH_LIMIT = 200;
const LONGEST_EXPIRY_DAYS = 366;

/** Reads a filter from the parts of an address. `part` gives the text of a name, or undefined. Never throws. */
export function readFilter(part: (name: string) => string | undefined): ReadFilter {
  const text = (name: string) => (part(name) ?? "").trim().slice(0, SEARCH_LIMIT);
  const errors: Record<string, string> = {};
  const one = <Value extends string>(name: string, values: readonly Value[], sentence: string) => {
    const found = values.find((value) => value === text(name));
    if (text(name) !== "" && found === undefined) errors[name] = sentence;
    return found;
  };
  const id = (name: string, sentence: string) => {
    if (text(name) === "") return undefined;
    if (isId(text(name))) return text(name);
    errors[name] = sentence;
    return undefined;
  };
  const tab = text("tab");
  const filter: LinkFilter = {
    state: isLinkState(tab) ? tab : undefined,
    search: text("q"),
    ...readDays(text, errors),
    ...readAmounts(text, errors),
    accountId: id("account", "Choose an account from the list"),
    source: one("source", SOURCES, "Choose a source from the list"),
    senderId: id("sender", "Choose a sender from the list"),
    delivery: one("delivery", DELIVERIES, "Choose a delivery from the list"),
    age: one("age", Object.keys(AGES) as (keyof typeof AGES)[], "Choose an age from the list"),
    overdue: one("overdue", Object.keys(OVERDUE) as (keyof typeof OVERDUE)[], "Choose from the list"),
    expiresWithinDays: readExpiry(text("expires"), errors),
    batchId: id("batch", "Open the uploaded file from Bulk Upload"),
  };
  const names = ["account", "source", "sender", "delivery", "age", "overdue", "expires"];
  const typed = Object.fromEntries(
    [...DAY_FIELDS, ...AMOUNT_FIELDS, ...names].map((name) => [name, text(name)]),
  );
  return { filter, typed, errors };
}

/** The filter as the parts of an address. Reading them gives the same filter. */
export function filterParts(filter: LinkFilter): Record<string, string> {
  const parts: Record<string, string | undefined> = {
    tab: filter.state,
    q: filter.search,
    sent_from: filter.sentFrom,
    sent_to: filter.sentTo,
    due_from: filter.dueFrom,
    due_to: filter.dueTo,
    least: filter.leastMinor === undefined ? undefined : toDecimalText(filter.leastMinor),
    most: filter.mostMinor === undefined ? undefined : toDecimalText(filter.mostMinor),
    account: filter.accountId,
    source: filter.source,
    sender: filter.senderId,
    delivery: filter.delivery,
    age: filter.age,
    overdue: filter.overdue,
    expires: filter.expiresWithinDays?.toString(),
    batch: filter.batchId,
  };
  return Object.fromEntries(
    Object.entries(parts).filter((part): part is [string, string] => part[1] !== undefined && part[1] !== ""),
  );
}

/** Whether a filter narrows down more than the tab does. */
export function narrows(filter: LinkFilter): boolean {
  return Object.keys(filterParts({ ...filter, state: undefined })).length > 0;
}

/** Each word of the search must occur. */
export function wordsOf(filter: LinkFilter): string[] {
  return filter.search.split(/\s+/).filter((word) => word !== "");
}

function readExpiry(text: string, errors: Record<string, string>): number | undefined {
  if (text === "") return undefined;
  const days = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= LONGEST_EXPIRY_DAYS) return days;
  errors.expires = `Enter a whole number of days, from 1 to ${LONGEST_EXPIRY_DAYS}`;
  return undefined;
}
