import { describe, expect, it } from "vitest";
import { conflict, invalid, notFound, Problem, type ProblemCode, statusOf } from "../../src/base/error.ts";

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
