import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Import, readImports } from "./imports.ts";

/** One module of the project, as the rules look at it. */
export type Source = {
  /** Its path from the repository's root, with `/`. */
  file: string;
  imports: Import[];
  text: string;
};

/** What a rule has against a module, in words; a rule gives back nothing when it is content. */
export type Rule = (source: Source) => string[];

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const FOLDERS = ["src", "connectors", "test"];

/** Every `.ts` and `.tsx` file of the project, in the order of their paths. */
export function readSources(): Source[] {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => /\.tsx?$/.test(path))
      .map((path) => `${folder}/${path.replaceAll("\\", "/")}`),
  );
  return files.sort().map((file) => toSource(file, readFileSync(join(REPOSITORY, file), "utf8")));
}

/** A module from its path and its text. */
export function toSource(file: string, text: string): Source {
  return { file, imports: readImports(file, text), text };
}

/** Every complaint of every rule, each with the file it is about. */
export function findViolations(sources: Source[], rules: Rule[]): string[] {
  return sources.flatMap((source) =>
    rules.flatMap((rule) => rule(source).map((complaint) => `${source.file}: ${complaint}`)),
  );
}
