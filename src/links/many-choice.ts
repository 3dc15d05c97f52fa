import { invalid } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { narrowed, type Place, placeParts, readPlace } from "./list-address.ts";

/** So many links can be chosen at once. */
export const MANY_LIMIT = 10_000;

/** Links that were ticked one by one, or everything that a filter shows, in the list's order. */
export type Choice = { kind: "ticked"; ids: string[]; place: Place } | { kind: "all"; place: Place };

/** Reads a choice from the parts of an address or a form. Throws `invalid` for a filter that cannot be read. */
export function readChoice(parts: URLSearchParams): Choice {
  const { place, errors } = readPlace((name) => parts.get(name) ?? undefined);
  const [error] = Object.values(errors);
  if (error !== undefined) throw invalid({ form: `${error}. Go back to the list and correct the filter.` });
  if (parts.get("all") === "1") return { kind: "all", place: narrowed(place, {}) };
  const ids = [...new Set(parts.getAll("link"))].filter(isId).slice(0, MANY_LIMIT);
  return { kind: "ticked", ids, place };
}

/** Whether nothing was chosen at all. */
export function isEmpty(choice: Choice): boolean {
  return choice.kind === "ticked" && choice.ids.length === 0;
}

/** A choice as pairs of name and text, for an address or hidden fields. Reading them gives the same choice. */
export function choiceParts(choice: Choice): [string, string][] {
  const parts = Object.entries(placeParts(choice.place));
  return choice.kind === "all"
    ? [...parts, ["all", "1"]]
    : [...parts, ...choice.ids.map((id): [string, string] => ["link", id])];
}

/** The address of something to do with a choice. */
export function choiceHref(path: string, choice: Choice): string {
  return `${path}?${new URLSearchParams(choiceParts(choice)).toString()}`;
}
