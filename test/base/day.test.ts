import { assert, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addDays,
  dayOf,
  daysBetween,
  formatAgo,
  formatClock,
  formatInstant,
  formatLongDay,
  formatNearDay,
  formatShortDay,
  formatWeekday,
  instantAt,
  weekdayOf,
} from "../../src/base/day.ts";

const CHICAGO = "America/Chicago";

describe("dayOf", () => {
  it.each([
    ["2026-11-13T05:59:59Z", CHICAGO, "2026-11-12"],
    ["2026-11-13T06:00:00Z", CHICAGO, "2026-11-13"],
    ["2026-11-12T10:00:00Z", "Pacific/Kiritimati", "2026-11-13"],
    ["2026-11-12T10:59:59Z", "Pacific/Niue", "2026-11-11"],
    ["2026-12-31T23:30:00Z", "Europe/London", "2026-12-31"],
    ["2028-02-29T18:29:59Z", "Asia/Kolkata", "2028-02-29"],
  ])("%s in %s is %s", (instant, zone, day) => {
    expect(dayOf(new Date(instant), zone)).toBe(day);
  });

  it("keeps to the clock on the wall on the days when it is changed", () => {
    // In Chicago the clock goes back on November 1, 2026 and forward on March 8, 2026.
    expect(dayOf(new Date("2026-11-01T04:59:59Z"), CHICAGO)).toBe("2026-10-31");
    expect(dayOf(new Date("2026-11-01T05:00:00Z"), CHICAGO)).toBe("2026-11-01");
    expect(dayOf(new Date("2026-11-02T05:59:59Z"), CHICAGO)).toBe("2026-11-01");
    expect(dayOf(new Date("2026-11-02T06:00:00Z"), CHICAGO)).toBe("2026-11-02");
    expect(dayOf(new Date("2026-03-09T04:59:59Z"), CHICAGO)).toBe("2026-03-08");
    expect(dayOf(new Date("2026-03-09T05:00:00Z"), CHICAGO)).toBe("2026-03-09");
  });

  it("refuses a zone that does not exist", () => {
    expect(() => dayOf(new Date(0), "Mars/Olympus")).toThrow(RangeError);
  });
});

describe("counting days", () => {
  it("goes over months, leap days and the change of the clock", () => {
    expect(addDays("2026-10-31", 1)).toBe("2026-11-01");
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2026-01-01", -1)).toBe("2025-12-31");
    expect(daysBetween("2026-03-07", "2026-03-09")).toBe(2);
    expect(daysBetween("2026-11-12", "2026-10-01")).toBe(-42);
  });

  it("finds as many days between as were added", () => {
    assert(
      property(integer({ min: -4_000, max: 4_000 }), (count) => {
        expect(daysBetween("2026-11-12", addDays("2026-11-12", count))).toBe(count);
      }),
    );
  });
});

describe("days and instants in words", () => {
  it("shows the day that is meant, whatever the zone of the machine", () => {
    expect(formatLongDay("2026-11-12")).toBe("Thursday, November 12, 2026");
    expect(formatShortDay("2026-01-01")).toBe("Jan 1, 2026");
  });

  it("shows an instant in the firm's zone", () => {
    const text = formatInstant(new Date("2026-11-12T18:26:00Z"), CHICAGO);
    expect(text.replace(/\s/g, " ")).toBe("Nov 12, 2026, 12:26 PM");
  });

  it.each([
    [0, "just now"],
    [59, "just now"],
    [60, "1 minute ago"],
    [3_599, "59 minutes ago"],
    [3_600, "1 hour ago"],
    [86_400, "24 hours ago"],
    [172_800, "2 days ago"],
    [-30, "just now"],
  ])("%i seconds back is %j", (seconds, words) => {
    const now = new Date("2026-11-12T12:00:00Z");
    expect(formatAgo(new Date(now.getTime() - seconds * 1_000), now)).toBe(words);
  });
});

describe("formatNearDay", () => {
  it("names the year only where it is not today's", () => {
    expect(formatNearDay("2026-11-12", "2026-01-05")).toBe("Nov 12");
    expect(formatNearDay("2025-11-12", "2026-01-05")).toBe("Nov 12, 2025");
  });
});

describe("instantAt", () => {
  it.each([
    ["2026-11-27", 9, CHICAGO, "2026-11-27T15:00:00.000Z"],
    ["2026-07-01", 9, CHICAGO, "2026-07-01T14:00:00.000Z"],
    // Two o'clock is left out on March 8, 2026, and one o'clock comes twice on November 1.
    ["2026-03-08", 2, CHICAGO, "2026-03-08T08:00:00.000Z"],
    ["2026-11-01", 1, CHICAGO, "2026-11-01T06:00:00.000Z"],
    ["2026-11-27", 0, "Asia/Kolkata", "2026-11-26T18:30:00.000Z"],
  ])("%s at %i in %s is %s", (day, hour, zone, instant) => {
    expect(instantAt(day, hour, zone).toISOString()).toBe(instant);
  });
});

describe("weekdays", () => {
  it("count from Monday", () => {
    expect(["2026-11-23", "2026-11-28", "2026-11-29"].map(weekdayOf)).toEqual([1, 6, 7]);
  });

  it("are named with the day, and with the year where it is another", () => {
    expect(formatWeekday("2026-11-27", "2026-11-12")).toBe("Fri, Nov 27");
    expect(formatWeekday("2027-01-06", "2026-11-12")).toBe("Wed, Jan 6, 2027");
  });

  it("and hours are those of the zone", () => {
    expect(formatClock(new Date("2026-11-27T15:00:00Z"), CHICAGO).replace(/\s/g, " ")).toBe("9:00 AM");
  });
});
