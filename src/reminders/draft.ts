import { addDays, type Day, daysBetween, instantAt } from "../base/day.ts";
import { endOfLife } from "../links/make.ts";
import type { Form } from "../web/form.ts";
import { type LinkFacts, MOST_DAYS, MOST_STEPS, type Plan, type Step } from "./plan.ts";
import type { StoredPlan } from "./plan-queries.ts";
import type { PlanInput, StepInput } from "./save-plan.ts";
import { hourWords } from "./step-words.ts";

/** What stands in the boxes of the settings page, as it was typed. It lives in its form alone. */
export type PlanDraft = Omit<PlanInput, "hour"> & {
  hour: string;
  /** The example whose dates are shown. */
  sentOn: string;
  dueOn: string;
};

const NOON = 12;
const EXAMPLE_DUE_IN_DAYS = 14;
const FIRST_HOUR = 9;
const LONGEST_EXAMPLE_DAYS = 3_660;

/** What a firm that never saved a plan starts from. It is off until somebody switches it on: no email goes out unasked. */
const SUGGESTION: Omit<StoredPlan, "version"> = {
  isOn: false,
  hour: FIRST_HOUR,
  shift: "before",
  skipsHolidays: true,
  steps: [
    { position: 1, side: "before", days: 3, isOn: true },
    { position: 2, side: "on", days: 0, isOn: true },
    { position: 3, side: "after", days: 7, isOn: true },
  ],
};

/** The form of a firm's plan as it is saved, with an example that is sent today. */
export function startDraft(plan: StoredPlan | undefined, today: Day): PlanDraft {
  const { isOn, hour, shift, skipsHolidays, steps } = plan ?? SUGGESTION;
  return {
    version: plan?.version ?? 0,
    isOn,
    hour: String(hour),
    shift,
    skipsHolidays,
    steps: steps.map((step) => ({ side: step.side, days: String(step.days), isOn: step.isOn })),
    sentOn: today,
    dueOn: addDays(today, EXAMPLE_DUE_IN_DAYS),
  };
}

/** What a form carries. */
export function readDraft(form: Form): PlanDraft {
  const version = form.text("version");
  const positions = Array.from({ length: MOST_STEPS }, (_, index) => index + 1);
  return {
    version: /^\d{1,9}$/.test(version) ? Number(version) : 0,
    isOn: form.text("all") === "on",
    hour: form.text("hour"),
    shift: form.text("shift"),
    skipsHolidays: form.text("holidays") === "on",
    steps: positions
      .filter((position) => form.has(`side-${position}`))
      .map((position) => ({
        side: form.text(`side-${position}`),
        days: form.text(`days-${position}`),
        isOn: form.text(`on-${position}`) === "on",
      })),
    sentOn: form.text("sentOn"),
    dueOn: form.text("dueOn"),
  };
}

/** What the verb is given of a draft. Text that is no hour becomes one that no plan has. */
export function toPlanInput(draft: PlanDraft): PlanInput {
  return { ...draft, hour: /^\d{1,2}$/.test(draft.hour) ? Number(draft.hour) : -1 };
}

/** The draft after a button that changes its rows: `add`, `addOn` or `delete-<position>`. Another leaves it as it is. */
export function changeRows(draft: PlanDraft, button: string): PlanDraft {
  const added: StepInput = { side: "after", days: "", isOn: true };
  if (button === "add" || button === "addOn") {
    if (draft.steps.length >= MOST_STEPS) return draft;
    const step = button === "add" ? added : { side: "on", days: "0", isOn: true };
    return { ...draft, steps: [...draft.steps, step] };
  }
  const position = Number(/^delete-(\d)$/.exec(button)?.[1] ?? 0);
  return { ...draft, steps: draft.steps.filter((_, index) => index + 1 !== position) };
}

/** The plan as far as a draft can be read: a row without a proper number of days has no date yet. */
export function readablePlan(draft: PlanDraft): Plan {
  const { hour } = toPlanInput(draft);
  return {
    hour: hour >= 0 && hour < 24 ? hour : FIRST_HOUR,
    shift: draft.shift === "after" ? "after" : "before",
    skipsHolidays: draft.skipsHolidays,
    steps: draft.steps.flatMap((step, index) => (step.isOn ? (readableStep(step, index + 1) ?? []) : [])),
  };
}

/** The example as facts of a link that is sent at noon, as the firm's links live; undefined while its days cannot be read. */
export function exampleFacts(
  draft: PlanDraft,
  timeZone: string,
  settings: Parameters<typeof endOfLife>[0],
): LinkFacts | undefined {
  if (!isDay(draft.sentOn) || (draft.dueOn !== "" && !isDay(draft.dueOn))) return undefined;
  if (draft.dueOn !== "" && Math.abs(daysBetween(draft.sentOn, draft.dueOn)) > LONGEST_EXAMPLE_DAYS)
    return undefined;
  const askedAt = instantAt(draft.sentOn, NOON, timeZone);
  const dueOn = draft.dueOn === "" ? null : draft.dueOn;
  return { dueOn, askedAt, expiresAt: endOfLife(settings, askedAt, { dueOn, timeZone }) };
}

/** Whether text is a day of the calendar between 1900 and 2200, as `2026-11-30`. */
export function isDay(text: string): boolean {
  if (!/^(19|20|21)\d\d-\d\d-\d\d$/.test(text)) return false;
  const parsed = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}

/** A draft in one line, to be laid beside another. */
export function draftWords(draft: PlanDraft): string {
  const steps = draft.steps
    .filter((step) => step.isOn)
    .map((step) => (step.side === "on" ? "on the due date" : `${step.days} days ${step.side} due`));
  const days = draft.shift === "before" ? "the business day before" : "the business day after";
  const hour = hourWords(readablePlan(draft).hour);
  return `${draft.isOn ? "On" : "Off"}: ${[...steps, `at ${hour}`, `on ${days} a day off`].join(", ")}`;
}

function readableStep(step: StepInput, position: number): Step | undefined {
  if (step.side === "on") return { position, side: "on", days: 0 };
  const days = /^\d{1,3}$/.test(step.days) ? Number(step.days) : 0;
  if (days < 1 || days > MOST_DAYS || (step.side !== "before" && step.side !== "after")) return undefined;
  return { position, side: step.side, days };
}
