import { isId } from "../base/id.ts";
import { PAGE, postingsHref, readFilter } from "./filter.ts";

const FIELD = "back";

/**
 * The page of Manage Postings to go back to, as an address names it: the list as it was filtered, or one posting. It is put together
 * anew from what is known there, so that no address leads anywhere else; the bare list where it names no such page.
 */
export function readBack(text: string | undefined): string {
  const [path = "", query = ""] = (text ?? "").split("?", 2);
  const fields = new URLSearchParams(query);
  const id = path.startsWith(`${PAGE}/`) ? path.slice(PAGE.length + 1) : "";
  if (isId(id)) return `${PAGE}/${id}`;
  if (path !== PAGE) return PAGE;
  const { filter } = readFilter((name) => fields.get(name) ?? undefined);
  const anchor = (name: string) => {
    const value = fields.get(name) ?? "";
    return isId(value) ? value : undefined;
  };
  return postingsHref({ ...filter, after: anchor("after"), before: anchor("before") });
}

/** The address of a page that knows where to go back to. */
export function withBack(path: string, back: string): string {
  if (back === PAGE) return path;
  return `${path}${path.includes("?") ? "&" : "?"}${FIELD}=${encodeURIComponent(back)}`;
}
