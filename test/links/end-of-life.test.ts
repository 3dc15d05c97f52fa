import { describe, expect, it } from "vitest";
import { endOfLife } from "../../src/links/make.ts";

const NOW = new Date("2026-11-03T16:14:00Z");
const ZONE = "America/Chicago";
const end = (days: number, dueOn?: string | null, now = NOW) =>
  endOfLife({ link_lifetime_days: days }, now, { dueOn, timeZone: ZONE }).toISOString();

describe("a link runs out", () => {
  it("so long after it was made, where nothing is due", () => {
    expect(end(30)).toBe("2026-12-03T16:14:00.000Z");
    expect(end(30, null)).toBe("2026-12-03T16:14:00.000Z");
  });

  it("so long after its due day, at the end of a day in the firm's time zone", () => {
    expect(end(30, "2026-11-12")).toBe("2026-12-13T05:59:59.000Z");
  });

  it("at the same hour of the day also when clocks change in between", () => {
    expect(end(30, "2026-10-20", new Date("2026-10-01T00:00:00Z"))).toBe("2026-11-20T05:59:59.000Z");
  });

  it("never before its due day is over, however short links live", () => {
    expect(end(1, "2027-01-31")).toBe("2027-02-02T05:59:59.000Z");
  });

  it("minutes after its due day, where links live no longer", () => {
    expect(end(15 / 1440)).toBe("2026-11-03T16:29:00.000Z");
    expect(end(15 / 1440, "2026-11-12")).toBe("2026-11-13T06:14:59.000Z");
  });

  it("from now, where the due day is past", () => {
    expect(end(30, "2026-10-01")).toBe("2026-12-03T16:14:00.000Z");
  });

  it("a year from now at the latest, unless it is due even later", () => {
    expect(end(365, "2027-06-30")).toBe("2027-11-03T16:14:00.000Z");
    expect(end(30, "2028-01-31")).toBe("2028-02-01T05:59:59.000Z");
  });
});
