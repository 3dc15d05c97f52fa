import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { records, wireAmount } from "../../connectors/docket/wire.ts";

const statement = {
  id: "st_1",
  number: "INV-1",
  matter_id: "mt_1",
  kind: "invoice",
  status: "open",
  issued_on: "2026-10-01",
  due_on: null,
  currency: "USD",
  total: { numeral: "10.00" },
  balance: { numeral: "10.00" },
  updated_at: "2026-11-06T12:00:00Z",
  deleted_at: null,
};

const read = (change: Record<string, unknown>) => records.statements.safeParse({ ...statement, ...change });
const readTotal = (numeral: string) => read({ total: { numeral } }).data?.totalMinor;

describe("an amount of Docket's", () => {
  it.each([
    { numeral: "0", minor: 0n },
    { numeral: "0.1", minor: 10n },
    { numeral: "1250.10", minor: 125_010n },
    { numeral: "-12.5", minor: -1_250n },
    { numeral: "999999999999999.99", minor: 99_999_999_999_999_999n },
  ])("of $numeral is $minor minor units", ({ numeral, minor }) => {
    expect(readTotal(numeral)).toBe(minor);
  });

  it.each(["10.005", "100.000", "1e3", "1E-2", "1000000000000000"])("of %s is not read", (numeral) => {
    expect(readTotal(numeral)).toBeUndefined();
  });

  it("is the same after it was written and read", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -99_999_999_999_999_999n, max: 99_999_999_999_999_999n }), (minor) => {
        expect(readTotal(JSON.stringify(wireAmount(minor)))).toBe(minor);
      }),
    );
  });

  it("is always written with two decimals", () => {
    expect([0n, 5n, 100n, 125_010n].map((minor) => JSON.stringify(wireAmount(minor)))).toEqual([
      "0.00",
      "0.05",
      "1.00",
      "1250.10",
    ]);
  });
});

describe("a record of Docket's", () => {
  it.each([
    { name: "a status that is not known", change: { status: "draft" } },
    { name: "a kind that is not known", change: { kind: "credit" } },
    { name: "a currency without hundredths", change: { currency: "JPY" } },
    { name: "a date that does not exist", change: { issued_on: "2026-02-30" } },
    { name: "an instant without a zone", change: { updated_at: "2026-11-06T12:00:00" } },
    { name: "a balance in text", change: { balance: "10.00" } },
    { name: "no word on whether it is deleted", change: { deleted_at: undefined } },
  ])("with $name is not read", ({ change }) => {
    expect(read(change).success).toBe(false);
  });
});
