import { type Day, dayOf } from "../base/day.ts";
import { notFound } from "../base/error.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { findLink, findRequestLinks, type LinkRow } from "../links/queries.ts";
import { decide } from "./due.ts";
import { type Hindrance, type PlannedStep, planDates, type Step } from "./plan.ts";
import { activePlan, findCurrentPlan, listPlans, type StoredPlan } from "./plan-queries.ts";
import { findMemberNames, listReminders, type ReminderRow } from "./queries.ts";
import { listBeside } from "./remind-now.ts";
import { factsOf } from "./settle-links.ts";
import { type Stop, stopOf } from "./stops.ts";

/** What came, or will come, of one step of the plan or of one reminder by hand. Instants and the firm's days. */
export type Line =
  | { kind: "sent"; step: Step | undefined; at: Date; byName: string | undefined; day: Day }
  | { kind: "skipped"; step: Step; reason: NonNullable<ReminderRow["reason"]>; at: Date }
  | { kind: "planned"; step: PlannedStep; at: Date; day: Day }
  | { kind: "hindered"; step: PlannedStep; hindrance: Hindrance };

export type LinkReminders = {
  link: LinkRow;
  /** The plan that the link was made with; undefined when the firm sent no reminders then. */
  plan: StoredPlan | undefined;
  /** Whether the firm has a plan that is on, which the link could take. */
  hasFirmPlan: boolean;
  lines: Line[];
  stop: Stop | undefined;
  /** A reminder went out today, the firm's day. */
  isReminded: boolean;
  nextAt: Date | null;
  /** The other links of the request that a reminder by hand names, too. */
  beside: LinkRow[];
  today: Day;
};

/** Reads what a link's reminders came to and will come to, as things stand now. Throws `not_found`, also for a link of another firm. */
export function readLinkReminders(
  cx: Context,
  firm: { id: string; timeZone: string },
  linkId: string,
): Promise<LinkReminders> {
  return withFirm(cx.database, firm.id, async (tx) => {
    const link = await findLink(tx, firm.id, linkId);
    if (!link) throw notFound("link");
    const version = link.reminder_plan_version;
    const plan = version === null ? undefined : (await listPlans(tx, firm.id, [version])).get(version);
    const rows = await listReminders(tx, firm.id, [linkId]);
    const stop = stopOf(link, cx.now());
    const names = await findMemberNames(
      tx,
      firm.id,
      rows.flatMap((row) => row.created_by ?? []),
    );
    const open = plan === undefined ? [] : openSteps(plan, link, rows, firm.timeZone);
    const today = dayOf(cx.now(), firm.timeZone);
    const nextAt =
      plan === undefined || stop !== undefined
        ? null
        : decide(open, activePlan(plan), firm.timeZone, cx.now()).nextAt;
    return {
      link,
      plan,
      hasFirmPlan: (await findCurrentPlan(tx, firm.id))?.isOn ?? false,
      lines: [...rows.map((row) => settledLine(row, plan, names)), ...open.map(openLine)],
      stop,
      isReminded: rows.some((row) => row.state === "sent" && row.day === today),
      nextAt,
      beside: await readBeside(tx, cx, link, today),
      today,
    };
  });
}

async function readBeside(tx: Tx, cx: Context, link: LinkRow, today: Day): Promise<LinkRow[]> {
  const { firm_id: firmId, request_id: requestId } = link;
  const others = (await findRequestLinks(tx, firmId, requestId)).filter((each) => each.id !== link.id);
  return await listBeside(tx, { firmId, now: cx.now }, others, { today, besideIds: undefined });
}

function openSteps(
  plan: StoredPlan,
  link: LinkRow,
  rows: readonly ReminderRow[],
  timeZone: string,
): PlannedStep[] {
  const settled = new Set(rows.flatMap((row) => row.position ?? []));
  return planDates(activePlan(plan), factsOf(link), timeZone, settled);
}

function settledLine(row: ReminderRow, plan: StoredPlan | undefined, names: Map<string, string>): Line {
  const step = plan?.steps.find((each) => each.position === row.position);
  if (row.reason !== null && step) return { kind: "skipped", step, reason: row.reason, at: row.settled_at };
  const byName = row.created_by === null ? undefined : names.get(row.created_by);
  return { kind: "sent", step, at: row.settled_at, byName, day: row.day };
}

function openLine(step: PlannedStep): Line {
  if (step.hindrance !== undefined) return { kind: "hindered", step, hindrance: step.hindrance };
  if (step.at === undefined || step.day === undefined)
    throw new Error("a step without a date has a hindrance");
  return { kind: "planned", step, at: step.at, day: step.day };
}
