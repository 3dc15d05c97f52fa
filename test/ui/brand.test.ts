import fc from "fast-check";
import { expect, test } from "vitest";
import { brandInk, brandOf, brandStyle, contrast, isColour, LEAST_CONTRAST } from "../../src/ui/brand.ts";

const WHITE = "#ffffff";
const BLACK = "#000000";
const WELL = "#f6f7f9";
const colours = fc
  .integer({ min: 0, max: 0xffffff })
  .map((number) => `#${number.toString(16).padStart(6, "0")}`);

test("contrast gives the known values of the standard", () => {
  expect(contrast(BLACK, WHITE)).toBeCloseTo(21, 10);
  expect(contrast(WHITE, WHITE)).toBe(1);
  expect(contrast("#767676", WHITE)).toBeCloseTo(4.54, 2);
  expect(contrast("#777777", WHITE)).toBeLessThan(LEAST_CONTRAST);
});

test("contrast does not depend on the order of the colours", () => {
  fc.assert(
    fc.property(colours, colours, (one, other) => {
      expect(contrast(one, other)).toBe(contrast(other, one));
    }),
  );
});

test("every colour has an ink that can be read on it, and white is taken where it can be", () => {
  fc.assert(
    fc.property(colours, (colour) => {
      const ink = brandInk(colour);
      expect(ink).toBeDefined();
      if (ink) expect(contrast(colour, ink)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
      expect(ink === WHITE).toBe(contrast(colour, WHITE) >= LEAST_CONTRAST);
    }),
  );
});

test("links in the firm's colour can be read on white, on the ground and on a chosen card", () => {
  fc.assert(
    fc.property(colours, (colour) => {
      const brand = brandOf(colour);
      expect(brand?.colour).toBe(colour);
      for (const ground of [WHITE, WELL, brand?.accentWash ?? ""]) {
        expect(contrast(brand?.accent ?? "", ground)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
        expect(contrast(brand?.accentHover ?? "", ground)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
      }
    }),
  );
});

test("a colour that can be read on white is used for links as it is", () => {
  expect(brandOf("#1F4A40")).toMatchObject({ colour: "#1f4a40", ink: WHITE, accent: "#1f4a40" });
});

test("a light colour takes black ink, and darker links", () => {
  const brand = brandOf("#ffd54a");
  expect(brand?.ink).toBe(BLACK);
  expect(brand?.accent).not.toBe("#ffd54a");
});

test("what is not a colour of six digits is refused", () => {
  for (const text of ["", "red", "#fff", "#12345g", "#1f4a40;}", "url(x)", " #1f4a40", "#1f4a40\n"]) {
    expect(isColour(text)).toBe(false);
    expect(brandOf(text)).toBeUndefined();
  }
  expect(() => contrast("red", WHITE)).toThrow(RangeError);
});

test("the style sheet of a brand lets nothing through but colours", () => {
  const brand = brandOf("#1f4a40");
  expect(brand && brandStyle(brand)).toMatch(/^:root\{(--[a-z-]+:#[0-9a-f]{6};){4}--[a-z-]+:#[0-9a-f]{6}\}$/);
  expect(() => brand && brandStyle({ ...brand, accent: "red}</style>" })).toThrow(RangeError);
});
