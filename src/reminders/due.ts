import { dayOf, instantAt } from "../base/day.ts";
import { nextBusinessDay } from "./business-days.ts";
import { type DatedStep, isDated, type Plan, type PlannedStep } from "./plan.ts";

export type Settlement = {
  step: PlannedStep;
  /** `send`: now. Else why it is passed over for good. */
  what: "send" | "missed" | "overtaken" | "same_day";
};

type Decision = {
  settlements: Settlement[];
  /** When the next step goes out; null when none is left. */
  nextAt: Date | null;
  /** Its number in the plan. */
  nextPosition: number | null;
};

/**
 * What is to be done about a link's open steps at an instant. A step goes out on its own day, or else, when that day went by without
 * it, on the next business day from the plan's hour on; after that it was missed. Of several that are due only the latest goes out,
 * so that a stop of days, or a clock that jumps, never ends in a volley.
 */
export function decide(steps: readonly PlannedStep[], plan: Plan, timeZone: string, now: Date): Decision {
  const dated = steps.filter(isDated);
  const verdicts = dated.map((step) => ({ step, ...verdictOf(step, plan, timeZone, now) }));
  const due = verdicts.filter((verdict) => verdict.what === "due").map((verdict) => verdict.step);
  const latest = due.at(-1);
  const settlements: Settlement[] = verdicts.flatMap(({ step, what }): Settlement[] => {
    if (what === "missed") return [{ step, what }];
    return what === "due" ? [{ step, what: step === latest ? "send" : "overtaken" }] : [];
  });
  const settledDays = new Set(settlements.map(({ step }) => step.day));
  for (const step of steps) {
    if (step.hindrance === "same_day" && settledDays.has(step.day))
      settlements.push({ step, what: "same_day" });
  }
  const [next] = verdicts
    .flatMap((verdict) =>
      verdict.what === "waits" ? [{ at: verdict.until, position: verdict.step.position }] : [],
    )
    .toSorted((one, other) => one.at.getTime() - other.at.getTime());
  return { settlements, nextAt: next?.at ?? null, nextPosition: next?.position ?? null };
}

type Verdict = { what: "due" } | { what: "missed" } | { what: "waits"; until: Date };

function verdictOf(step: DatedStep, plan: Plan, timeZone: string, now: Date): Verdict {
  if (now < step.at) return { what: "waits", until: step.at };
  const today = dayOf(now, timeZone);
  if (today <= step.day) return { what: "due" };
  const lastDay = nextBusinessDay(step.day, plan.skipsHolidays);
  if (today > lastDay) return { what: "missed" };
  const until = instantAt(lastDay, plan.hour, timeZone);
  return now < until ? { what: "waits", until } : { what: "due" };
}
