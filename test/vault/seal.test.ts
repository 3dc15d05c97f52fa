import { randomBytes } from "node:crypto";
import { assert, integer, property, string as someText } from "fast-check";
import { describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { hashSecret } from "../../src/vault/hash.ts";
import { openVault } from "../../src/vault/seal.ts";

const newKey = () => randomBytes(32).toString("base64");
const first = `k1:${newKey()}`;
const second = `k2:${newKey()}`;
const linkKey = newKey();
const vault = openVault(first, linkKey);
const PLACE = `connection.access_token:${newId()}:${newId()}`;

describe("sealing", () => {
  it("gives back what was sealed, any text, at its place", () => {
    assert(
      property(someText({ unit: "binary" }), someText(), (text, place) => {
        const sealed = vault.seal(text, place);
        expect(vault.open(sealed, place)).toBe(text.toWellFormed());
        expect(sealed).toMatch(/^v1\.k1\.[\w.-]+$/);
      }),
    );
  });

  it("never seals the same text to the same letters", () => {
    expect(new Set(Array.from({ length: 200 }, () => vault.seal("token", PLACE))).size).toBe(200);
  });

  it("does not open at another place", () => {
    const sealed = vault.seal("token", PLACE);
    for (const place of [PLACE.replace("access", "refresh"), `${PLACE} `, "", PLACE.slice(1)])
      expect(() => vault.open(sealed, place)).toThrow();
  });

  it("does not open when any byte was changed", () => {
    const sealed = vault.seal("a token of some length", PLACE);
    const parts = sealed.split(".");
    assert(
      property(
        integer({ min: 2, max: 4 }),
        integer({ min: 0, max: 11 }),
        integer({ min: 1, max: 255 }),
        (part, at, flip) => {
          const bytes = Buffer.from(parts[part] ?? "", "base64url");
          bytes[at] = (bytes[at] ?? 0) ^ flip;
          const changed = parts.with(part, bytes.toString("base64url")).join(".");
          expect(() => vault.open(changed, PLACE)).toThrow();
        },
      ),
    );
  });

  it("does not open with a shortened proof, without parts, or as nonsense", () => {
    const parts = vault.seal("token", PLACE).split(".");
    const shorter = Buffer.from(parts[4] ?? "", "base64url")
      .subarray(0, 4)
      .toString("base64url");
    for (const sealed of [
      parts.with(4, shorter).join("."),
      parts.slice(0, 4).join("."),
      "",
      "v1",
      "v2.k1.a.b.c",
      parts.with(0, "v2").join("."),
    ])
      expect(() => vault.open(sealed, PLACE), sealed).toThrow();
  });

  it("does not open with an unknown key, or another key of the same name", () => {
    const sealed = vault.seal("token", PLACE);
    expect(() => openVault(second, linkKey).open(sealed, PLACE)).toThrow(
      `cannot open what is sealed at ${PLACE}`,
    );
    expect(() => openVault(`k1:${newKey()}`, linkKey).open(sealed, PLACE)).toThrow();
  });

  it("opens with the old key after a rotation, and seals with the new one", () => {
    const sealedBefore = vault.seal("token", PLACE);
    const rotated = openVault(`${second} ${first}`, linkKey);
    expect(rotated.open(sealedBefore, PLACE)).toBe("token");
    const sealedAfter = rotated.seal("token", PLACE);
    expect(sealedAfter).toMatch(/^v1\.k2\./);
    expect(() => vault.open(sealedAfter, PLACE)).toThrow();
  });
});

describe("tokens", () => {
  it("name their row and prove that we made them", () => {
    const id = newId();
    const token = vault.makeToken("link", id, 3);
    expect(token).toMatch(/^[\w-]{64}$/);
    expect(vault.readTokenId(token)).toBe(id);
    expect(vault.isToken(token, "link", id, 3)).toBe(true);
    expect(vault.makeToken("link", id, 3)).toBe(token);
  });

  it("prove nothing for another purpose, version, row or key", () => {
    const id = newId();
    const token = vault.makeToken("link", id, 3);
    expect(vault.isToken(token, "signIn", id, 3)).toBe(false);
    expect(vault.isToken(token, "link", id, 2)).toBe(false);
    expect(vault.isToken(token, "link", newId(), 3)).toBe(false);
    expect(openVault(first, newKey()).isToken(token, "link", id, 3)).toBe(false);
  });

  it("are not ours once a letter is changed", () => {
    const id = newId();
    const token = vault.makeToken("signIn", id, 1);
    for (let at = 0; at < token.length; at++) {
      const changed = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
      const rowId = vault.readTokenId(changed) ?? "";
      expect(vault.isToken(changed, "signIn", rowId, 1), `letter ${at}`).toBe(false);
    }
  });

  it.each([
    "",
    "short",
    "a".repeat(63),
    "a".repeat(65),
    `${"a".repeat(63)}=`,
    `${"a".repeat(63)}/`,
    `${"a".repeat(64)}\n`,
  ])("%j is malformed, names no row and is not ours", (token) => {
    expect(vault.readTokenId(token)).toBeUndefined();
    expect(vault.isToken(token, "link", newId(), 1)).toBe(false);
  });
});

describe("hashSecret", () => {
  it("is SHA-256, so that a stored session opens nothing", () => {
    expect(hashSecret("abc").toString("hex")).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });
});

it("a vault is not opened with a key of another length", () => {
  expect(() => openVault("k1:c2hvcnQ=", linkKey)).toThrow("it must have 32");
  expect(() => openVault(first, "c2hvcnQ=")).toThrow("it must have 32");
});
