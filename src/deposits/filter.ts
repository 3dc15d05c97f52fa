import type { Day } from "../base/day.ts";
import { isId } from "../base/id.ts";
import { isDay } from "../postings/filter.ts";

export const PAGE = "/deposits";

/** The tabs in their order: all, by what the bank says, and those that do not add up. */
export const TABS = [
  { tab: "all", slug: "all", label: "All" },
  { tab: "under_way", slug: "in-transit", label: "In transit" },
  { tab: "paid", slug: "paid", label: "Paid" },
  { tab: "failed", slug: "failed", label: "Failed" },
  { tab: "untied", slug: "does-not-tie", label: "Does not tie" },
] as const;
export type DepositTab = (typeof TABS)[number]["tab"];

export type DepositFilter = {
  tab: DepositTab;
  /** The id of a merchant account. */
  account?: string | undefined;
  /** The first and the last day of arrival. */
  from?: Day | undefined;
  to?: Day | undefined;
  /** The last deposit of the page before, or the first of the page after. */
  after?: string | undefined;
  before?: string | undefined;
};

/**
 * Reads a filter from an address; `read` gives the text of a field. What is no value of its field is left out; days that cannot be
 * read are named in `errors`, by field.
 */
export function readFilter(read: (name: string) => string | undefined): {
  filter: DepositFilter;
  errors: Record<string, string>;
} {
  const { from, to, errors } = readPeriod(read);
  const filter = {
    tab: TABS.find(({ slug }) => slug === read("tab"))?.tab ?? "all",
    account: idOf(read("account")),
    from,
    to,
    after: idOf(read("after")),
    before: idOf(read("before")),
  };
  return { filter, errors };
}

/** Reads the first and the last day of a period. A day that cannot be read is left out and named in `errors`. */
export function readPeriod(read: (name: string) => string | undefined): {
  from: Day | undefined;
  to: Day | undefined;
  errors: Record<string, string>;
} {
  const errors: Record<string, string> = {};
  const day = (name: "from" | "to") => {
    const text = (read(name) ?? "").trim();
    if (text === "" || isDay(text)) return text === "" ? undefined : text;
    errors[name] = "Enter the day like 2026-11-27";
    return undefined;
  };
  const [from, to] = [day("from"), day("to")];
  if (from !== undefined && to !== undefined && from > to) {
    errors.to = "Choose a last day that is not before the first";
    return { from, to: undefined, errors };
  }
  return { from, to, errors };
}

type Place = { [Key in keyof DepositFilter]?: DepositFilter[Key] | undefined };

/** The fields of a filter, without the place in the list. */
export function fieldsOf(filter: Place): Record<string, string> {
  const slug = filter.tab === "all" ? undefined : TABS.find(({ tab }) => tab === filter.tab)?.slug;
  const fields = { tab: slug, account: filter.account, from: filter.from, to: filter.to };
  const given = Object.entries(fields).filter((each): each is [string, string] => Boolean(each[1]));
  return Object.fromEntries(given);
}

/** The address of a list of deposits. */
export function depositsHref(filter: Place, page: string = PAGE): string {
  const query = new URLSearchParams(fieldsOf(filter));
  if (filter.after !== undefined) query.set("after", filter.after);
  if (filter.before !== undefined) query.set("before", filter.before);
  const text = query.toString();
  return text === "" ? page : `${page}?${text}`;
}

function idOf(text: string | undefined): string | undefined {
  return text !== undefined && isId(text) ? text : undefined;
}
