import { posix } from "node:path";
import type { Rule } from "./sources.ts";
import { type Zone, zoneOf } from "./zones.ts";

const MAXIMUM_LINES = 250;
const GENERATED = new Set(["src/db/schema.ts"]);
// They say nothing of what is inside.
const EMPTY_NAMES = new Set("util utils helper helpers common service services type types".split(" "));
const QUERY_BUILDER = /\.(selectFrom|insertInto|updateTable|deleteFrom|mergeInto)\(/;
const POOL_MODULE = "src/db/open.ts";
// A stand-in has a database of its own and cannot reach ours.
const POOL_ZONES: Zone["kind"][] = ["build", "entry", "test", "sandbox"];
const NEW_POOL = /\bnew\s+(\w+\.)?Pool\(/;

/** A file has a name that says what is in it. */
export const hasAName: Rule = ({ file }) => {
  const [name = ""] = posix.basename(file).split(".");
  return EMPTY_NAMES.has(name) ? [`"${name}" does not say what is in it`] : [];
};

/** No module only hands on what others export. */
export const isNoBarrel: Rule = ({ file, text }) => {
  const complaints = /^index\.tsx?$/.test(posix.basename(file)) ? ["an index file is a barrel"] : [];
  return /^[ \t]*export\s*\*/m.test(text)
    ? [...complaints, "it exports everything of another module"]
    : complaints;
};

/** A file can be read in one sitting; generated ones are read by nobody. */
export const isShort: Rule = ({ file, text }) => {
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return lines > MAXIMUM_LINES && !GENERATED.has(file)
    ? [`it has ${lines} lines, more than ${MAXIMUM_LINES}`]
    : [];
};

/** What is here is finished. */
export const isFinished: Rule = ({ text }) => {
  const mark = /\b(TODO|FIXME)\b/.exec(text)?.[1];
  return mark === undefined ? [] : [`it holds a ${mark}`];
};

/** Chance comes from the system's source, since most of ours guards something. */
export const usesStrongChance: Rule = ({ text }) =>
  text.includes("Math.random") ? ["it uses Math.random; take node:crypto"] : [];

/**
 * Pages have neither inline style nor inline script, which their policy forbids. Mail programs know nothing
 * else.
 */
export const hasNoInlineStyleOrScript: Rule = ({ file, text }) => {
  if (!file.endsWith(".tsx") || isMailTemplate(file) || zoneOf(file)?.kind === "test") return [];
  const complaints: [RegExp, string][] = [
    [/(?<=\s)style=["'{]/, "it has a style attribute"],
    [/\bhx-on\b/, "it has an hx-on attribute"],
    [/["'`{]\s*js:/, "it has a js: value"],
  ];
  return complaints.filter(([pattern]) => pattern.test(text)).map(([, complaint]) => complaint);
};

/** Only a feature's `queries.ts` and `<topic>-queries.ts` call the query builder. */
export const queriesAreInQueries: Rule = ({ file, imports, text }) => {
  if (zoneOf(file)?.kind !== "feature" || /^(?:[a-z-]+-)?queries\.ts$/.test(posix.basename(file))) return [];
  const imported = imports.some(({ target, typeOnly }) => target === "kysely" && !typeOnly);
  const complaints = imported ? ["only queries.ts imports kysely as a value"] : [];
  return QUERY_BUILDER.test(text) ? [...complaints, "only queries.ts calls the query builder"] : complaints;
};

/**
 * The pool, which knows no firm, is made by the database's own folder and opened by `build.ts` and the
 * processes' entries; the others are given it.
 */
export const poolStaysInside: Rule = ({ file, imports, text }) => {
  const zone = zoneOf(file);
  if (zone === undefined || POOL_ZONES.includes(zone.kind)) return [];
  if (zone.kind === "port" && zone.name === "db") return [];
  const opens = imports.some(({ target, typeOnly }) => target === POOL_MODULE && !typeOnly);
  const takes = imports.some(({ target, values }) => target === "pg" && values.includes("Pool"));
  return opens || takes || NEW_POOL.test(text) ? ["it imports or makes the pool"] : [];
};

function isMailTemplate(file: string): boolean {
  return file.startsWith("src/mail/") || /(^|-)e?mails?\.tsx$/.test(posix.basename(file));
}
