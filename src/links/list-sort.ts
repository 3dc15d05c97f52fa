/** Every order that the list can be in: one per column. */
export const SORT_KEYS = [
  "client",
  "reference",
  "payer",
  "emails",
  "for",
  "statements",
  "responsible",
  "account",
  "amount",
  "paid",
  "left",
  "state",
  "engagement",
  "viewed",
  "sent",
  "due",
  "expires",
  "closed",
  "source",
  "batch",
  "sender",
  "reminded",
  "next",
] as const;
export type SortKey = (typeof SORT_KEYS)[number];
export type Sort = { key: SortKey; descending: boolean };

/** Newest first. */
export const DEFAULT_SORT: Sort = { key: "sent", descending: true };

/** Reads `amount` or `-amount`; anything else is the default order. */
export function readSort(text: string | undefined): Sort {
  const descending = text?.startsWith("-") ?? false;
  const key = SORT_KEYS.find((each) => each === (descending ? text?.slice(1) : text));
  return key === undefined ? DEFAULT_SORT : { key, descending };
}

/** The order as it stands in an address. */
export function sortPart(sort: Sort): string {
  return sort.descending ? `-${sort.key}` : sort.key;
}

/** Where a column's heading leads: the other order when the list is in its order already. The newest come first of their own. */
export function nextSort(sort: Sort, key: SortKey): Sort {
  if (sort.key === key) return { key, descending: !sort.descending };
  return { key, descending: key === "sent" };
}
