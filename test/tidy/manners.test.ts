import { expect, test } from "vitest";
import {
  hasAName,
  hasNoInlineStyleOrScript,
  isFinished,
  isNoBarrel,
  isShort,
  poolStaysInside,
  queriesAreInQueries,
  usesStrongChance,
} from "./manners.ts";
import { findViolations, type Rule, toSource } from "./sources.ts";

test.each<[string, Rule, string, string]>([
  ["a utils file", hasAName, "src/links/utils.ts", ""],
  ["a helpers file", hasAName, "src/links/helpers.tsx", ""],
  ["a common file", hasAName, "src/base/common.ts", ""],
  ["a service file", hasAName, "src/links/service.ts", ""],
  ["a types file", hasAName, "connectors/docket/types.ts", ""],
  ["a types test", hasAName, "test/base/types.test.ts", ""],
  ["an index file", isNoBarrel, "src/links/index.ts", ""],
  [
    "a module that exports everything of another",
    isNoBarrel,
    "src/links/all.ts",
    'export * from "./issue.ts";',
  ],
  ["a file of 251 lines", isShort, "src/links/issue.ts", "a\n".repeat(251)],
  ["a file of 251 lines without an end", isShort, "src/links/issue.ts", "a\n".repeat(250).concat("a")],
  ["work left to do", isFinished, "src/links/issue.ts", "// TODO later"],
  ["work left to mend", isFinished, "src/links/issue.ts", "/* FIXME */"],
  ["weak chance", usesStrongChance, "src/links/issue.ts", "const token = Math.random();"],
  ["a style attribute", hasNoInlineStyleOrScript, "src/links/views.tsx", '<p style="color: red">'],
  ["a computed style attribute", hasNoInlineStyleOrScript, "src/links/views.tsx", "<p\n  style={{ color }}>"],
  ["an event attribute", hasNoInlineStyleOrScript, "src/links/views.tsx", '<p hx-on:click="x()">'],
  ["a script value", hasNoInlineStyleOrScript, "src/links/views.tsx", "<p hx-vals='js:{a: b()}'>"],
  ["kysely in a verb", queriesAreInQueries, "src/links/issue.ts", 'import { sql } from "kysely";'],
  ["the query builder in a verb", queriesAreInQueries, "src/links/issue.ts", 'tx.selectFrom("links")'],
  ["the pool in a verb", poolStaysInside, "src/links/issue.ts", 'import { openPool } from "../db/open.ts";'],
  ["the driver's pool in a port", poolStaysInside, "src/queue/runner.ts", 'import { Pool } from "pg";'],
  [
    "a pool made from the whole driver",
    poolStaysInside,
    "src/queue/runner.ts",
    'import pg from "pg"; new pg.Pool()',
  ],
])("%s is found", (_, rule, file, text) => {
  expect(rule(toSource(file, text))).toHaveLength(1);
});

test.each<[string, Rule, string, string]>([
  ["a name that says something", hasAName, "src/links/type-ahead.ts", ""],
  ["a named re-export", isNoBarrel, "src/links/issue.ts", 'export { a } from "./state.ts";'],
  ["a file of 250 lines", isShort, "src/links/issue.ts", "a\n".repeat(250)],
  ["a generated file of any length", isShort, "src/db/schema.ts", "a\n".repeat(5_000)],
  ["a word that only looks like a mark", isFinished, "src/links/issue.ts", "const TODOS = [];"],
  ["system chance", usesStrongChance, "src/links/issue.ts", "randomBytes(32)"],
  ["a class", hasNoInlineStyleOrScript, "src/links/views.tsx", '<p class="style">'],
  ["a mail's style attribute", hasNoInlineStyleOrScript, "src/mail/layout.tsx", '<p style="color: red">'],
  ["a feature's mail", hasNoInlineStyleOrScript, "src/delivery/request-mail.tsx", '<p style="color: red">'],
  [
    "kysely in queries",
    queriesAreInQueries,
    "src/links/queries.ts",
    'import { sql } from "kysely"; tx.selectFrom("links")',
  ],
  ["a type of kysely", queriesAreInQueries, "src/links/issue.ts", 'import type { Kysely } from "kysely";'],
  ["kysely in a port", queriesAreInQueries, "src/db/tx.ts", 'import { sql } from "kysely";'],
  ["the pool in the database's folder", poolStaysInside, "src/db/open.ts", 'import { Pool } from "pg";'],
  ["the pool in the build", poolStaysInside, "src/build.ts", 'import { openPool } from "./db/open.ts";'],
  ["the pool in an entry", poolStaysInside, "src/entry/node.ts", 'import { openPool } from "../db/open.ts";'],
  ["the pool in a test", poolStaysInside, "test/links/issue.test.ts", 'import { Pool } from "pg";'],
  ["a pool that is handed in", poolStaysInside, "src/queue/runner.ts", 'import type { Pool } from "pg";'],
  [
    "the type of the database",
    poolStaysInside,
    "src/context.ts",
    'import type { Database } from "./db/open.ts";',
  ],
  [
    "a connection that is no pool",
    poolStaysInside,
    "src/queue/watch.ts",
    'import pg from "pg"; new pg.Client()',
  ],
  ["the driver's errors", poolStaysInside, "src/links/queries.ts", 'import { DatabaseError } from "pg";'],
])("%s is well", (_, rule, file, text) => {
  expect(rule(toSource(file, text))).toEqual([]);
});

test("each violation is told with its file", () => {
  const sources = [toSource("src/links/index.ts", ""), toSource("src/links/utils.ts", "// TODO")];
  expect(findViolations(sources, [hasAName, isNoBarrel, isFinished])).toEqual([
    "src/links/index.ts: an index file is a barrel",
    'src/links/utils.ts: "utils" does not say what is in it',
    "src/links/utils.ts: it holds a TODO",
  ]);
});
