import { describe, expect, it } from "vitest";
import { isId, newId, newReference, newSecret } from "../../src/base/id.ts";

describe("ids and secrets", () => {
  it("an id is one, and nothing else is", () => {
    expect(isId(newId())).toBe(true);
    for (const text of [
      "",
      "seven",
      newId().toUpperCase(),
      `${newId()} `,
      `${newId()}\n`,
      newId().slice(1),
      "'; drop",
    ])
      expect(isId(text), text).toBe(false);
  });

  it("a secret has 256 bits, and no two are the same", () => {
    const secrets = new Set(Array.from({ length: 1_000 }, newSecret));
    expect(secrets.size).toBe(1_000);
    for (const secret of secrets) expect(secret).toMatch(/^[\w-]{43}$/);
  });

  it("a reference is readable: no letter that is mistaken for another", () => {
    for (let count = 0; count < 500; count++)
      expect(newReference("L", 10)).toMatch(/^L-[0-9A-HJKMNP-TV-Z]{10}$/);
  });
});
