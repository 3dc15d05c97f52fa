import { expect, test } from "vitest";
import { readImports } from "./imports.ts";

const FILE = "src/links/issue.ts";

test.each([
  ['import { a } from "./queries.ts";', "src/links/queries.ts", false, ["a"]],
  ['import { a as b, type C } from "../base/money.ts";', "src/base/money.ts", false, ["a"]],
  ['import type { A } from "../context.ts";', "src/context.ts", true, []],
  ['import { type A, type B } from "../context.ts";', "src/context.ts", true, []],
  ['import type A from "pg";', "pg", true, []],
  ['import type, { a } from "./odd.ts";', "src/links/odd.ts", false, ["a", "default"]],
  ['import type * as all from "pg";', "pg", true, []],
  ['import pg, { type Pool } from "pg";', "pg", false, ["default"]],
  ['import pg from "pg";', "pg", false, ["default"]],
  ['import pg, { Pool } from "pg";', "pg", false, ["Pool", "default"]],
  ['import * as all from "../../connectors/contract.ts";', "connectors/contract.ts", false, ["*"]],
  ['import "hono/jsx";', "hono", false, []],
  ['import { serve } from "@hono/node-server/serve-static";', "@hono/node-server", false, ["serve"]],
  ["import { a } from './single.ts'", "src/links/single.ts", false, ["a"]],
  ['import {\n  a,\n  b,\n} from "./many.ts";', "src/links/many.ts", false, ["a", "b"]],
  ['export { a } from "./state.ts";', "src/links/state.ts", false, ["a"]],
  ['export * from "./state.ts";', "src/links/state.ts", false, ["*"]],
  ['export type { A } from "./state.ts";', "src/links/state.ts", true, []],
  ['const { a } = await import("./late.ts");', "src/links/late.ts", false, ["*"]],
  ['const a = import(\n  "./late.ts",\n);', "src/links/late.ts", false, ["*"]],
])("%j is read", (text, target, typeOnly, values) => {
  expect(readImports(FILE, text)).toEqual([{ target, typeOnly, values, computed: false }]);
});

test.each(["await import(path)", "await import(`./$" + "{name}.ts`)", 'import("./a" + name)'])(
  "%j is known to be worked out at run time",
  (text) => {
    expect(readImports(FILE, text)).toMatchObject([{ computed: true }]);
  },
);

test.each([
  "// import { a } from './no.ts';",
  " * import { a } from './no.ts';",
  'export const from = "./no.ts";',
  'export function a() {}\nconst b = "from";',
  "import.meta.url",
  'reader.import("./no.ts")',
  'const sentence = "we import from here";',
])("%j imports nothing", (text) => {
  expect(readImports(FILE, text)).toEqual([]);
});

test("statements one after another do not run into each other", () => {
  const text =
    'export const a = 1\nexport type B = string\nimport { c } from "./c.ts"\nimport { d } from "./d.ts"\n';
  expect(readImports(FILE, text).map(({ target }) => target)).toEqual(["src/links/c.ts", "src/links/d.ts"]);
});
