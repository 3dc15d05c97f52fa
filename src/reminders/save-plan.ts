import { z } from "zod";
import { record } from "../audit/record.ts";
import { conflict, invalid } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { lockName } from "../db/tx.ts";
import { demand } from "../web/env.ts";
import { EARLIEST_HOUR, LATEST_HOUR, MOST_DAYS, MOST_STEPS } from "./plan.ts";
import { findCurrentPlan, insertPlan, type StoredPlan } from "./plan-queries.ts";

const DAYS_TEXT = `Enter a whole number of days from 1 to ${MOST_DAYS}`;

export type StepInput = { side: string; days: string; isOn: boolean };

export type PlanInput = {
  /** The version that the form showed; 0 for none. */
  version: number;
  isOn: boolean;
  hour: number;
  shift: string;
  skipsHolidays: boolean;
  /** As typed, in the order of the form. */
  steps: readonly StepInput[];
};

const frame = z.object({
  hour: z.int().min(EARLIEST_HOUR).max(LATEST_HOUR),
  shift: z.enum(["before", "after"]),
});
const side = z.enum(["before", "on", "after"]);

/**
 * Saves a firm's plan as its next version, for links that are made from now on. The same plan again saves nothing. Throws `invalid` with
 * an error per field (`days-1` to `days-6`), `conflict` when somebody else saved meanwhile. Returns the plan as it stands.
 */
export async function savePlan(cx: MemberContext, input: PlanInput): Promise<StoredPlan> {
  demand(cx, "settings.manage");
  const wanted = parsePlan(input);
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    await lockName(tx, `reminder_plan:${cx.firmId}`);
    const current = await findCurrentPlan(tx, cx.firmId);
    if (current && contentOf(current) === contentOf(wanted)) return current;
    if ((current?.version ?? 0) !== input.version)
      throw conflict("Somebody else saved the reminders meanwhile. Look at them again, then save yours.");
    const plan: StoredPlan = { ...wanted, version: input.version + 1 };
    await insertPlan(
      tx,
      {
        firm_id: cx.firmId,
        version: plan.version,
        is_on: plan.isOn,
        hour: plan.hour,
        shift: plan.shift,
        skips_holidays: plan.skipsHolidays,
        saved_by: cx.actor.id,
        created_at: cx.now(),
      },
      plan.steps.map(({ isOn, ...step }) => ({ ...step, is_on: isOn })),
    );
    await record(tx, cx, {
      action: "reminders.changed",
      objectKind: "settings",
      objectId: cx.firmId,
      before: current && toFacts(current),
      after: toFacts(plan),
    });
    return plan;
  });
}

function parsePlan(input: PlanInput): Omit<StoredPlan, "version"> {
  const errors: Record<string, string> = {};
  const { data, error } = frame.safeParse(input);
  if (error) {
    for (const issue of error.issues) errors[String(issue.path[0])] = "Choose one of the list";
  }
  if (input.steps.length > MOST_STEPS) errors.steps = `A request has at most ${MOST_STEPS} reminders`;
  const steps = input.steps.slice(0, MOST_STEPS).map((step, index) => parseStep(step, index + 1, errors));
  steps.forEach((step, index) => {
    const twin = steps.findIndex((other) => other.side === step.side && other.days === step.days);
    if (twin < index && step.days >= 0)
      errors[`days-${index + 1}`] ??=
        `Reminder ${twin + 1} goes out on the same day. Change one or delete it`;
  });
  if (input.isOn && !steps.some((step) => step.isOn))
    errors.steps ??= "Switch on at least one reminder, or switch off reminders for new requests";
  if (!data || Object.keys(errors).length > 0) throw invalid(errors);
  return { isOn: input.isOn, skipsHolidays: input.skipsHolidays, ...data, steps };
}

/** Notes what is wrong with a step under its field; such a step has -1 days. */
function parseStep(typed: StepInput, position: number, errors: Record<string, string>) {
  const chosen = side.safeParse(typed.side).data;
  if (chosen === undefined) errors[`side-${position}`] = "Choose before, on or after the due date";
  const isCount = /^\d{1,3}$/.test(typed.days);
  const days = chosen === "on" ? 0 : isCount ? Number(typed.days) : -1;
  if (chosen !== "on" && (days < 1 || days > MOST_DAYS)) errors[`days-${position}`] = DAYS_TEXT;
  return { position, side: chosen ?? "on", days, isOn: typed.isOn };
}

function contentOf(plan: Omit<StoredPlan, "version">): string {
  return JSON.stringify(toFacts(plan));
}

function toFacts(plan: Omit<StoredPlan, "version">): Record<string, unknown> {
  return {
    isOn: plan.isOn,
    hour: plan.hour,
    shift: plan.shift,
    skipsHolidays: plan.skipsHolidays,
    steps: plan.steps.map((step) => `${step.days} ${step.side}${step.isOn ? "" : " (off)"}`),
  };
}
