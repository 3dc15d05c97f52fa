import {
  assert,
  boolean,
  constantFrom,
  date,
  integer,
  option,
  property,
  record,
  uniqueArray,
} from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { addDays, dayOf } from "../../src/base/day.ts";
import { isBusinessDay } from "../../src/reminders/business-days.ts";
import { isDated, type LinkFacts, type Plan, planDates, type Side } from "../../src/reminders/plan.ts";

const CHICAGO = "America/Chicago";
const USUAL: Plan = {
  hour: 9,
  shift: "before",
  skipsHolidays: true,
  steps: [
    { position: 1, side: "before", days: 3 },
    { position: 2, side: "on", days: 0 },
    { position: 3, side: "after", days: 7 },
  ],
};
const SENT: LinkFacts = {
  dueOn: "2026-12-01",
  askedAt: new Date("2026-11-17T16:00:00Z"),
  expiresAt: new Date("2026-12-31T16:00:00Z"),
};

const dates = (plan: Plan, facts: LinkFacts, zone = CHICAGO) =>
  planDates(plan, facts, zone).map((step) => step.hindrance ?? step.at?.toISOString());
const planOf = (steps: [Side, number][], change: Partial<Plan> = {}): Plan => ({
  ...USUAL,
  ...change,
  steps: steps.map(([side, days], index) => ({ position: index + 1, side, days })),
});

describe("the dates of a plan", () => {
  it("are those of the example on the settings page", () => {
    const steps = planDates(USUAL, SENT, CHICAGO);
    expect(steps.map(({ day, movedFrom }) => [day, movedFrom])).toEqual([
      ["2026-11-27", "2026-11-28"],
      ["2026-12-01", undefined],
      ["2026-12-08", undefined],
    ]);
    expect(steps[0]?.at?.toISOString()).toBe("2026-11-27T15:00:00.000Z");
  });

  it("keep to the hour on the wall when clocks change", () => {
    const plan = planOf([
      ["after", 1],
      ["after", 60],
    ]);
    const facts = {
      dueOn: null,
      askedAt: new Date("2026-10-01T15:00:00Z"),
      expiresAt: new Date("2027-10-01T15:00:00Z"),
    };
    expect(dates(plan, facts)).toEqual(["2026-10-02T14:00:00.000Z", "2026-11-30T15:00:00.000Z"]);
  });

  it("take the hour after the gap, and the first of two equal hours", () => {
    // In Amman, while it still changed its clocks on Fridays: 0:00 was left out on March 29, 2019 and came twice on October 25.
    const plan = planOf([["after", 1]], { hour: 0, skipsHolidays: false });
    const of = (askedAt: string) =>
      dates(
        plan,
        { dueOn: null, askedAt: new Date(askedAt), expiresAt: new Date("2030-01-01") },
        "Asia/Amman",
      );
    expect(of("2019-03-28T10:00:00Z")).toEqual(["2019-03-28T22:00:00.000Z"]);
    expect(of("2019-10-24T10:00:00Z")).toEqual(["2019-10-24T21:00:00.000Z"]);
  });

  it("count from the day of sending where there is no due date, or one that had come already", () => {
    const plan = planOf([
      ["before", 3],
      ["on", 0],
      ["after", 6],
    ]);
    expect(dates(plan, { ...SENT, dueOn: null })).toEqual([
      "no_due_date",
      "no_due_date",
      "2026-11-23T15:00:00.000Z",
    ]);
    expect(dates(plan, { ...SENT, dueOn: "2026-11-02" })).toEqual([
      "before_request",
      "before_request",
      "2026-11-23T15:00:00.000Z",
    ]);
  });

  it("leave out what would come on the day of the request or before it", () => {
    expect(dates(planOf([["before", 14]]), SENT)).toEqual(["before_request"]);
    expect(dates(planOf([["before", 13]]), SENT)).toEqual(["2026-11-18T15:00:00.000Z"]);
  });

  it("leave out what would come after the link expired, until it is extended", () => {
    const plan = planOf([["after", 40]]);
    expect(dates(plan, SENT)).toEqual(["after_expiry"]);
    expect(dates(plan, { ...SENT, expiresAt: new Date("2027-03-01") })).toEqual(["2027-01-08T15:00:00.000Z"]);
  });

  it("let the later of two that fall on one day stand, also for weekends moved ahead", () => {
    const plan = planOf([
      ["before", 3],
      ["before", 2],
      ["before", 4],
    ]);
    const steps = planDates(plan, SENT, CHICAGO);
    expect(steps.map((step) => [step.days, step.day, step.hindrance])).toEqual([
      [4, "2026-11-27", "same_day"],
      [3, "2026-11-27", "same_day"],
      [2, "2026-11-27", undefined],
    ]);
  });

  it("do not count a step that is settled", () => {
    const plan = planOf([
      ["before", 3],
      ["before", 2],
    ]);
    const [only, ...others] = planDates(plan, SENT, CHICAGO, new Set([2]));
    expect(others).toEqual([]);
    expect(only?.hindrance).toBeUndefined();
  });
});

describe("whatever the plan and the link", () => {
  const zones = constantFrom(
    CHICAGO,
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "UTC",
  );
  const steps = uniqueArray(
    record({ side: constantFrom<Side>("before", "on", "after"), days: integer({ min: 1, max: 180 }) }),
    { maxLength: 6, selector: (step) => `${step.side}${step.side === "on" ? 0 : step.days}` },
  );
  const cases = record({
    steps,
    hour: integer({ min: 0, max: 23 }),
    shift: constantFrom<"before" | "after">("before", "after"),
    skipsHolidays: boolean(),
    askedAt: date({ min: new Date("2015-01-01"), max: new Date("2035-01-01"), noInvalidDate: true }),
    dueIn: option(integer({ min: -60, max: 120 })),
    lifeHours: integer({ min: 1, max: 9_000 }),
    zone: zones,
  });

  it("each reminder is on a business day, at the firm's hour, after the request and before the expiry, and alone on its day", () => {
    assert(
      property(cases, (given) => {
        const plan: Plan = {
          ...given,
          steps: given.steps.map((step, index) => ({
            position: index + 1,
            side: step.side,
            days: step.side === "on" ? 0 : step.days,
          })),
        };
        const askedOn = dayOf(given.askedAt, given.zone);
        const facts = {
          dueOn: given.dueIn === null ? null : addDays(askedOn, given.dueIn),
          askedAt: given.askedAt,
          expiresAt: new Date(given.askedAt.getTime() + given.lifeHours * 3_600_000),
        };
        const planned = planDates(plan, facts, given.zone);
        expect(planned).toHaveLength(plan.steps.length);
        const dated = planned.filter(isDated);
        expect(new Set(dated.map((step) => step.day)).size).toBe(dated.length);
        for (const step of dated) {
          expect(isBusinessDay(step.day, plan.skipsHolidays)).toBe(true);
          expect(step.day > askedOn).toBe(true);
          expect(step.at < facts.expiresAt).toBe(true);
          const clock = Temporal.Instant.fromEpochMilliseconds(step.at.getTime()).toZonedDateTimeISO(
            given.zone,
          );
          expect(clock.toPlainDate().toString()).toBe(step.day);
          expect([given.hour, given.hour + 1]).toContain(clock.hour);
        }
        expect(dated.map((step) => step.at)).toEqual(
          dated.map((step) => step.at).toSorted((one, other) => one.getTime() - other.getTime()),
        );
      }),
    );
  });
});
