import type { Selectable } from "kysely";
import type { Context } from "../context.ts";
import type { InboxEvent } from "../db/schema.ts";
import { withFirm } from "../db/tenant.ts";
import { allOf } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";
import { listNew, markHandled, setApart } from "../inbox/queries.ts";
import { enqueueEvent, enqueueNew } from "../inbox/receive.ts";
import { type Outcome, settleEvents } from "./settle-events.ts";

const EVENTS_AT_ONCE = 50;
/** As long as a runner that must stop waits for a job; then another job goes on, so that no firm keeps a place for itself. */
const WORK_MS = 20_000;

type Event = Selectable<InboxEvent>;

/**
 * Acts on all new events of a firm's payments, the oldest first, many at once. One that fails among them is set apart and given a job of
 * its own, with the queue's tries and pauses. Killed and begun again, it comes to the same end. Where it must stop early, a new
 * job goes on.
 */
export async function onEvents(
  cx: Context,
  { firmId }: { firmId: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  const until = cx.now().getTime() + WORK_MS;
  while (!signal?.aborted && cx.now().getTime() < until) {
    const events = await withFirm(cx.database, firmId, (tx) => listNew(tx, firmId, EVENTS_AT_ONCE));
    await actOn(cx, firmId, events);
    // What has come meanwhile has asked for a job that follows this one.
    if (events.length < EVENTS_AT_ONCE) return;
  }
  await withFirm(cx.database, firmId, (tx) => enqueueNew(tx, firmId));
}

async function actOn(cx: Context, firmId: string, events: readonly Event[]): Promise<void> {
  if (events.length === 0) return;
  const results = await settleEvents(cx, firmId, events);
  const outcomes = events.flatMap((event, index) => {
    const result = results[index];
    return result ? [{ event, result }] : [];
  });
  const now = cx.now();
  await withFirm(cx.database, firmId, (tx) => allOf(outcomes.map((each) => note(tx, each, now))));
  for (const { event, result } of outcomes)
    if (result.status === "rejected")
      cx.log.warn("an event could not be acted upon among others and gets a job of its own", {
        inboxEventId: event.id,
        reason: result.reason instanceof Error ? result.reason.message : String(result.reason),
      });
}

async function note(
  tx: Tx,
  { event, result }: { event: Event; result: PromiseSettledResult<Outcome> },
  now: Date,
): Promise<void> {
  const { firm_id: firmId, id } = event;
  if (result.status === "fulfilled") return await markHandled(tx, firmId, id, now, result.value);
  await setApart(tx, firmId, id, now);
  await enqueueEvent(tx, firmId, event);
}
