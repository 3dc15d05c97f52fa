import { Problem } from "../base/error.ts";
import type { Web } from "./env.ts";

const FIELD_LENGTH_LIMIT = 20_000;
const FIELD_COUNT_LIMIT = 2_000;

/** A posted form: text fields only, trimmed. */
export type Form = {
  /** The field's text; "" when it is absent. Throws `invalid` when it was sent twice. */
  text: (name: string) => string;
  /** All values of a field that may come several times (check boxes). */
  all: (name: string) => string[];
  has: (name: string) => boolean;
  /** Name and text of every field whose name begins with `prefix`, the prefix taken away. */
  withPrefix: (prefix: string) => Map<string, string>;
};

/** Reads a posted form (urlencoded or multipart without files). Throws `invalid` for files, too many or too long fields. */
export async function readForm(c: Web): Promise<Form> {
  const values = new Map<string, string[]>();
  let count = 0;
  for (const [name, value] of await c.req.formData()) {
    count += 1;
    if (typeof value !== "string" || value.length > FIELD_LENGTH_LIMIT || count > FIELD_COUNT_LIMIT) {
      throw new Problem("invalid", "This form holds more than it can take. Shorten it and send it again.");
    }
    values.set(name, [...(values.get(name) ?? []), value.trim()]);
  }
  return {
    text(name) {
      const found = values.get(name) ?? [];
      if (found.length > 1)
        throw new Problem("invalid", "A field of this form came twice. Reload the page and try again.");
      return found[0] ?? "";
    },
    all: (name) => values.get(name) ?? [],
    has: (name) => values.has(name),
    withPrefix: (prefix) =>
      new Map(
        [...values]
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, found]) => [name.slice(prefix.length), found[0] ?? ""]),
      ),
  };
}

/** Where to go after a form, from text that a browser sent: a path of ours or `/`. */
export function safePath(text: string | undefined): string {
  return text !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(text) ? text : "/";
}
