import { describe, expect, it } from "vitest";
import { conflict, invalid, notFound, Problem, type ProblemCode, statusOf } from "../../src/base/error.ts";
import { escapeHtml } from "../../src/base/html.ts";
import { isId, newId, newReference, newSecret } from "../../src/base/id.ts";
import { isRole, may, type Permission, permissions, ROLES, type Role } from "../../src/base/permission.ts";

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

describe("permissions", () => {
  const allowed: Record<Permission, readonly Role[]> = {
    "dashboard.see": ROLES,
    "matters.search": ROLES,
    "links.see": ROLES,
    "links.send": ROLES,
    "links.cancel": ROLES,
    "postings.see": ["bookkeeper", "admin"],
    "postings.manage": ["bookkeeper", "admin"],
    "connections.see": ["admin"],
    "connections.manage": ["admin"],
    "connections.sync": ROLES,
    "settings.manage": ["admin"],
    "team.manage": ["admin"],
    "audit.see": ["admin"],
  };

  it.each(permissions())("%s belongs to the roles that the product gives it", (permission) => {
    expect(ROLES.filter((role) => may(role, permission))).toEqual(allowed[permission]);
  });

  it("each role may all that the weaker one may", () => {
    for (const permission of permissions()) {
      if (may("staff", permission)) expect(may("bookkeeper", permission), permission).toBe(true);
      if (may("bookkeeper", permission)) expect(may("admin", permission), permission).toBe(true);
    }
  });

  it("knows its roles and no others", () => {
    expect(["staff", "bookkeeper", "admin", "owner", "Admin", "toString", ""].filter(isRole)).toEqual([
      ...ROLES,
    ]);
  });
});

describe("problems", () => {
  it.each<[ProblemCode, number]>([
    ["invalid", 422],
    ["not_found", 404],
    ["forbidden", 403],
    ["signed_out", 401],
    ["conflict", 409],
    ["expired", 410],
    ["too_many", 429],
    ["unavailable", 503],
  ])("%s is answered with %i", (code, status) => {
    expect(statusOf(code)).toBe(status);
  });

  it("carry words for a person and, for forms, a sentence per field", () => {
    expect(notFound("link")).toMatchObject({ code: "not_found", message: "There is no such link." });
    expect(conflict("It was paid.")).toMatchObject({ code: "conflict", message: "It was paid." });
    const fields = { email: "Enter an address", name: "Enter a name" };
    expect(invalid(fields)).toMatchObject({ code: "invalid", message: "Enter an address", fields });
    expect(invalid({}).message).toBe("Check what you entered.");
    expect(invalid(fields)).toBeInstanceOf(Problem);
  });
});

describe("escapeHtml", () => {
  it("leaves nothing that ends an element or an attribute", () => {
    expect(escapeHtml(`<a href="x" title='y'>&</a>`)).toBe(
      "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;&lt;/a&gt;",
    );
  });
});
