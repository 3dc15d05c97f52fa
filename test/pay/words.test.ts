import { expect, test } from "vitest";
import { LANGUAGES } from "../../src/base/language.ts";
import { wordsFor } from "../../src/pay/words.ts";

/** Words that are the same in the other language. */
const SHARED = new Set(["Total", "Error", "Date", "Visa, Mastercard, American Express, Discover"]);
/** English that has no place in another language's sentence, however it is spelled there. */
const ENGLISH = /\b(?:the|your|you|please|payment|amount|link|firm|card|this|was|again|with)\b/i;
const ARGUMENTS = ["§one§", "§two§"];

type Leaf = { key: string; text: string; takes: number };

/** Every sentence by its place, with marks where something is put in. */
function leavesOf(words: object, place = ""): Leaf[] {
  return Object.entries(words).flatMap(([name, value]: [string, unknown]) => {
    const key = place === "" ? name : `${place}.${name}`;
    if (typeof value === "string") return [{ key, text: value, takes: 0 }];
    if (typeof value !== "function") return leavesOf(value as object, key);
    const say = value as (...given: string[]) => string;
    return [{ key, text: say(...ARGUMENTS), takes: say.length }];
  });
}

const english = leavesOf(wordsFor("en"));

test("English says everything", () => {
  expect(english.length).toBeGreaterThan(100);
  expect(english.filter(({ text }) => text.trim() === "")).toEqual([]);
});

test.each(LANGUAGES.filter((language) => language !== "en"))("%s says the same things", (language) => {
  const leaves = leavesOf(wordsFor(language));
  expect(leaves.map(({ key, takes }) => [key, takes])).toEqual(english.map(({ key, takes }) => [key, takes]));
  for (const [index, { key, text, takes }] of leaves.entries()) {
    for (const given of ARGUMENTS.slice(0, takes)) expect(text, key).toContain(given);
    const original = english[index]?.text ?? "";
    if (!SHARED.has(text)) expect(text, key).not.toBe(original);
    expect(text.replaceAll(/§\w+§/g, ""), key).not.toMatch(ENGLISH);
    expect(/\s$/.test(text), `${key} ends as the English does`).toBe(/\s$/.test(original));
  }
});

test("Spanish and French address the payer formally", () => {
  const text = (language: "es" | "fr") =>
    leavesOf(wordsFor(language))
      .map((leaf) => leaf.text)
      .join(" ");
  expect(text("es")).not.toMatch(/(?<!\p{L})(?:tú|tu|tus|te|tuyo|contigo)(?!\p{L})/iu);
  expect(text("fr")).not.toMatch(/(?<!\p{L})(?:tu|toi|ton|tes)(?!\p{L})/iu);
});
