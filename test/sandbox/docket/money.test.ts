import fc from "fast-check";
import { expect, test } from "vitest";
import { showCents, toAmount, toCents } from "../../../src/sandbox/docket/money.ts";

const MAX_CENTS = 99_999_999_999;
const cents = fc.integer({ min: -MAX_CENTS, max: MAX_CENTS });

test("every amount of cents survives the way through JSON", () => {
  fc.assert(fc.property(cents, (amount) => toCents(JSON.parse(JSON.stringify(toAmount(amount)))) === amount));
});

test("an amount is written with at most two decimals", () => {
  fc.assert(fc.property(cents, (amount) => /^-?\d+(\.\d{1,2})?$/.test(JSON.stringify(toAmount(amount)))));
});

test.each([0.001, 1.005, 10.999, 1e21, Number.NaN, Number.POSITIVE_INFINITY])(
  "%d is not an amount of money",
  (amount) => {
    expect(toCents(amount)).toBeUndefined();
  },
);

test("a screen shows dollars", () => {
  expect(showCents(124_000)).toBe("$1,240.00");
});
