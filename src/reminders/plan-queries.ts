import type { Insertable, Selectable } from "kysely";
import type { ReminderPlan, ReminderStep } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import type { Plan, Step } from "./plan.ts";

/** A firm's plan as it was saved: also the steps that are switched off. */
export type StoredPlan = Omit<Plan, "steps"> & {
  version: number;
  isOn: boolean;
  steps: readonly (Step & { isOn: boolean })[];
};

/** The plan that new links take; undefined for a firm that never saved one. */
export async function findCurrentPlan(tx: Tx, firmId: string): Promise<StoredPlan | undefined> {
  const row = await tx
    .selectFrom("reminder_plan")
    .selectAll()
    .where("firm_id", "=", firmId)
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();
  if (!row) return undefined;
  return toPlan(row, await listSteps(tx, firmId, [row.version]));
}

/** Plans by version: what links were made with. */
export async function listPlans(
  tx: Tx,
  firmId: string,
  versions: readonly number[],
): Promise<Map<number, StoredPlan>> {
  if (versions.length === 0) return new Map();
  const rows = await tx
    .selectFrom("reminder_plan")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("version", "in", versions)
    .execute();
  const steps = await listSteps(tx, firmId, versions);
  return new Map(rows.map((row) => [row.version, toPlan(row, steps)]));
}

export async function insertPlan(
  tx: Tx,
  plan: Insertable<ReminderPlan>,
  steps: readonly Omit<Insertable<ReminderStep>, "firm_id" | "version">[],
): Promise<void> {
  await tx.insertInto("reminder_plan").values(plan).execute();
  if (steps.length > 0)
    await tx
      .insertInto("reminder_step")
      .values(steps.map((step) => ({ ...step, firm_id: plan.firm_id, version: plan.version })))
      .execute();
}

/** The plan as links follow it: without the steps that are switched off. */
export function activePlan(plan: StoredPlan): Plan {
  return { ...plan, steps: plan.steps.filter((step) => step.isOn) };
}

function listSteps(tx: Tx, firmId: string, versions: readonly number[]): Promise<Selectable<ReminderStep>[]> {
  return tx
    .selectFrom("reminder_step")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("version", "in", versions)
    .orderBy("version")
    .orderBy("position")
    .execute();
}

function toPlan(row: Selectable<ReminderPlan>, steps: readonly Selectable<ReminderStep>[]): StoredPlan {
  return {
    version: row.version,
    isOn: row.is_on,
    hour: row.hour,
    shift: row.shift,
    skipsHolidays: row.skips_holidays,
    steps: steps
      .filter((step) => step.version === row.version)
      .map((step) => ({
        position: step.position,
        side: step.side,
        days: step.days,
        isOn: step.is_on,
      })),
  };
}

/** How many links can still be paid, from the counters. */
export async function countOpenLinks(tx: Tx, firmId: string): Promise<number> {
  const row = await tx
    .selectFrom("tally")
    .select((eb) => eb.fn.sum<string | null>("delta").as("count"))
    .where("firm_id", "=", firmId)
    .where("family", "=", "link")
    .where("state", "in", ["outstanding", "processing"])
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}
