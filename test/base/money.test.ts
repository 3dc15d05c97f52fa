import { assert, constantFrom, property, bigInt as someBigInt } from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AmountFault,
  amountFaultText,
  CURRENCIES,
  formatDecimal,
  formatMoney,
  LARGEST_AMOUNT_MINOR,
  parseAmount,
  sumMinor,
  toDecimalText,
} from "../../src/base/money.ts";

const amounts = () => someBigInt({ min: 0n, max: LARGEST_AMOUNT_MINOR });

describe("parseAmount", () => {
  it("reads back every amount that the service writes, with and without its currency sign", () => {
    assert(
      property(amounts(), constantFrom(...CURRENCIES), (minor, currency) => {
        const wanted = { ok: true, minor };
        expect(parseAmount(formatDecimal(minor))).toEqual(wanted);
        expect(parseAmount(toDecimalText(minor))).toEqual(wanted);
        expect(parseAmount(formatMoney({ minor, currency }))).toEqual(wanted);
        expect(parseAmount(`  ${currency} ${formatDecimal(minor)} `)).toEqual(wanted);
      }),
    );
  });

  it.each([
    ["1250", 125_000n],
    ["1,250.00", 125_000n],
    ["$1 250.00", 125_000n],
    ["US$1,250", 125_000n],
    ["CA$ 12.5", 1_250n],
    ["£0.01", 1n],
    ["usd 7.", 700n],
    ["1\u202f250.00", 125_000n],
    ["\u00a01\u00a0250\u00a0", 125_000n],
    ["007", 700n],
    ["0", 0n],
    ["999,999.99", LARGEST_AMOUNT_MINOR],
  ])("reads %j as it was meant", (text, minor) => {
    expect(parseAmount(text)).toEqual({ ok: true, minor });
  });

  it.each<[string, AmountFault]>([
    ["", "empty"],
    ["   ", "empty"],
    ["$", "empty"],
    ["-5", "negative"],
    ["−5", "negative"],
    ["$-5", "negative"],
    ["(5.00)", "negative"],
    ["1.234", "too_many_decimals"],
    ["1,250.000", "too_many_decimals"],
    ["100000000", "too_large"],
    ["999999999999999", "too_large"],
    ["1.250,00", "not_a_number"],
    ["12,34", "not_a_number"],
    ["0,250", "not_a_number"],
    ["00,250", "not_a_number"],
    ["1,2500", "not_a_number"],
    ["1,,250", "not_a_number"],
    [",250", "not_a_number"],
    [".", "not_a_number"],
    ["1.2.3", "not_a_number"],
    ["1e5", "not_a_number"],
    ["0x10", "not_a_number"],
    ["Infinity", "not_a_number"],
    ["NaN", "not_a_number"],
    ["٣", "not_a_number"],
    ["１２", "not_a_number"],
    ["5 dollars", "not_a_number"],
    ["5\n6", "not_a_number"],
    ["€5", "not_a_number"],
    ["1".repeat(10_000), "not_a_number"],
  ])("refuses %j with a reason", (text, fault) => {
    expect(parseAmount(text)).toEqual({ ok: false, fault });
    expect(amountFaultText(fault)).toMatch(/^Enter /);
  });
});

describe("writing and adding amounts", () => {
  it("groups thousands, keeps two decimals and writes a real minus sign", () => {
    expect(formatMoney({ minor: 113_726_560n, currency: "USD" })).toBe("$1,137,265.60");
    expect(formatMoney({ minor: -5n, currency: "GBP" })).toBe("−£0.05");
    expect(formatMoney({ minor: 100n, currency: "EUR" })).toBe("EUR 1.00");
    expect(toDecimalText(-125_000n)).toBe("-1250.00");
  });

  it("writes an amount as another language does, exactly", () => {
    const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");
    const most = { minor: 9_007_199_254_740_993n, currency: "USD" };
    expect(formatMoney(most, "es-US")).toBe("$90,071,992,547,409.93");
    expect(plain(formatMoney(most, "fr-CA"))).toBe("90 071 992 547 409,93 $ US");
    expect(plain(formatMoney({ minor: 125_000n, currency: "CAD" }, "fr-CA"))).toBe("1 250,00 $");
    expect(formatMoney({ minor: 125_000n, currency: "CAD" }, "en-CA")).toBe("CA$1,250.00");
  });

  it("adds up exactly where floating point would not, in any order", () => {
    expect(sumMinor([])).toBe(0n);
    const cents = Array.from({ length: 10 }, () => 10n);
    expect(sumMinor([...cents, 9_007_199_254_740_993n])).toBe(9_007_199_254_741_093n);
    assert(
      property(amounts(), amounts(), amounts(), (a, b, c) => {
        expect(sumMinor([a, b, c])).toBe(a + b + c);
        expect(sumMinor([c, b, a])).toBe(sumMinor([sumMinor([a, b]), c]));
      }),
    );
  });
});
