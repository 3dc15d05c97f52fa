import { Temporal } from "temporal-polyfill";
import type { Day } from "../base/day.ts";
import { isId } from "../base/id.ts";
import type { ProblemCode } from "./assess.ts";
import { PROBLEM_TITLES } from "./problem-words.ts";
import type { PostingState } from "./state.ts";

export const PAGE = "/postings";
const SEARCH_LENGTH_LIMIT = 100;

export type PostingTab = PostingState | "reversed" | "all";

/** The tabs in their order, with the name that each has in an address. */
export const TABS: readonly { tab: PostingTab; slug: string }[] = [
  { tab: "needs_attention", slug: "needs-attention" },
  { tab: "ready", slug: "ready" },
  { tab: "posting", slug: "posting" },
  { tab: "posted", slug: "posted" },
  { tab: "reversed", slug: "reversed" },
  { tab: "set_aside", slug: "set-aside" },
  { tab: "all", slug: "all" },
];

export type PostingFilter = {
  tab: PostingTab;
  /** `operating`, `trust`, or the id of one merchant account. */
  account?: string | undefined;
  /** The id of a connection. */
  system?: string | undefined;
  /** The first and the last day of the payments, in the firm's zone. */
  from?: Day | undefined;
  to?: Day | undefined;
  method?: "card" | "bank_debit" | undefined;
  problem?: ProblemCode | undefined;
  /** Only money that is held as unapplied. */
  held?: "unapplied" | undefined;
  /** The id of a deposit. */
  deposit?: string | undefined;
  /** Words: each in the payer's name or the payment's reference, or together a number or reference that is exactly this. */
  search: string;
  /** The last payment of the page before, or the first of the page after. */
  after?: string | undefined;
  before?: string | undefined;
};

/** A filter as an address holds it: without a tab it opens where there is work. */
export type WantedFilter = Omit<PostingFilter, "tab"> & { tab: PostingTab | undefined };

const METHODS = ["card", "bank_debit"] as const;

/**
 * Reads a filter from an address or a form; `read` gives the text of a field. What is no value of its field is left out; days that
 * cannot be read are named in `errors`, by field.
 */
export function readFilter(read: (name: string) => string | undefined): {
  filter: WantedFilter;
  errors: Record<string, string>;
} {
  const errors: Record<string, string> = {};
  const [from, to] = [readDay(read, "from", errors), readDay(read, "to", errors)];
  if (from !== undefined && to !== undefined && from > to)
    errors.to = "Choose a last day that is not before the first";
  const account = read("account") ?? "";
  const method = read("method");
  const problem = read("problem") ?? "";
  const filter = {
    tab: TABS.find(({ slug }) => slug === read("tab"))?.tab,
    account: account === "operating" || account === "trust" || isId(account) ? account : undefined,
    system: idOf(read("system")),
    from: errors.to === undefined ? from : undefined,
    to: errors.to === undefined ? to : undefined,
    method: METHODS.find((each) => each === method),
    problem: isProblem(problem) ? problem : undefined,
    held: read("held") === "unapplied" ? ("unapplied" as const) : undefined,
    deposit: idOf(read("deposit")),
    search: (read("q") ?? "").trim().slice(0, SEARCH_LENGTH_LIMIT),
  };
  return { filter, errors };
}

/** Part of what names a list in its address. */
export type Place = { [Key in keyof PostingFilter]?: PostingFilter[Key] | undefined };

/** The fields of a filter, without the place in the list: for hidden fields and addresses. */
export function fieldsOf(filter: Place): Record<string, string> {
  const fields = {
    tab: TABS.find(({ tab }) => tab === filter.tab)?.slug,
    account: filter.account,
    system: filter.system,
    from: filter.from,
    to: filter.to,
    method: filter.method,
    problem: filter.problem,
    held: filter.held,
    deposit: filter.deposit,
    q: filter.search,
  };
  const given = Object.entries(fields).filter((each): each is [string, string] => Boolean(each[1]));
  return Object.fromEntries(given);
}

/** The address of a list of postings. */
export function postingsHref(filter: Place, page: string = PAGE): string {
  const query = new URLSearchParams(fieldsOf(filter));
  if (filter.after !== undefined) query.set("after", filter.after);
  if (filter.before !== undefined) query.set("before", filter.before);
  const text = query.toString();
  return text === "" ? page : `${page}?${text}`;
}

/** Whether a list shows less than its tab holds. */
export function isNarrowed(filter: Place): boolean {
  const { tab: _tab, ...fields } = fieldsOf(filter);
  return Object.keys(fields).length > 0;
}

function readDay(
  read: (name: string) => string | undefined,
  name: "from" | "to",
  errors: Record<string, string>,
): Day | undefined {
  const text = (read(name) ?? "").trim();
  if (text === "") return undefined;
  if (isDay(text)) return text;
  errors[name] = "Enter the day like 2026-11-27";
  return undefined;
}

/** Whether text is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" }).year >= FIRST_YEAR;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The database's calendar is good from long before; earlier years are slips of the finger. */
const FIRST_YEAR = 1900;

function idOf(text: string | undefined): string | undefined {
  return text !== undefined && isId(text) ? text : undefined;
}

function isProblem(text: string): text is ProblemCode {
  return Object.hasOwn(PROBLEM_TITLES, text);
}
