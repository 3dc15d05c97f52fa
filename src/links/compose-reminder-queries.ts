import type { Tx } from "../db/tx.ts";

/** One reminder of the firm's plan: so many days before or after the due day, or on it. */
export type ReminderStep = { side: "before" | "on" | "after"; days: number };

/** The reminders that a link gets which is made now, in the order of the plan; none while the firm sends no reminders. */
export async function listReminderSteps(tx: Tx, firmId: string): Promise<ReminderStep[]> {
  const plan = await tx
    .selectFrom("reminder_plan")
    .select(["version", "is_on"])
    .where("firm_id", "=", firmId)
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();
  if (!plan?.is_on) return [];
  return await tx
    .selectFrom("reminder_step")
    .select(["side", "days"])
    .where("firm_id", "=", firmId)
    .where("version", "=", plan.version)
    .where("is_on", "=", true)
    .orderBy("position")
    .execute();
}
