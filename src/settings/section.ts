import { createHash } from "node:crypto";
import type { Selectable, Updateable } from "kysely";
import { Problem } from "../base/error.ts";
import type { FirmSettings } from "../db/schema.ts";
import type { Difference } from "../ui/settings-page.tsx";
import type { Vault } from "../vault/seal.ts";

/** What stands in the boxes of a form, by name. A ticked box is `on`, another one empty. */
export type Typed = Readonly<Record<string, string>>;
export type StoredSettings = Selectable<FirmSettings>;

/** One page of settings that are kept with the firm: how they are shown, read and named. */
export type Section = {
  /** Names the page in the record. */
  key: string;
  /** Box to label, in the order of the page. */
  labels: Readonly<Record<string, string>>;
  show: (stored: StoredSettings) => Typed;
  /** What is to be stored. Throws `invalid` by box. */
  read: (typed: Typed, about: { stored: StoredSettings; vault: Vault }) => Updateable<FirmSettings>;
  /** What the form does not show and a change must not overwrite unseen. */
  hidden?: (stored: StoredSettings) => string;
};

const VERSION_LENGTH = 16;
const STALE = "stale";

/** Stands for what a member saw. The form carries it, so that a change between opening and saving is noticed. */
export function versionOf(shown: unknown): string {
  return createHash("sha256").update(JSON.stringify(shown)).digest("base64url").slice(0, VERSION_LENGTH);
}

/** The version of a section as it is stored. */
export function sectionVersion(section: Section, stored: StoredSettings): string {
  return versionOf([section.show(stored), section.hidden?.(stored) ?? ""]);
}

/** Throws the `conflict` that `isStale` knows unless the form saw what is stored. */
export function demandCurrent(seen: string, current: string): void {
  if (seen !== current)
    throw new Problem(
      "conflict",
      "Somebody else changed this while you were writing. Look again, then save.",
      {
        [STALE]: current,
      },
    );
}

/** Whether a verb refused because somebody else had saved meanwhile. */
export function isStale(error: unknown): error is Problem {
  return error instanceof Problem && error.code === "conflict" && STALE in error.fields;
}

/** The answers that differ, in the order of the page. */
export function differences(labels: Section["labels"], theirs: Typed, mine: Typed): Difference[] {
  return Object.entries(labels)
    .filter(([name]) => (theirs[name] ?? "") !== (mine[name] ?? ""))
    .map(([name, label]) => ({ label, theirs: theirs[name] ?? "", mine: mine[name] ?? "" }));
}

/** The answers of two states that changed, for the record. */
export function changedParts(before: Typed, after: Typed): { before: Typed; after: Typed } {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => before[name] !== after[name],
  );
  const part = (of: Typed) => Object.fromEntries(names.map((name) => [name, of[name] ?? ""]));
  return { before: part(before), after: part(after) };
}
