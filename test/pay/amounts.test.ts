import fc from "fast-check";
import { expect, test } from "vitest";
import { formatMoney } from "../../src/base/money.ts";
import { readAmount } from "../../src/pay/amounts.ts";

test.each([
  ["fr", "1250", 125_000n],
  ["fr", "1250,5", 125_050n],
  ["fr", "1 250,50", 125_050n],
  ["fr", "1 250,50", 125_050n],
  ["fr", "1 250,50 $", 125_050n],
  ["fr", "1 250,00 $ US", 125_000n],
  ["fr", "1250,50 CAD", 125_050n],
  ["fr", "1.250,50", 125_050n],
  ["fr", "1250.50", 125_050n],
  ["es", "1,250.50", 125_050n],
  ["es", "1.250,50", 125_050n],
  ["es", "1250,50", 125_050n],
  ["es", "$1,250", 125_000n],
  ["en", "1,250.00", 125_000n],
] as const)("in %s, %s is read", (language, text, minor) => {
  expect(readAmount(text, language)).toEqual({ ok: true, minor });
});

test.each([
  ["fr", "1,250", "not_a_number"],
  ["fr", "1.250", "too_many_decimals"],
  ["fr", "-5,00", "negative"],
  ["fr", "", "empty"],
  ["fr", "$", "empty"],
  ["es", "1.250", "too_many_decimals"],
  ["es", "1.25,000", "not_a_number"],
  ["es", "mil", "not_a_number"],
  ["en", "1250,50", "not_a_number"],
  ["fr", "1 000 000,00", "too_large"],
] as const)("in %s, %j is refused: %s", (language, text, fault) => {
  expect(readAmount(text, language)).toEqual({ ok: false, fault });
});

test("what a page shows is read back as the same amount", () => {
  const locales = { en: "en-US", es: "es-US", fr: "fr-CA" } as const;
  const currencies = fc.constantFrom("USD", "CAD", "GBP");
  const languages = fc.constantFrom("en", "es", "fr");
  fc.assert(
    fc.property(fc.bigInt(50n, 99_999_999n), currencies, languages, (minor, currency, language) => {
      const shown = formatMoney({ minor, currency }, locales[language]);
      expect(readAmount(shown, language)).toEqual({ ok: true, minor });
    }),
  );
});
