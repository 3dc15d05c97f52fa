import type { Hono } from "hono";
import { newId } from "../../src/base/id.ts";
import type { MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { type LinkRow, updateLink } from "../../src/links/queries.ts";
import { reminderRoutes } from "../../src/reminders/routes.tsx";
import { type PlanInput, savePlan } from "../../src/reminders/save-plan.ts";
import { sendDueOfFirm } from "../../src/reminders/send-due.ts";
import type { WebEnv } from "../../src/web/env.ts";
import { appOf, useLinkStage } from "../links/stage.ts";
import { makeMember } from "../support/world.ts";

/** Tuesday, ten in the morning in Chicago. */
export const SENT_AT = "2025-11-18T16:00:00Z";
/** A Monday. With the usual plan: reminded on Friday, November 28, Monday, December 1 and Monday, December 8, each at 15:00 UTC. */
export const DUE_ON = "2025-12-01";

/** Three days before, on the due date, seven days after, at nine; ready to be changed. */
export function planInput(change: Partial<PlanInput> = {}): PlanInput {
  return {
    version: 0,
    isOn: true,
    hour: 9,
    shift: "before",
    skipsHolidays: true,
    steps: [
      { side: "before", days: "3", isOn: true },
      { side: "on", days: "", isOn: true },
      { side: "after", days: "7", isOn: true },
    ],
    ...change,
  };
}

/** The stage of links with a clock that stands where a test puts it, an administrator, and what was reminded of. */
export function useReminderStage(options: { realClock?: boolean } = {}) {
  const time = { now: new Date(SENT_AT) };
  const links = useLinkStage(options.realClock ? {} : { now: () => time.now });
  const { stage } = links;
  const setClock = (instant: string) => {
    time.now = new Date(instant);
  };

  const admin = (): Promise<MemberContext> => makeMember(stage.cx, stage.firm.firmId, "admin", "Ana Keane");

  /** Saves a plan over the one that stands. */
  const usePlan = async (change: Partial<PlanInput> = {}) => {
    const current = await links.read((tx) =>
      tx.selectFrom("reminder_plan").select("version").orderBy("version", "desc").limit(1).executeTakeFirst(),
    );
    return await savePlan(await admin(), planInput({ version: current?.version ?? 0, ...change }));
  };

  /** A request that was emailed, due when `DUE_ON` says. */
  const sent = async (change: Parameters<typeof links.issued>[1] = {}): Promise<LinkRow> =>
    (await links.issued(undefined, { dueOn: DUE_ON, ...change })).link;

  /** What a runner does at an instant. */
  const runAt = async (instant: string) => {
    setClock(instant);
    await sendDueOfFirm(stage.cx, stage.firm.firmId);
  };

  /** A link that was sent on the day of the tests, with its dates worked out. */
  const planned = async (wish: Parameters<typeof sent>[0] = {}): Promise<LinkRow> => {
    setClock(SENT_AT);
    const link = await sent(wish);
    await runAt(SENT_AT);
    return link;
  };

  /** What was sent or passed over for a link: `1 sent`, `2 missed`, `hand sent`. */
  const outcomes = async (linkId: string): Promise<string[]> => {
    const rows = await links.read((tx) =>
      tx
        .selectFrom("reminder")
        .selectAll()
        .where("link_id", "=", linkId)
        .orderBy("settled_at")
        .orderBy("position")
        .execute(),
    );
    return rows.map((row) => `${row.position ?? "hand"} ${row.reason ?? row.state}`);
  };

  const letters = (linkId: string) =>
    links.read((tx) =>
      tx
        .selectFrom("email")
        .selectAll()
        .where("link_id", "=", linkId)
        .where("kind", "=", "reminder")
        .execute(),
    );

  const nextOf = async (linkId: string) =>
    (await links.findLink(linkId)).next_reminder_at?.toISOString() ?? null;

  /** Changes a link behind the back of its verbs, as another feature does. */
  const change = (linkId: string, columns: Parameters<typeof updateLink>[3]) =>
    withFirm(stage.cx.database, stage.firm.firmId, (tx) =>
      updateLink(tx, stage.firm.firmId, linkId, columns),
    );

  const app = (): Hono<WebEnv> => {
    const made = appOf(stage.cx);
    made.route("/", reminderRoutes);
    return made;
  };
  const request = async (path: string, member?: MemberContext, fields?: Record<string, string>) =>
    app().request(path, {
      headers: {
        "Sec-Fetch-Site": "same-origin",
        ...(member ? { Cookie: await links.cookieOf(member) } : {}),
      },
      ...(fields ? { method: "POST", body: new URLSearchParams(fields) } : {}),
    });

  return {
    ...links,
    time,
    setClock,
    admin,
    usePlan,
    sent,
    runAt,
    planned,
    outcomes,
    letters,
    nextOf,
    change,
    request,
    newOccurrence: newId,
  };
}
