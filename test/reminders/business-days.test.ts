import { describe, expect, it } from "vitest";
import {
  isBusinessDay,
  isFederalHoliday,
  nextBusinessDay,
  toBusinessDay,
} from "../../src/reminders/business-days.ts";

describe("federal holidays", () => {
  it("are the eleven of 2026, the Fourth of July on the Friday before", () => {
    const days = [
      "2026-01-01",
      "2026-01-19",
      "2026-02-16",
      "2026-05-25",
      "2026-06-19",
      "2026-07-03",
      "2026-09-07",
      "2026-10-12",
      "2026-11-11",
      "2026-11-26",
      "2026-12-25",
    ];
    const year = Array.from({ length: 365 }, (_, index) =>
      new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10),
    );
    expect(year.filter((day) => isFederalHoliday(day))).toEqual(days);
  });

  it.each([
    ["2021-12-31", "New Year's Day of 2022 fell on a Saturday"],
    ["2022-12-26", "Christmas fell on a Sunday"],
    ["2027-07-05", "the Fourth of July falls on a Sunday"],
  ])("are kept on %s, because %s", (day) => {
    expect(isFederalHoliday(day)).toBe(true);
  });

  it("do not reach further than the day on which they are kept", () => {
    expect(isFederalHoliday("2026-07-06")).toBe(false);
    expect(isFederalHoliday("2026-11-27")).toBe(false);
  });
});

describe("business days", () => {
  it("are Monday to Friday, and without holidays where the firm keeps those", () => {
    expect(isBusinessDay("2026-11-28", false)).toBe(false);
    expect(isBusinessDay("2026-11-26", false)).toBe(true);
    expect(isBusinessDay("2026-11-26", true)).toBe(false);
  });

  it("lie before or after a day that is none", () => {
    expect(toBusinessDay("2026-11-28", "before", true)).toBe("2026-11-27");
    expect(toBusinessDay("2026-11-28", "after", true)).toBe("2026-11-30");
    expect(toBusinessDay("2026-11-26", "before", true)).toBe("2026-11-25");
    expect(toBusinessDay("2026-11-27", "before", true)).toBe("2026-11-27");
    // Christmas on Friday, then a weekend.
    expect(toBusinessDay("2026-12-25", "after", true)).toBe("2026-12-28");
  });

  it("follow each other over a weekend", () => {
    expect(nextBusinessDay("2026-11-27", true)).toBe("2026-11-30");
    expect(nextBusinessDay("2026-11-30", true)).toBe("2026-12-01");
  });
});
