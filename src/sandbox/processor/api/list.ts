import type { Context } from "../context.ts";
import type { Kind, Kinds } from "../resources.ts";
import { type Condition, type Stored, select, sequenceOf } from "../store/objects.ts";
import type { FormValue } from "./form.ts";
import { integer, type Rule, shape, text } from "./parameters.ts";
import { missing } from "./problems.ts";

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

const range = shape({ gt: integer(0), gte: integer(0), lt: integer(0), lte: integer(0) });
const COMPARISONS = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;

type Created = number | ReturnType<typeof range>;

const created: Rule<Created> = (value: FormValue, path: string) =>
  typeof value === "string" ? integer(0)(value, path) : range(value, path);

/** The parameters that every list takes; spread them into the list's own shape. */
export const listFields = {
  limit: integer(1, MAX_LIMIT),
  starting_after: text(),
  ending_before: text(),
  created,
};

type Paging = {
  limit?: number | undefined;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
  created?: Created | undefined;
};

export type ListBody<T = Record<string, unknown>> = {
  object: "list";
  data: T[];
  has_more: boolean;
  url: string;
};

/** One page of a list, newest first. `show` turns a stored object into what the API returns. */
export function pageOf<K extends Kind>(
  cx: Context,
  kind: K,
  url: string,
  paging: Paging,
  conditions: Condition[],
  show: (stored: Stored<K>) => Kinds[K]["body"] = (stored) => stored.body,
): ListBody<Kinds[K]["body"]> {
  const limit = paging.limit ?? DEFAULT_LIMIT;
  const backwards = paging.ending_before !== undefined && paging.starting_after === undefined;
  const rows = select(
    cx.store,
    kind,
    cx.account,
    [...conditions, ...within(paging.created), ...beyond(cx, paging)],
    {
      limit: limit + 1,
      ascending: backwards,
    },
  );
  const data = rows.slice(0, limit).map(show);
  return { object: "list", data: backwards ? data.reverse() : data, has_more: rows.length > limit, url };
}

function within(range: Created | undefined): Condition[] {
  if (range === undefined) return [];
  if (typeof range === "number") return [{ sql: "created = ?", values: [range] }];
  const names = Object.keys(COMPARISONS) as (keyof typeof COMPARISONS)[];
  return names.flatMap((name) => {
    const bound = range[name];
    return bound === undefined ? [] : [{ sql: `created ${COMPARISONS[name]} ?`, values: [bound] }];
  });
}

function beyond(cx: Context, paging: Paging): Condition[] {
  if (paging.starting_after !== undefined) {
    return [{ sql: "seq < ?", values: [place(cx, paging.starting_after, "starting_after")] }];
  }
  if (paging.ending_before !== undefined) {
    return [{ sql: "seq > ?", values: [place(cx, paging.ending_before, "ending_before")] }];
  }
  return [];
}

function place(cx: Context, id: string, param: string): number {
  const sequence = sequenceOf(cx, id);
  if (sequence === undefined) throw missing("object", id, param);
  return sequence;
}
