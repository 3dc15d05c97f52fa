import type { SortKey } from "./list-sort.ts";

/** Every column of Sent Pages. Each has an order of its own, so it is called like that. */
export type ColumnKey = SortKey;

/** The titles, in the order in which the configurator offers what is not shown. */
export const COLUMN_TITLES: Readonly<Record<ColumnKey, string>> = {
  client: "Client and matter",
  for: "For",
  statements: "Statements",
  reference: "Reference",
  payer: "Payer",
  emails: "Payer email",
  responsible: "Responsible attorney",
  account: "Account",
  amount: "Amount",
  paid: "Paid",
  left: "Balance left",
  state: "Status",
  engagement: "Engagement",
  viewed: "Last viewed",
  sent: "Sent",
  due: "Due",
  expires: "Expires",
  closed: "Closed",
  reminded: "Last reminder",
  next: "Next reminder",
  source: "Source",
  batch: "Uploaded file",
  sender: "Sent by",
};

export const COLUMN_KEYS = Object.keys(COLUMN_TITLES) as ColumnKey[];

/** It names the row and is always shown. */
export const FIXED_COLUMN: ColumnKey = "client";

/** What a member sees who has chosen nothing. */
export const DEFAULT_COLUMNS: readonly ColumnKey[] = [
  "client",
  "for",
  "account",
  "amount",
  "state",
  "engagement",
  "sent",
  "due",
];

/** The columns that a stored or posted list names: known ones, each once, with the one that is always shown. */
export function cleanColumns(names: readonly string[]): ColumnKey[] {
  const known = [...new Set(names)].filter((name): name is ColumnKey => Object.hasOwn(COLUMN_TITLES, name));
  return known.includes(FIXED_COLUMN) ? known : [FIXED_COLUMN, ...known];
}

/** All columns as the configurator lists them: the shown ones in their order, then the others. */
export function arrange(shown: readonly ColumnKey[]): ColumnKey[] {
  return [...shown, ...COLUMN_KEYS.filter((key) => !shown.includes(key))];
}

/** The list with one column moved a place up or down; as it was when there is no such place. */
export function moveColumn(
  order: readonly ColumnKey[],
  key: ColumnKey,
  direction: "up" | "down",
): ColumnKey[] {
  const from = order.indexOf(key);
  const to = direction === "up" ? from - 1 : from + 1;
  const other = order[to];
  if (from < 0 || other === undefined) return [...order];
  return order.map((each, index) => (index === from ? other : index === to ? key : each));
}
