import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { connectors, findConnector } from "../../connectors/registry.ts";

const root = new URL("../../connectors/", import.meta.url);
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const ALLOWED = /^(?:\.\/|\.\.\/(?:contract|http|oauth)\.ts$|\.\.\/\.\.\/src\/base\/|node:crypto$|zod$)/;

describe("the registry", () => {
  it("holds one connector for each folder, under the folder's name", () => {
    expect([...connectors.keys()].sort()).toEqual(folders.sort());
  });

  it("finds a connector by its key, and nothing by another", () => {
    expect(findConnector("docket")?.manifest.name).toBe("Docket");
    expect(findConnector("constructor")).toBeUndefined();
  });
});

describe.each(folders)("the folder %s", (folder) => {
  const files = readdirSync(new URL(`${folder}/`, root)).filter(
    (name) => name.endsWith(".ts") && !/\.(?:test|suite)\.ts$/.test(name),
  );

  it.each(files)("imports in %s no more than a connector may, and reads no environment", (name) => {
    const text = readFileSync(new URL(`${folder}/${name}`, root), "utf8");
    const imported = [...text.matchAll(/from "([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(imported.filter((specifier) => !ALLOWED.test(specifier))).toEqual([]);
    expect(text).not.toMatch(/\bprocess\.|\bimport\(/);
  });
});
