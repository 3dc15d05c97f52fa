import { readFileSync } from "node:fs";

/** The text of an answer of Docket's, as it would come over the wire. */
export function fixture(name: string): string {
  return readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), "utf8");
}
