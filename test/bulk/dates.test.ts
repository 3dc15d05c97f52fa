import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatShortDay } from "../../src/base/day.ts";
import { dateOrderOf, parseDay } from "../../src/bulk/dates.ts";

const TODAY = "2026-11-23";
const american = (text: string) => {
  const read = parseDay(text, "month_first", TODAY);
  return read.ok ? formatShortDay(read.day) : read.fault;
};
const british = (text: string) => {
  const read = parseDay(text, "day_first", TODAY);
  return read.ok ? formatShortDay(read.day) : read.fault;
};
describe("a date", () => {
  it.each([
    ["03/04/2026", "Mar 4, 2026", "Apr 3, 2026"],
    ["3/4/26", "Mar 4, 2026", "Apr 3, 2026"],
    ["03-04-2026", "Mar 4, 2026", "Apr 3, 2026"],
    ["3.4.2026", "Mar 4, 2026", "Apr 3, 2026"],
    ["3 / 4 / 2026", "Mar 4, 2026", "Apr 3, 2026"],
  ])("that can be read in two ways, %s, is read in the firm's", (text, inAmerica, inBritain) => {
    expect([american(text), british(text)]).toEqual([inAmerica, inBritain]);
    expect(parseDay(text, "month_first", TODAY)).toMatchObject({ reading: "ambiguous" });
  });

  it.each([
    ["2026-11-13", "Nov 13, 2026"],
    ["2026/11/3", "Nov 3, 2026"],
    ["20261113", "Nov 13, 2026"],
    ["2026-11-13T00:00:00Z", "Nov 13, 2026"],
    ["11/13/2026 12:00:00 AM", "Nov 13, 2026"],
    ["05/05/2026", "May 5, 2026"],
    ["Nov 13, 2026", "Nov 13, 2026"],
    ["November 13th, 2026", "Nov 13, 2026"],
    ["Fri, Nov 13, 2026", "Nov 13, 2026"],
    ["Friday 13 November 2026", "Nov 13, 2026"],
    ["13-Nov-26", "Nov 13, 2026"],
    ["13 Nov. 2026", "Nov 13, 2026"],
    ["1st of Sept 2026", "Sep 1, 2026"],
    ["2026-Nov-13", "Nov 13, 2026"],
    ["13 août 2026", "Aug 13, 2026"],
    ["1er févr. 2026", "Feb 1, 2026"],
  ])("that can be read in one way, %s, is read so everywhere", (text, day) => {
    expect([american(text), british(text)]).toEqual([day, day]);
  });

  it.each([
    ["25/12/2026", "month_first", "Dec 25, 2026"],
    ["12/25/2026", "day_first", "Dec 25, 2026"],
  ] as const)("that only makes sense against the order, %s, says so", (text, order, day) => {
    const read = parseDay(text, order, TODAY);
    expect(read).toMatchObject({ ok: true, reading: "other" });
    expect(read.ok && formatShortDay(read.day)).toBe(day);
  });

  it.each([
    ["02/30/2026", "February 2026 has no day 30"],
    ["29 Feb 2027", "February 2027 has no day 29"],
    ["2026-25-12", "There is no month 25. Enter a date, like Nov 13, 2026"],
    ["13/13/2026", "There is no month 13. Enter a date, like Nov 13, 2026"],
    ["11/13/1926", "Check the year: 1926"],
    ["11/13/20226", "Enter a date, like Nov 13, 2026"],
    ["11/13", "Enter the year as well, like Nov 13, 2026"],
    ["Nov 13", "Enter the year as well, like Nov 13, 2026"],
    ["13 Nov", "Enter the year as well, like Nov 13, 2026"],
    ["46339", "Excel's inner number for Nov 13, 2026. Enter it as a date"],
    ["46339.5", "Excel's inner number for Nov 13, 2026. Enter it as a date"],
    ["on receipt", "Enter a date, like Nov 13, 2026"],
    ["Nvo 13, 2026", "Enter a date, like Nov 13, 2026"],
    ["0/0/2026", "There is no month 0. Enter a date, like Nov 13, 2026"],
    ["11//13/2026", "Enter a date, like Nov 13, 2026"],
    ["tomorrow", "Enter a date, like Nov 13, 2026"],
  ])("that is none, %s, is refused with the reason", (text, fault) => {
    expect(american(text)).toBe(fault);
  });

  it("is read back by property as it was written, in every form without two readings", () => {
    const day = fc
      .date({ min: new Date("2020-01-01"), max: new Date("2033-12-31"), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    fc.assert(
      fc.property(day, fc.constantFrom("en-US", "en-GB", "en-CA", "fr-CA"), (wanted, locale) => {
        const written = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
        const read = parseDay(written.format(new Date(`${wanted}T00:00:00Z`)), "month_first", TODAY);
        return read.ok && read.day === wanted;
      }),
    );
  });

  it("takes its order from the firm's locale", () => {
    expect(["en-US", "en-GB", "en-CA", "fr-FR", "xx-nonsense"].map((locale) => dateOrderOf(locale))).toEqual([
      "month_first",
      "day_first",
      "month_first",
      "day_first",
      "month_first",
    ]);
  });
});
