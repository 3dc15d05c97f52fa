import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { listSettings } from "../src/base/config.ts";

const readme = await readFile("README.md", "utf8");
const manifest = JSON.parse(await readFile("package.json", "utf8")) as { scripts: Record<string, string> };

it("the README says what each setting is, in the code's own words", () => {
  for (const { name, purpose } of listSettings()) {
    const row = readme.split("\n").find((line) => line.includes(`\`${name}\``) && line.startsWith("|"));
    expect(row, `${name} is missing in the README's table`).toContain(purpose);
  }
});

it("every command that the README and CONTRIBUTING name exists", async () => {
  const texts = readme + (await readFile("CONTRIBUTING.md", "utf8"));
  const named = new Set(
    [...texts.matchAll(/npm (?:run )?([a-z]+(?::[a-z]+)?)/g)].map((match) => match[1] ?? ""),
  );
  const builtIn = ["ci", "run"];
  expect(
    [...named].filter((name) => !builtIn.includes(name) && manifest.scripts[name] === undefined),
  ).toEqual([]);
  expect(named.size).toBeGreaterThan(6);
});

it("the check of every change runs the README's test command", async () => {
  expect(readme).toContain("`npm test`");
  expect(await readFile(".ci/run", "utf8")).toMatch(/^npm test$/m);
});
