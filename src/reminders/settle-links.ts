import type { Insertable } from "kysely";
import { record } from "../audit/record.ts";
import { dayOf } from "../base/day.ts";
import { newId } from "../base/id.ts";
import type { FirmContext } from "../context.ts";
import type { Reminder } from "../db/schema.ts";
import { withFirm } from "../db/tenant.ts";
import { allOf } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";
import type { LinkRow } from "../links/queries.ts";
import { getFirm } from "../settings/queries.ts";
import { decide, type Settlement } from "./due.ts";
import { type Plan, planDates } from "./plan.ts";
import { activePlan, listPlans } from "./plan-queries.ts";
import * as queries from "./queries.ts";
import { type Noted, noteReminder, queueReminders } from "./send.ts";
import { isPause, stopOf } from "./stops.ts";

type Skipped = Insertable<Reminder> & { id: string };
type Reason = NonNullable<queries.ReminderRow["reason"]>;

/** What a look at a link knows besides the link. */
type Desk = {
  timeZone: string;
  plan: Plan & { version: number };
  past: readonly queries.ReminderRow[];
};

/**
 * Looks at links whose time has come, in one transaction: sends what is due, notes what is passed over and why, and writes down when
 * to look again. Links of one request are looked at together, so that their payer gets one email. A link that somebody else holds, or
 * that was looked at meanwhile, is left alone. Returns how many were looked at.
 */
export function settleLinks(cx: FirmContext, ids: readonly string[]): Promise<number> {
  return withFirm(cx.database, cx.firmId, async (tx) => {
    const links = await queries.lockDue(tx, cx.firmId, ids, cx.now());
    if (links.length === 0) return 0;
    const { time_zone: timeZone } = await getFirm(tx, cx.firmId);
    const versions = [...new Set(links.flatMap((link) => link.reminder_plan_version ?? []))];
    const plans = await listPlans(tx, cx.firmId, versions);
    const past = Map.groupBy(
      await queries.listReminders(
        tx,
        cx.firmId,
        links.map((link) => link.id),
      ),
      (row) => row.link_id,
    );
    const settled = await allOf(
      links.map((link) => {
        const stored = plans.get(link.reminder_plan_version ?? 0);
        if (!stored) return Promise.resolve(ended(link));
        const plan = { ...activePlan(stored), version: stored.version };
        return settleLink(tx, cx, link, { timeZone, plan, past: past.get(link.id) ?? [] });
      }),
    );
    await queueReminders(
      tx,
      cx,
      settled.flatMap(({ noted }) => noted),
    );
    await queries.keepAppointments(
      tx,
      cx.firmId,
      settled.map(({ appointment }) => appointment),
    );
    return links.length;
  });
}

type Settled = { appointment: queries.Appointment; noted: Noted[] };

/** Nobody looks at this link again. */
function ended(link: LinkRow): Settled {
  return { appointment: { linkId: link.id, nextAt: null, nextPosition: null, checkAt: null }, noted: [] };
}

async function settleLink(tx: Tx, cx: FirmContext, link: LinkRow, desk: Desk): Promise<Settled> {
  const { timeZone, plan, past } = desk;
  const now = cx.now();
  const stop = stopOf(link, now);
  if (stop !== undefined && !isPause(stop)) return ended(link);
  const settled = new Set(past.flatMap((row) => row.position ?? []));
  const decision = decide(planDates(plan, factsOf(link), timeZone, settled), plan, timeZone, now);
  const today = dayOf(now, timeZone);
  const isReminded = past.some((row) => row.state === "sent" && row.day === today);
  const skipped: Skipped[] = [];
  const noted: Noted[] = [];
  for (const settlement of decision.settlements) {
    const reason = reasonOf(settlement, stop, isReminded);
    const { position, at: plannedAt } = settlement.step;
    if (reason === undefined) {
      const cause = { kind: "step", version: plan.version, position, plannedAt } as const;
      noted.push(await noteReminder(tx, cx, { link, cause, timeZone }));
    } else {
      const row = { firm_id: cx.firmId, id: newId(), link_id: link.id, version: plan.version, position };
      const planned_at = plannedAt ?? null;
      skipped.push({ ...row, state: "skipped", reason, day: today, planned_at, settled_at: now });
    }
  }
  await noteSkipped(tx, cx, skipped);
  const nextAt = stop === undefined ? decision.nextAt : null;
  const { nextPosition } = decision;
  return { appointment: { linkId: link.id, nextAt, nextPosition, checkAt: decision.nextAt }, noted };
}

/** Undefined when the step is to go out. */
function reasonOf(
  settlement: Settlement,
  stop: ReturnType<typeof stopOf>,
  isReminded: boolean,
): Reason | undefined {
  if (settlement.what !== "send") return settlement.what;
  if (stop !== undefined && isPause(stop)) return stop;
  return isReminded ? "already_today" : undefined;
}

async function noteSkipped(tx: Tx, cx: FirmContext, rows: readonly Skipped[]): Promise<void> {
  await allOf(rows.map((row) => queries.insertReminder(tx, row)));
  await allOf(
    rows.map((row) =>
      record(tx, cx, {
        action: "reminder.skipped",
        objectKind: "reminder",
        objectId: row.id,
        linkId: row.link_id,
        after: { step: row.position, reason: row.reason },
      }),
    ),
  );
}

/** What the dates of a link's reminders follow from. */
export function factsOf(link: Pick<LinkRow, "due_on" | "asked_at" | "created_at" | "expires_at">) {
  return { dueOn: link.due_on, askedAt: link.asked_at ?? link.created_at, expiresAt: link.expires_at };
}
