import { Problem } from "../base/error.ts";
import type { Web } from "./env.ts";

const FIELD_LENGTH_LIMIT = 20_000;
const FIELD_COUNT_LIMIT = 2_000;
const PATH_LENGTH_LIMIT = 2_000;
/** Begins with one slash; visible ASCII without the backslash, which browsers take for a slash. */
const OWN_PATH = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/;

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

/**
 * Reads a posted form (urlencoded or multipart without files). Throws `invalid` for what is no form, for files, and for too many or
 * too long fields.
 */
export async function readForm(c: Web): Promise<Form> {
  return formOf(await readBody(c));
}

/** A posted form with files among its fields. */
export type UploadForm = Form & {
  /** The file that was chosen; undefined when none was. */
  file: (name: string) => File | undefined;
};

/** Reads a posted form (multipart) that may hold files. Throws `invalid` as `readForm` does; the size is for the app to limit. */
export async function readUploadForm(c: Web): Promise<UploadForm> {
  const body = await readBody(c);
  const files = new Map<string, File>();
  for (const [name, value] of body) {
    if (typeof value !== "string" && value.name !== "") files.set(name, value);
  }
  return {
    ...formOf([...body].filter(([, value]) => typeof value === "string")),
    file: (name) => files.get(name),
  };
}

function formOf(body: Iterable<[string, unknown]>): Form {
  const values = new Map<string, string[]>();
  let count = 0;
  for (const [name, value] of body) {
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

async function readBody(c: Web): Promise<FormData> {
  try {
    return await c.req.formData();
  } catch (error) {
    // The body's own reader throws a TypeError for another type and for a broken form; the size limit throws a Problem.
    if (!(error instanceof TypeError)) throw error;
    throw new Problem("invalid", "This is not a form that the page can read. Reload the page and try again.");
  }
}

/** Where to go after a form, from text that a browser sent: a path of ours or `/`. */
export function safePath(text: string | undefined): string {
  return text !== undefined && text.length <= PATH_LENGTH_LIMIT && OWN_PATH.test(text) ? text : "/";
}
