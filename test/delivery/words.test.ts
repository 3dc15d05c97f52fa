import { expect, it } from "vitest";
import { LANGUAGES } from "../../src/base/language.ts";
import { tongueOf } from "../../src/delivery/words.ts";

/** Every sentence of a language, with its key; functions are given an example. */
function sentences(value: unknown, path = ""): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") return [[path, String(value("Xy", "Xy", "Xy"))]];
  return Object.entries(value as object).flatMap(([key, each]) => sentences(each, `${path}.${key}`));
}

it("every language says everything that English says, in words of its own", () => {
  const english = new Map(sentences(tongueOf("en").words));
  const alike = new Set([".total", ".via", ".pay"]);
  for (const language of LANGUAGES.filter((each) => each !== "en")) {
    const said = new Map(sentences(tongueOf(language).words));
    expect([...said.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [key, text] of said) {
      expect(text.trim()).not.toBe("");
      if (!alike.has(key)) expect(`${key} ${text}`).not.toBe(`${key} ${english.get(key)}`);
    }
  }
});
