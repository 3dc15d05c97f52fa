import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDecimal } from "../../src/base/money.ts";
import { parseAddresses } from "../../src/bulk/addresses.ts";
import { parseCellAmount } from "../../src/bulk/amounts.ts";
import { hideCards, readLine, readLines } from "../../src/bulk/text-cells.ts";

const amount = (text: string, currency = "USD") => {
  const read = parseCellAmount(text, currency);
  return read.ok ? formatDecimal(read.minor) : read.fault;
};
const addresses = (text: string) => {
  const read = parseAddresses(text);
  return read.ok ? read.addresses : read.fault;
};

describe("an amount", () => {
  it.each([
    ["1250", "1,250.00"],
    ["1,250.00", "1,250.00"],
    ["$1,234.50", "1,234.50"],
    ["$ 1 234.50", "1,234.50"],
    ["US$12", "12.00"],
    ["12 USD", "12.00"],
    ["USD 1,234.5", "1,234.50"],
    ["1 234,50 $", "1,234.50"],
    ["1\u00a0234,50", "1,234.50"],
    ["1.234,56", "1,234.56"],
    ["12,50", "12.50"],
    ["1,234", "1,234.00"],
    ["1'234.50", "1,234.50"],
    [".75", "0.75"],
    ["12.", "12.00"],
    ["+12", "12.00"],
    ["0.50", "0.50"],
    ["999,999.99", "999,999.99"],
  ])("%s is understood", (text, read) => {
    expect(amount(text)).toBe(read);
  });

  it("takes pounds where the account takes pounds", () => {
    expect(amount("£1,234.50", "GBP")).toBe("1,234.50");
    expect(amount("$5", "CAD")).toBe("5.00");
  });

  it.each([
    ["", "Enter the amount"],
    ["(12.00)", "Parentheses mean a negative amount. Enter an amount above zero"],
    ["($1,234.50)", "Parentheses mean a negative amount. Enter an amount above zero"],
    ["-12.00", "Enter an amount above zero"],
    ["−12", "Enter an amount above zero"],
    ["$-12", "Enter an amount above zero"],
    ["12.00-", "Enter an amount above zero"],
    ["12.00 CR", "CR means a credit. Enter an amount above zero"],
    ["0", "Enter an amount above zero"],
    ["0.00", "Enter an amount above zero"],
    ["0.49", "Enter $0.50 or more"],
    ["1,000,000.00", "Enter an amount of 999,999.99 or less"],
    ["12.345", "12.345 has two readings. Enter it like 12,345.00"],
    ["1234.567", "Enter the amount with at most two decimals, like 1,250.00"],
    ["1,23,456.00", "Enter the amount in figures, like 1,250.00"],
    ["12,3456", "Enter the amount in figures, like 1,250.00"],
    ["1,234 567.00", "Enter the amount in figures, like 1,250.00"],
    ["£12", "The account takes USD, not £"],
    ["€12", "The account takes USD, not €"],
    ["12 EUR", "The account takes USD, not EUR"],
    ["CA$12", "The account takes USD, not CA$"],
    ["1.2E+03", "Excel has shortened this number. Enter it in full"],
    ["twelve", "Enter the amount in figures, like 1,250.00"],
    ["12k", "Enter the amount in figures, like 1,250.00"],
    ["12 or 13", "Enter the amount in figures, like 1,250.00"],
    ["$", "Enter the amount in figures, like 1,250.00"],
    ["=10+2", "Enter the amount in figures, like 1,250.00"],
    ["NaN", "Enter the amount in figures, like 1,250.00"],
    ["１２", "Enter the amount in figures, like 1,250.00"],
  ])("%s is refused with the reason", (text, fault) => {
    expect(amount(text)).toBe(fault);
  });

  it("is read back as it is shown, whatever it is", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 50n, max: 99_999_999n }), (minor) => {
        const read = parseCellAmount(formatDecimal(minor), "USD");
        return read.ok && read.minor === minor;
      }),
    );
  });
});

describe("addresses", () => {
  it.each([
    ["", []],
    ["ana@ruiz.example", ["ana@ruiz.example"]],
    ["ana@ruiz.example; bob@ruiz.example", ["ana@ruiz.example", "bob@ruiz.example"]],
    ["ana@ruiz.example,bob@ruiz.example;", ["ana@ruiz.example", "bob@ruiz.example"]],
    ["ana@ruiz.example\nbob@ruiz.example", ["ana@ruiz.example", "bob@ruiz.example"]],
    ["Ana@Ruiz.example; ana@ruiz.example", ["ana@ruiz.example"]],
    ["Ana Ruiz <ana@ruiz.example>", ["ana@ruiz.example"]],
    ["mailto:ana@ruiz.example", ["ana@ruiz.example"]],
    ["ana@müller.example", ["ana@xn--mller-kva.example"]],
    ["o'brien+pay@ruiz.example", ["o'brien+pay@ruiz.example"]],
  ])("%j are understood", (text, read) => {
    expect(addresses(text)).toEqual(read);
  });

  it.each([
    ["ap@harlanpryce", "Domain is incomplete, like name@example.com"],
    ["harlanpryce.example", "The @ is missing, like name@example.com"],
    ["ap@@harlan.example", "There is more than one @, like name@example.com"],
    ["ap harlan@pryce.example", "There is a space in the address"],
    ["a@one.example b@two.example", "Separate addresses with a semicolon"],
    ["@harlan.example", "The part before the @ is missing, like name@example.com"],
    ["ap@", "The part after the @ is missing, like name@example.com"],
    ["ap.@harlan.example", "There is a dot in the wrong place before the @"],
    ["a..p@harlan.example", "There is a dot in the wrong place before the @"],
    ["ap@harlan..example", "There is a dot in the wrong place after the @"],
    ["ap@harlan.example.", "There is a dot in the wrong place after the @"],
    ["ap@gmail.con", "There is no domain that ends in .con: is it .com?"],
    ["ap@har_lan.example", "There is a sign after the @ that no domain has"],
    ["ap@10.0.0.1", "Enter a domain, not a number, like name@example.com"],
    ["josé@ruiz.example", "Mail systems take only plain letters before the @"],
    ["ap(billing)@harlan.example", "There is a sign before the @ that no address has"],
    [`${"a".repeat(65)}@harlan.example`, "The part before the @ is too long"],
    ["ap@-harlan.example", "Enter the address like name@example.com"],
    ["good@one.example; bad@two", "bad@two: Domain is incomplete, like name@example.com"],
    ["a@x.example;b@x.example;c@x.example;d@x.example;e@x.example;f@x.example", "Enter at most 5 addresses"],
    ["n/a", "The @ is missing, like name@example.com"],
  ])("%j are refused with the reason", (text, fault) => {
    expect(addresses(text)).toBe(fault);
  });
});

describe("text", () => {
  it("loses spaces and signs that nobody sees, and becomes one line where one is asked for", () => {
    const read = readLine(" Ana\u200b \u00a0 Ruiz\r\n(estate) \ufeff", 100);
    expect(read).toEqual({ ok: true, text: "Ana Ruiz (estate)" });
    expect(readLines("Dear  Ana,\r\n\r\nthank you")).toEqual({ ok: true, text: "Dear Ana,\n\nthank you" });
  });

  it.each([
    ["#N/A", "Excel shows the error #N/A here. Enter the value"],
    ["#ref!", "Excel shows the error #REF! here. Enter the value"],
    ["#####", "Excel shows ### where a column is too narrow. Enter the value"],
    ["Jos\ufffd", "A letter could not be read. Enter the text again"],
    ["Ana\u0007", "There is a sign in this text that cannot be shown. Enter it again"],
    ["a".repeat(101), "Shorten this to 100 characters"],
  ])("that was damaged on its way, %j, is refused with the reason", (text, fault) => {
    expect(readLine(text, 100)).toEqual({ ok: false, fault });
  });

  it("is kept without the digits of a card, and says so", () => {
    const kept = hideCards("Please charge 4242 4242 4242 4242, thanks");
    expect(kept).toBe("Please charge card number removed ··4242, thanks");
    expect(readLines(kept)).toMatchObject({ ok: false, fault: expect.stringMatching(/card number/) });
    expect(hideCards("5555555555554444")).not.toContain("5555");
    expect(hideCards("invoice 1234567890123")).toBe("invoice 1234567890123");
  });
});
