import { expect, test } from "vitest";
import {
  connectorsKnowNoProcess,
  contextIsAType,
  findPortCycles,
  importsAreWritten,
  importsDown,
  standsSomewhere,
} from "./layers.ts";
import { toSource } from "./sources.ts";

const importing = (file: string, specifier: string) => toSource(file, `import { a } from "${specifier}";\n`);

test.each([
  ["src/entry/node.ts", "../app.tsx"],
  ["src/entry/surroundings.ts", "../sandbox/start.ts"],
  ["src/entry/worker.ts", "../db/open.ts"],
  ["src/app.tsx", "./links/routes.tsx"],
  ["src/tasks.ts", "./queue/catalog.ts"],
  ["src/build.ts", "../connectors/registry.ts"],
  ["src/links/issue.ts", "./queries.ts"],
  ["src/links/issue.ts", "../audit/record.ts"],
  ["src/links/issue.ts", "../queue/enqueue.ts"],
  ["src/connections/sync.ts", "../../connectors/contract.ts"],
  ["src/queue/enqueue.ts", "../db/tx.ts"],
  ["src/web/guard.ts", "../base/error.ts"],
  ["src/web/env.ts", "../context.ts"],
  ["connectors/http.ts", "./transport.ts"],
  ["connectors/docket/read.ts", "../http.ts"],
  ["connectors/docket/wire.ts", "../../src/base/money.ts"],
  ["connectors/registry.ts", "./docket/connector.ts"],
  ["connectors/docket/contract.test.ts", "../contract.suite.ts"],
  ["src/sandbox/mailbox/server.ts", "../serve.ts"],
  ["test/links/issue.test.ts", "../../src/sandbox/start.ts"],
  ["src/links/issue.ts", "zod"],
])("%s may import %s", (file, specifier) => {
  expect(importsDown(importing(file, specifier))).toEqual([]);
});

test.each([
  ["src/base/money.ts", "../db/open.ts", "base may not import port db (src/db/open.ts)"],
  ["src/db/tx.ts", "../links/issue.ts", "port db may not import feature links (src/links/issue.ts)"],
  ["src/queue/runner.ts", "../context.ts", "port queue may not import context (src/context.ts)"],
  ["connectors/docket/read.ts", "../transport.ts", "vendor docket may not import connectorInside"],
  ["connectors/http.ts", "./docket/read.ts", "connectorGround may not import vendor docket"],
  ["src/links/issue.ts", "../postings/write.ts", "feature links comes before feature postings"],
  ["src/links/issue.ts", "../app.tsx", "feature links may not import app"],
  ["src/links/issue.ts", "../entry/node.ts", "feature links may not import entry"],
  [
    "src/connections/sync.ts",
    "../../connectors/docket/read.ts",
    "feature connections may not import vendor docket",
  ],
  ["src/connections/sync.ts", "../../connectors/registry.ts", "feature connections may not import registry"],
  [
    "src/connections/sync.ts",
    "../../connectors/http.ts",
    "feature connections may not import connectorGround",
  ],
  ["src/app.tsx", "../connectors/registry.ts", "app may not import registry"],
  ["src/app.tsx", "./build.ts", "app may not import build"],
  ["connectors/docket/read.ts", "../../src/db/tx.ts", "vendor docket may not import port db"],
  ["connectors/docket/read.ts", "../clio/read.ts", "vendor docket may not import vendor clio"],
  ["connectors/docket/read.ts", "../registry.ts", "vendor docket may not import registry"],
  ["connectors/contract.ts", "../src/queue/catalog.ts", "contract may not import port queue"],
  ["src/sandbox/docket/server.ts", "../../base/money.ts", "sandbox may not import base"],
  ["src/sandbox/docket/server.ts", "../../../connectors/contract.ts", "sandbox may not import contract"],
  ["src/entry/worker.ts", "../sandbox/start.ts", "entry may not import sandbox"],
  ["src/links/issue.ts", "../sandbox/serve.ts", "feature links may not import sandbox"],
  ["src/links/issue.ts", "../../test/support/clock.ts", "feature links may not import test"],
  ["src/links/issue.ts", "../misc/a.ts", "it imports src/misc/a.ts, which belongs to no layer"],
])("%s may not import %s", (file, specifier, complaint) => {
  expect(importsDown(importing(file, specifier))).toEqual([expect.stringContaining(complaint)]);
});

test("a dynamic import and a re-export count like any other", () => {
  expect(importsDown(toSource("src/base/day.ts", 'await import("../db/open.ts");'))).toHaveLength(1);
  expect(importsDown(toSource("src/base/day.ts", 'export { a } from "../db/open.ts";'))).toHaveLength(1);
  expect(importsDown(toSource("src/base/day.ts", 'import type { A } from "../db/open.ts";'))).toHaveLength(1);
});

test.each([
  ["src/links/issue.ts", []],
  ["src/db/embedded/start.ts", []],
  ["src/misc/a.ts", ["it belongs to no layer"]],
  ["src/start.ts", ["it belongs to no layer"]],
  ["connectors/transport.ts", []],
  ["sandbox/start.ts", ["it belongs to no layer"]],
])("%s stands where it may", (file, complaints) => {
  expect(standsSomewhere(toSource(file, ""))).toEqual(complaints);
});

test("the context is imported as a type and imports only types", () => {
  const type = 'import type { Context } from "../context.ts";';
  expect(contextIsAType(toSource("src/links/issue.ts", type))).toEqual([]);
  expect(contextIsAType(importing("src/links/issue.ts", "../context.ts"))).toHaveLength(1);
  expect(contextIsAType(importing("src/web/env.ts", "../context.ts"))).toHaveLength(1);
  expect(contextIsAType(toSource("src/context.ts", 'import type { Database } from "./db/open.ts";'))).toEqual(
    [],
  );
  expect(contextIsAType(importing("src/context.ts", "./db/open.ts"))).toEqual([
    "it imports src/db/open.ts as a value",
  ]);
});

test("a connector looks neither at the process nor at a database or queue", () => {
  const file = "connectors/docket/auth.ts";
  expect(connectorsKnowNoProcess(toSource(file, "const processed = 1;"))).toEqual([]);
  expect(connectorsKnowNoProcess(toSource(file, "const id = process.env.ID;"))).toHaveLength(1);
  expect(connectorsKnowNoProcess(toSource(file, 'import { env } from "node:process";'))).toHaveLength(1);
  expect(connectorsKnowNoProcess(toSource(file, 'import type { Kysely } from "kysely";'))).toHaveLength(1);
  expect(connectorsKnowNoProcess(toSource("src/entry/node.ts", "process.env.ID"))).toEqual([]);
});

test("a module says what it imports", () => {
  expect(importsAreWritten(toSource("src/links/issue.ts", "await import(name)"))).toHaveLength(1);
  expect(importsAreWritten(toSource("test/links/issue.test.ts", "await import(name)"))).toEqual([]);
});

test("ports may import each other in one direction only", () => {
  const queue = importing("src/queue/enqueue.ts", "../db/tx.ts");
  const web = importing("src/web/session.ts", "../vault/seal.ts");
  expect(findPortCycles([queue, web])).toEqual([]);
  const vault = importing("src/vault/seal.ts", "../queue/enqueue.ts");
  const back = importing("src/db/tx.ts", "../web/session.ts");
  expect(findPortCycles([queue, web, vault, back])).toEqual([
    "the ports import each other: db -> web -> vault -> queue -> db",
  ]);
});
