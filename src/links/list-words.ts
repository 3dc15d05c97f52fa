import { type Day, formatShortDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { linkWord } from "../ui/tags.tsx";
import { DELIVERY_WORDS, SOURCE_WORDS } from "./columns-words.ts";
import type { ListChoices } from "./list-choice-queries.ts";
import type { AGES, LinkFilter, OVERDUE } from "./list-filter.ts";

export const AGE_WORDS: Readonly<Record<keyof typeof AGES, string>> = {
  "0-30": "0–30 days since sent",
  "31-60": "31–60 days since sent",
  "61-90": "61–90 days since sent",
  "91": "91 or more days since sent",
};
export const OVERDUE_WORDS: Readonly<Record<keyof typeof OVERDUE, string>> = {
  "1": "Overdue",
  "1-30": "1–30 days overdue",
  "31-60": "31–60 days overdue",
  "61-90": "61–90 days overdue",
  "91": "91 or more days overdue",
};

/** A part of a filter in words, and the change that takes it away. */
type FilterWords = { label: string; without: Partial<LinkFilter> };

/** What a filter narrows the list down to, part by part; neither the tab nor the search. Amounts are shown in `currency`. */
export function filterWords(filter: LinkFilter, choices: ListChoices, currency: string): FilterWords[] {
  const words: FilterWords[] = [];
  const add = (label: string | undefined, without: Partial<LinkFilter>) => {
    if (label !== undefined) words.push({ label, without });
  };
  add(days("Sent", filter.sentFrom, filter.sentTo), { sentFrom: undefined, sentTo: undefined });
  add(days("Due", filter.dueFrom, filter.dueTo), { dueFrom: undefined, dueTo: undefined });
  add(amounts(filter, currency), { leastMinor: undefined, mostMinor: undefined });
  add(accountWords(filter, choices), { accountId: undefined });
  add(filter.source && `Source: ${SOURCE_WORDS[filter.source]}`, { source: undefined });
  add(senderWords(filter, choices), { senderId: undefined });
  add(filter.delivery && `Delivery: ${DELIVERY_WORDS[filter.delivery]}`, { delivery: undefined });
  add(filter.age && AGE_WORDS[filter.age], { age: undefined });
  add(filter.overdue && OVERDUE_WORDS[filter.overdue], { overdue: undefined });
  add(expiryWords(filter.expiresWithinDays), { expiresWithinDays: undefined });
  if (filter.batchId !== undefined)
    add(`Uploaded file: ${choices.batch?.name ?? "unknown"}`, { batchId: undefined });
  return words;
}

/** The whole filter in one line, tab and search included: "Outstanding, “okafor”, Source: Quick Link". */
export function filterLine(filter: LinkFilter, choices: ListChoices, currency: string): string {
  return [
    filter.state === undefined ? "All states" : linkWord(filter.state),
    ...(filter.search === "" ? [] : [`“${filter.search}”`]),
    ...filterWords(filter, choices, currency).map((part) => part.label),
  ].join(", ");
}

function days(what: string, from: Day | undefined, to: Day | undefined): string | undefined {
  if (from !== undefined && to !== undefined)
    return from === to
      ? `${what}: ${formatShortDay(from)}`
      : `${what}: ${formatShortDay(from)} to ${formatShortDay(to)}`;
  if (from !== undefined) return `${what}: from ${formatShortDay(from)}`;
  return to === undefined ? undefined : `${what}: until ${formatShortDay(to)}`;
}

function amounts({ leastMinor, mostMinor }: LinkFilter, currency: string): string | undefined {
  const money = (minor: bigint) => formatMoney({ minor, currency });
  if (leastMinor !== undefined && mostMinor !== undefined)
    return `Amount: ${money(leastMinor)} to ${money(mostMinor)}`;
  if (leastMinor !== undefined) return `Amount: from ${money(leastMinor)}`;
  return mostMinor === undefined ? undefined : `Amount: up to ${money(mostMinor)}`;
}

function accountWords({ accountId }: LinkFilter, choices: ListChoices): string | undefined {
  if (accountId === undefined) return undefined;
  const account = choices.accounts.find((each) => each.id === accountId);
  return `Account: ${account ? `${account.name} ··${account.last4}` : "unknown"}`;
}

function senderWords({ senderId }: LinkFilter, choices: ListChoices): string | undefined {
  if (senderId === undefined) return undefined;
  return `Sent by: ${choices.senders.find((each) => each.id === senderId)?.name ?? "unknown"}`;
}

function expiryWords(days: number | undefined): string | undefined {
  if (days === undefined) return undefined;
  return days === 1 ? "Expires within 1 day" : `Expires within ${days} days`;
}
