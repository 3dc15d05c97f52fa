import { invalid } from "../base/error.ts";
import { findPlaceholder, PLACEHOLDERS, type Template } from "./templates.ts";

const SUBJECT_LIMIT = 200;
/** Less than a request takes, since placeholders grow when they are filled. */
const BODY_LIMIT = 3_500;
/** A subject shows on lock screens and in lists that others see. */
const NOT_IN_SUBJECT = new Set(["payer_name", "matter", "responsible_attorney", "statement_numbers"]);
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ue000]/;
/** A stolen account would send its own address to every client. */
const WEB_ADDRESS = /https?:\/\/|\bwww\./i;
const NO_ADDRESS = "Leave web addresses out: the email has its own button";
/** Further from every placeholder than this, nothing is suggested. */
const NEAR_LIMIT = 6;

/** Subject and body as they are stored. Throws `invalid` with the fields `subject` and `body`. */
export function readTypedTemplate(typed: Template): Template {
  const subject = typed.subject.trim();
  const body = typed.body.replaceAll("\r\n", "\n").trim();
  const faults = Object.entries({ subject: subjectFault(subject), body: bodyFault(body) }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  if (faults.length > 0) throw invalid(Object.fromEntries(faults));
  return { subject, body };
}

function subjectFault(subject: string): string | undefined {
  if (subject === "") return "Enter a subject";
  if (subject.length > SUBJECT_LIMIT) return tooLong("subject", subject.length, SUBJECT_LIMIT);
  if (/[\r\n]/.test(subject) || CONTROL.test(subject)) return "Enter the subject in one line";
  if (WEB_ADDRESS.test(subject)) return NO_ADDRESS;
  const secret = placesOf(subject).flatMap((words) => findPlaceholder(words) ?? []);
  const shown = secret.find((placeholder) => NOT_IN_SUBJECT.has(placeholder.key));
  if (shown)
    return `A subject shows on lock screens and to others. Leave {${shown.label}} out of it; it may stand in the message`;
  return bracesFault(subject);
}

function bodyFault(body: string): string | undefined {
  if (body === "") return "Enter a message, or go back to the standard words";
  if (body.length > BODY_LIMIT) return tooLong("message", body.length, BODY_LIMIT);
  if (CONTROL.test(body)) return "The message holds characters that cannot be sent. Type it anew";
  if (WEB_ADDRESS.test(body)) return NO_ADDRESS;
  return bracesFault(body);
}

function tooLong(what: string, length: number, limit: number): string {
  const [has, may] = [length, limit].map((count) => count.toLocaleString("en-US"));
  return `The ${what} has ${has} characters. Shorten it to ${may}`;
}

/** What to say of the first thing in braces that would not be filled. */
export function unknownPlaceholder(text: string): string | undefined {
  const unknown = placesOf(text).find((words) => !findPlaceholder(words));
  if (unknown === undefined) return undefined;
  const near = nearest(unknown);
  const instead = near
    ? `Did you mean {${near}}?`
    : `There are ${PLACEHOLDERS.map(({ label }) => `{${label}}`).join(", ")}`;
  return `There is no placeholder {${unknown.slice(0, 60)}}. ${instead}`;
}

function bracesFault(text: string): string | undefined {
  const unknown = unknownPlaceholder(text);
  if (unknown !== undefined) return unknown;
  return /[{}]/.test(text.replace(/\{[^{}\n]*\}/g, ""))
    ? "A curly bracket stands alone. Write a placeholder like {firm}, or leave the bracket out"
    : undefined;
}

function placesOf(text: string): string[] {
  return [...text.matchAll(/\{([^{}\n]*)\}/g)].map((match) => match[1] ?? "");
}

function nearest(words: string): string | undefined {
  const typed = words
    .replace(/[\s_-]+/g, " ")
    .trim()
    .toLowerCase();
  const ranked = PLACEHOLDERS.map(({ label }) => ({ label, distance: distanceOf(typed.slice(0, 60), label) }))
    .map((each) => ({ ...each, distance: partOf(typed, each.label) ? 1 : each.distance }))
    .toSorted((one, other) => one.distance - other.distance);
  const [best] = ranked;
  return best && best.distance <= Math.min(NEAR_LIMIT, Math.ceil(best.label.length / 2))
    ? best.label
    : undefined;
}

/** One word of two: `due` for `due date`, `attorney`. */
function partOf(typed: string, label: string): boolean {
  return typed !== "" && label.split(" ").includes(typed);
}

/** Letters to add, drop or change until one word is the other. */
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_each, index) => index);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [index, wanted] of [...other].entries()) {
      const changed = (row[index] ?? 0) + (letter === wanted ? 0 : 1);
      next.push(Math.min(changed, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
