import { array, assert, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../src/reminders/due.ts";
import { type LinkFacts, type Plan, planDates } from "../../src/reminders/plan.ts";

const CHICAGO = "America/Chicago";
const PLAN: Plan = {
  hour: 9,
  shift: "after",
  skipsHolidays: true,
  steps: [
    { position: 1, side: "before", days: 5 },
    { position: 2, side: "before", days: 4 },
    { position: 3, side: "on", days: 0 },
    { position: 4, side: "after", days: 2 },
  ],
};
/** Sent on Thursday, November 12; reminded on Friday 20, Monday 23 (moved from Saturday), Wednesday 25 and Friday 27. */
const FACTS: LinkFacts = {
  dueOn: "2026-11-25",
  askedAt: new Date("2026-11-12T16:00:00Z"),
  expiresAt: new Date("2026-12-31T16:00:00Z"),
};

const at = (instant: string, settled: number[] = []) => {
  const decision = decide(
    planDates(PLAN, FACTS, CHICAGO, new Set(settled)),
    PLAN,
    CHICAGO,
    new Date(instant),
  );
  return {
    settlements: decision.settlements.map(({ step, what }) => `${step.position} ${what}`),
    nextAt: decision.nextAt?.toISOString(),
  };
};

describe("what is due at an instant", () => {
  it("is nothing before the first reminder, which is named as the next", () => {
    expect(at("2026-11-20T14:59:59Z")).toEqual({ settlements: [], nextAt: "2026-11-20T15:00:00.000Z" });
  });

  it("is the first reminder at its hour, and until the end of its day", () => {
    expect(at("2026-11-20T15:00:00Z").settlements).toEqual(["1 send"]);
    expect(at("2026-11-21T05:59:00Z").settlements).toEqual(["1 send"]);
  });

  it("waits for the next business day at the plan's hour when its own day went by", () => {
    const expected = { settlements: [], nextAt: "2026-11-23T15:00:00.000Z" };
    expect(at("2026-11-21T06:00:00Z")).toEqual(expected);
    expect(at("2026-11-23T14:59:59Z")).toEqual(expected);
  });

  it("is the latest of several, and the others are overtaken", () => {
    expect(at("2026-11-23T15:00:00Z").settlements).toEqual(["1 overtaken", "2 send"]);
  });

  it("is missed after that", () => {
    expect(at("2026-11-24T15:00:00Z")).toEqual({
      settlements: ["1 missed", "2 send"],
      nextAt: "2026-11-25T15:00:00.000Z",
    });
    expect(at("2026-12-24T15:00:00Z")).toEqual({
      settlements: ["1 missed", "2 missed", "3 missed", "4 missed"],
      nextAt: undefined,
    });
  });

  it("is nothing again after a clock went back behind what is settled", () => {
    expect(at("2026-11-20T15:00:00Z", [1])).toEqual({ settlements: [], nextAt: "2026-11-23T15:00:00.000Z" });
    expect(at("2026-11-12T15:00:00Z", [1, 2, 3, 4])).toEqual({ settlements: [], nextAt: undefined });
  });

  it("is at most one reminder at any instant, however the clock jumps, and each step is settled once", () => {
    const start = new Date("2026-11-12T16:00:00Z").getTime();
    assert(
      property(array(integer({ min: -40, max: 400 }), { maxLength: 60 }), (jumps) => {
        const settled = new Set<number>();
        let now = start;
        for (const jump of jumps) {
          now += jump * 3_600_000;
          const decision = decide(planDates(PLAN, FACTS, CHICAGO, settled), PLAN, CHICAGO, new Date(now));
          expect(decision.settlements.filter(({ what }) => what === "send").length).toBeLessThanOrEqual(1);
          for (const { step } of decision.settlements) {
            expect(settled.has(step.position)).toBe(false);
            settled.add(step.position);
          }
          if (decision.nextAt) expect(decision.nextAt.getTime()).toBeGreaterThan(now);
        }
      }),
    );
  });
});
