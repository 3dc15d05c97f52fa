import { addDays, type Day, dayOf, instantAt } from "../base/day.ts";
import { toBusinessDay } from "./business-days.ts";

/** The first hour and the last at which a firm may have its reminders sent. */
export const EARLIEST_HOUR = 6;
export const LATEST_HOUR = 20;
export const MOST_STEPS = 6;
export const MOST_DAYS = 180;

export type Side = "before" | "on" | "after";
/** One reminder of a plan, so many days before or after the day that counts. `position` is its place in the plan, from 1. */
export type Step = { position: number; side: Side; days: number };

/** When a firm reminds. `hour` is one of the day in the firm's time zone. */
export type Plan = {
  hour: number;
  shift: "before" | "after";
  skipsHolidays: boolean;
  steps: readonly Step[];
};

/** What of a link its reminders follow from. `askedAt` is when the request last went out. */
export type LinkFacts = { dueOn: Day | null; askedAt: Date; expiresAt: Date };

/** Why a step has no date on which it goes out, as things stand. A change of the link may give it one. */
export type Hindrance = "no_due_date" | "before_request" | "after_expiry" | "same_day";

export type PlannedStep = Step & {
  /** The business day, in the firm's zone; undefined where no day can be named. */
  day: Day | undefined;
  /** The day that the step names, where that is no business day. */
  movedFrom: Day | undefined;
  at: Date | undefined;
  hindrance: Hindrance | undefined;
};

/** A step that will go out. */
export type DatedStep = PlannedStep & { day: Day; at: Date };

/**
 * The exact dates of a plan's steps for one link, in the order in which they come. Days are counted from the due date; where there is
 * none, or it had come when the request went out, the steps after it are counted from the day of sending. No step goes out on the day
 * of the request or before it, after the link's expiry, or on one day with a later step. Steps in `settled` are left out: what was
 * sent or passed over has no date any more.
 */
export function planDates(
  plan: Plan,
  facts: LinkFacts,
  timeZone: string,
  settled: ReadonlySet<number> = new Set(),
): PlannedStep[] {
  const open = plan.steps.filter((step) => !settled.has(step.position));
  const steps = open
    .map((step) => dateStep(plan, facts, timeZone, step))
    .sort((one, other) => inOrder(one, other));
  return steps.map((step, index) => {
    const isOvertaken =
      isDated(step) && steps.slice(index + 1).some((later) => isDated(later) && later.day === step.day);
    return isOvertaken ? { ...step, hindrance: "same_day" as const } : step;
  });
}

/** Whether a step has a date on which it goes out. */
export function isDated(step: PlannedStep): step is DatedStep {
  return step.hindrance === undefined && step.at !== undefined && step.day !== undefined;
}

function dateStep(plan: Plan, facts: LinkFacts, timeZone: string, step: Step): PlannedStep {
  const askedOn = dayOf(facts.askedAt, timeZone);
  const named = namedDay(facts.dueOn, askedOn, step);
  if (named === undefined)
    return { ...step, day: undefined, movedFrom: undefined, at: undefined, hindrance: "no_due_date" };
  const day = toBusinessDay(named, plan.shift, plan.skipsHolidays);
  const at = instantAt(day, plan.hour, timeZone);
  const hindrance = day <= askedOn ? "before_request" : at >= facts.expiresAt ? "after_expiry" : undefined;
  return { ...step, day, movedFrom: day === named ? undefined : named, at, hindrance };
}

function namedDay(dueOn: Day | null, askedOn: Day, step: Step): Day | undefined {
  const isAhead = dueOn !== null && dueOn > askedOn;
  if (step.side === "after") return addDays(isAhead ? dueOn : askedOn, step.days);
  if (dueOn === null) return undefined;
  return step.side === "on" ? dueOn : addDays(dueOn, -step.days);
}

/** By the day that each step names, so that of two which fall on one day the later one in the plan's own sense is the last. */
function inOrder(one: PlannedStep, other: PlannedStep): number {
  const [first, second] = [one, other].map((step) => step.movedFrom ?? step.day ?? "");
  if (first !== second) return (first ?? "") < (second ?? "") ? -1 : 1;
  return offsetOf(one) - offsetOf(other) || one.position - other.position;
}

function offsetOf(step: Step): number {
  return step.side === "before" ? -step.days : step.days;
}
