import { newId } from "../base/id.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { type Tx, transact } from "../db/tx.ts";
import type { JobName } from "../queue/catalog.ts";
import { enqueue } from "../queue/enqueue.ts";
import { insertEventOnce, insertParked, PAYOUT_EVENTS } from "./queries.ts";

export type InboxSource = "stripe" | "postmark" | "connector";
/** The job that acts on one event of a source. Started by name: those features stand later in the order. */
const HANDLERS = {
  stripe: "payments.onStripe",
  postmark: "delivery.onPostmark",
  connector: "connections.onHint",
} as const satisfies Record<InboxSource, JobName>;

export type IncomingEvent = {
  source: InboxSource;
  externalId: string;
  type: string;
  account: string | undefined;
  /** What the job needs to act; kept as it is. */
  payload: Record<string, unknown>;
};

/**
 * Keeps an outside event and enqueues what acts on it, in one transaction. The same event again changes nothing and is a success.
 * Returns whether it was new.
 */
export function receiveEvent(cx: Context, firmId: string, event: IncomingEvent): Promise<boolean> {
  return withFirm(cx.database, firmId, async (tx) => {
    const inboxEventId = newId();
    const isNew = await insertEventOnce(tx, {
      firm_id: firmId,
      id: inboxEventId,
      source: event.source,
      external_id: event.externalId,
      type: event.type,
      account: event.account ?? null,
      payload: JSON.stringify(event.payload),
    });
    if (isNew && handlerOf(event) === HANDLERS.stripe) await enqueueNew(tx, firmId);
    else if (isNew) await enqueueEvent(tx, firmId, { ...event, id: inboxEventId });
    return isNew;
  });
}

/**
 * Enqueues what acts on all new events of a firm's payments. One job that waits is enough, and it keeps its place before later work; one
 * that runs is followed by another.
 */
export async function enqueueNew(tx: Tx, firmId: string): Promise<void> {
  const name = `payments.onEvents:${firmId}`;
  await enqueue(tx, "payments.onEvents", { firmId }, { queue: name, key: name, keyMode: "keep" });
}

/** Enqueues what acts on one kept event. One job per event: one that waits or gave up is begun anew. */
export async function enqueueEvent(
  tx: Tx,
  firmId: string,
  event: { id: string; source: InboxSource; type: string },
): Promise<void> {
  const options = { key: `inbox:${event.id}`, keyMode: "keep" } as const;
  await enqueue(tx, handlerOf(event), { firmId, inboxEventId: event.id }, options);
}

function handlerOf({ source, type }: Pick<IncomingEvent, "source" | "type">) {
  const isPayout = source === "stripe" && type.startsWith(PAYOUT_EVENTS);
  return isPayout ? ("deposits.onStripe" as const) : HANDLERS[source];
}

/** Notes an event that belongs to no firm of ours, without its content, so that an operator can see that it came. */
export async function parkEvent(cx: Context, event: Omit<IncomingEvent, "payload">): Promise<void> {
  await transact(cx.database, (tx) =>
    insertParked(tx, {
      source: event.source,
      external_id: event.externalId,
      type: event.type,
      account: event.account ?? null,
    }),
  );
  cx.log.warn("an event for an unknown account was parked", { source: event.source, type: event.type });
}
