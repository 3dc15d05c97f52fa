import { isId } from "../base/id.ts";
import { filterParts, type LinkFilter, type ReadFilter, readFilter } from "./list-filter.ts";
import { DEFAULT_SORT, readSort, type Sort, sortPart } from "./list-sort.ts";

/** Where a member stands in Sent Pages: what is shown, in which order, from which row on. The address holds all of it. */
export type Place = {
  filter: LinkFilter;
  sort: Sort;
  /** The saved view whose columns are shown. */
  viewId: string | undefined;
  /** The last row of the page before, or the first of the page after. */
  after?: string | undefined;
  before?: string | undefined;
};

type ReadPlace = { place: Place } & Pick<ReadFilter, "typed" | "errors">;

const PATH = "/sent";
/** What an address of ours never exceeds. */
const QUERY_LENGTH_LIMIT = 2_000;

/** No filter, newest first. */
export const EVERYTHING: Place = {
  filter: readFilter(() => undefined).filter,
  sort: DEFAULT_SORT,
  viewId: undefined,
};

/** Reads a place from the parts of an address. Never throws: what cannot be read is in `errors`, an unknown order is the first. */
export function readPlace(part: (name: string) => string | undefined): ReadPlace {
  const { filter, typed, errors } = readFilter(part);
  const id = (name: string) => {
    const text = part(name);
    return text !== undefined && isId(text) ? text : undefined;
  };
  const after = id("after");
  const before = after === undefined ? id("before") : undefined;
  return {
    place: { filter, sort: readSort(part("sort")), viewId: id("view"), after, before },
    typed,
    errors,
  };
}

/** The same from the text behind the question mark, such as a saved view's. */
export function readQuery(query: string): ReadPlace {
  const parts = new URLSearchParams(query.slice(0, QUERY_LENGTH_LIMIT));
  return readPlace((name) => parts.get(name) ?? undefined);
}

/** Filter and order as the parts of an address; no page of it. */
export function placeParts(place: Place): Record<string, string> {
  const { sort } = place;
  return {
    ...filterParts(place.filter),
    ...(sort.key === DEFAULT_SORT.key && sort.descending === DEFAULT_SORT.descending
      ? {}
      : { sort: sortPart(sort) }),
    ...(place.viewId === undefined ? {} : { view: place.viewId }),
  };
}

/** The text behind the question mark; empty for everything, newest first. */
export function placeQuery(place: Place): string {
  return new URLSearchParams(placeParts(place)).toString();
}

/** The address of the list at a place. */
export function placeHref(place: Place, path = PATH): string {
  const query = new URLSearchParams(placeParts(place));
  if (place.after !== undefined) query.set("after", place.after);
  if (place.before !== undefined) query.set("before", place.before);
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** The address of the list with this filter and nothing else. */
export function sentHref(filter: Partial<LinkFilter> = {}): string {
  return placeHref({ ...EVERYTHING, filter: { ...EVERYTHING.filter, ...filter } });
}

/** The same place with another filter, from its first row on. */
export function narrowed(place: Place, change: Partial<LinkFilter>): Place {
  return { filter: { ...place.filter, ...change }, sort: place.sort, viewId: place.viewId };
}

/** The same place in another order, from its first row on. */
export function ordered(place: Place, sort: Sort): Place {
  return { filter: place.filter, sort, viewId: place.viewId };
}
