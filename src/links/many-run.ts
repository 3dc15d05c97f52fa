import { record } from "../audit/record.ts";
import { addDays, dayOf, daysBetween, formatShortDay } from "../base/day.ts";
import { Problem } from "../base/error.ts";
import { newId } from "../base/id.ts";
import type { Context, MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { getFirm } from "../settings/queries.ts";
import { findMember } from "../team/queries.ts";
import { cancelLocked } from "./cancel.ts";
import { endOfDay, extendLocked, LONGEST_LIFE_DAYS } from "./extend.ts";
import { refusalNow } from "./many-facts.ts";
import {
  type Action,
  countItems,
  finishAction,
  getAction,
  listWaiting,
  settleItem,
  takeItem,
} from "./many-queries.ts";
import { remindChosen } from "./many-remind.ts";
import { type LinkRow, lockLink } from "./queries.ts";
import { resendLocked } from "./resend.ts";
import { listScope } from "./sent-scope.ts";

/** Links that are looked up at once; each is a transaction of its own. */
const CHUNK_LINKS = 100;

type ManyJob = { firmId: string; actionId: string };
type Run = { cx: MemberContext; action: Action; timeZone: string };

/**
 * Acts on the waiting links of an action, one after the other, each in a transaction that checks it as it stands then and notes what
 * became of it: killed and begun again, it goes on where it was and does nothing twice. Throws when links are left that another run
 * holds, so that the job comes back for them.
 */
export async function actOnMany(cx: Context, job: ManyJob, signal: AbortSignal | undefined): Promise<void> {
  const run = await prepare(cx, job);
  if (run.action.finished_at !== null) return;
  for (let after = 0; ; ) {
    const waiting = await withFirm(cx.database, job.firmId, (tx) =>
      listWaiting(tx, job.firmId, job.actionId, after, CHUNK_LINKS),
    );
    for (const { linkId } of waiting) {
      if (signal?.aborted) return await goOnLater(cx, job);
      await actOnOne(run, linkId);
    }
    const last = waiting.at(-1);
    if (!last) break;
    after = last.position;
  }
  await finish(run);
}

/** The member who asked stands behind each step, also when the job runs later. */
async function prepare(cx: Context, { firmId, actionId }: ManyJob): Promise<Run> {
  return await withFirm(cx.database, firmId, async (tx) => {
    const action = await getAction(tx, firmId, actionId);
    const firm = await getFirm(tx, firmId);
    const member = await findMember(tx, firmId, action.created_by);
    if (!member) throw new Error("an action on links has no member behind it");
    const { id, name, role, person_id: personId } = member;
    const actor = { kind: "member", id, name, role, personId } as const;
    return { cx: { ...cx, firmId, actor, requestId: newId() }, action, timeZone: firm.time_zone };
  });
}

async function goOnLater(cx: Context, job: ManyJob): Promise<void> {
  await withFirm(cx.database, job.firmId, (tx) => enqueue(tx, "links.actOnMany", job));
}

async function finish({ cx, action }: Run): Promise<void> {
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const counts = await countItems(tx, cx.firmId, action.id);
    if (counts.waiting > 0) throw new Error("links of an action are held by another run");
    if (!(await finishAction(tx, cx.firmId, action.id, cx.now()))) return;
    await record(tx, cx, {
      action: "linkAction.finished",
      objectKind: "linkAction",
      objectId: action.id,
      after: { done: counts.done, refused: counts.refused },
    });
  });
}

/** A refusal that comes as a problem undoes the step, so it is noted in a transaction of its own. */
async function actOnOne(run: Run, linkId: string): Promise<void> {
  const { cx, action } = run;
  const settle = (tx: Tx, reason: string | undefined) => settleItem(tx, cx.firmId, action.id, linkId, reason);
  try {
    await withFirm(cx.database, cx.firmId, async (tx) => {
      if (action.verb === "remind") return await remindChosen(tx, run, linkId);
      if (!(await takeItem(tx, cx.firmId, action.id, linkId))) return;
      await settle(tx, await step(tx, run, await lockLink(tx, cx.firmId, linkId)));
    });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await withFirm(cx.database, cx.firmId, async (tx) => {
      if (await takeItem(tx, cx.firmId, action.id, linkId)) await settle(tx, error.message);
    });
  }
}

/** Does what is asked, other than reminding, to one locked link. Returns why it does not, if so. */
async function step(tx: Tx, run: Run, link: LinkRow): Promise<string | undefined> {
  const { cx, action, timeZone } = run;
  const scope = listScope(cx, cx.firmId, timeZone);
  const refusal = await refusalNow(tx, scope, action.verb, link);
  if (refusal !== undefined) return refusal;
  if (action.verb === "cancel") {
    await cancelLocked(tx, cx, link, action.reason ?? undefined);
    return undefined;
  }
  if (action.verb === "extend") return await extend(tx, run, link, scope.today);
  await resendLocked(tx, cx, link);
  return undefined;
}

/** An extension never shortens: a link that runs longer by now stays as it is. */
async function extend(
  tx: Tx,
  { cx, action, timeZone }: Run,
  link: LinkRow,
  today: string,
): Promise<string | undefined> {
  const now = dayOf(link.expires_at, timeZone);
  const until = action.expires_on ?? addDays(now, action.extend_days ?? 0);
  if (daysBetween(today, until) > LONGEST_LIFE_DAYS)
    return "It would then run for more than a year from today";
  const expiresAt = endOfDay(until, timeZone);
  if (expiresAt <= link.expires_at) return `It runs until ${formatShortDay(now)} already`;
  await extendLocked(tx, cx, link, expiresAt);
  return undefined;
}
