import { z } from "zod";
import { ConnectorError, FAMILIES } from "../../connectors/contract.ts";
import { clearProblems, keepProblems } from "../connections/sync-queries.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { findEvent, lockUnhandledEvent, markHandled } from "../inbox/queries.ts";
import { enqueue } from "../queue/enqueue.ts";
import { batchOf, markGone, storeBatch } from "./batch.ts";
import { addParents, readOne } from "./parents.ts";

const DEFAULT_WAIT_SECONDS = 60;

const hintPayload = z.object({
  connectionId: z.uuid(),
  family: z.enum(FAMILIES),
  externalId: z.string().min(1),
});
type Hint = z.infer<typeof hintPayload>;
type Target = { firmId: string; inboxEventId: string };
/** What is to be stored, in the transaction that marks the event as handled. Returns the outcome in a word or two. */
type Storing = (tx: Tx) => Promise<string>;

/**
 * Reads the one record that a webhook pointed to, and stores it. The event itself says nothing of the record, so out of order, twice
 * or late, the end is the same. Throws ConnectorError when the vendor cannot be reached, so that the queue tries again.
 */
export async function applyHint(cx: Context, target: Target, signal?: AbortSignal): Promise<void> {
  const event = await withFirm(cx.database, target.firmId, (tx) =>
    findEvent(tx, target.firmId, target.inboxEventId),
  );
  if (!event || event.handled_at !== null) return;
  const hint = hintPayload.parse(event.payload);
  try {
    const storing = await readHinted(cx, target.firmId, hint, signal);
    await handle(cx, target, storing);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    await settle(cx, target, error);
  }
}

async function readHinted(cx: Context, firmId: string, hint: Hint, signal?: AbortSignal): Promise<Storing> {
  const { family, externalId } = hint;
  const key = { firmId, connectionId: hint.connectionId };
  const record = await readOne(cx, key, family, externalId, signal);
  if (typeof record === "string") {
    return async (tx) => {
      await keepProblems(tx, key, family, [{ externalId, reason: record }]);
      return "unreadable";
    };
  }
  if (record === undefined) {
    return async (tx) => {
      const written = await markGone(tx, key, family, externalId, cx.now());
      await clearProblems(tx, key, family, [externalId]);
      return written > 0 ? "deleted" : "unchanged";
    };
  }
  const { batch, problems } = await addParents(cx, key, family, batchOf(family, [record]), signal);
  return async (tx) => {
    const written = await storeBatch(tx, key, batch, cx.now());
    await clearProblems(tx, key, family, [externalId]);
    await keepProblems(tx, key, family, problems);
    if (written > 0 && family === "statements") {
      await enqueue(tx, "postings.confirm", key, { key: `postings.confirm:${key.connectionId}` });
    }
    return written > 0 ? "changed" : "unchanged";
  };
}

async function handle(cx: Context, { firmId, inboxEventId }: Target, storing: Storing): Promise<void> {
  await withFirm(cx.database, firmId, async (tx) => {
    if (!(await lockUnhandledEvent(tx, firmId, inboxEventId))) return;
    await markHandled(tx, firmId, inboxEventId, cx.now(), await storing(tx));
  });
}

/** Asked to wait: later, at the vendor's time. Not authorised or refused: the next sync finds the change. Else the queue tries again. */
async function settle(cx: Context, target: Target, error: ConnectorError): Promise<void> {
  if (error.kind === "rate") {
    const runAt = new Date(cx.now().getTime() + (error.retryAfterSeconds ?? DEFAULT_WAIT_SECONDS) * 1000);
    await withFirm(cx.database, target.firmId, (tx) => enqueue(tx, "connections.onHint", target, { runAt }));
    return;
  }
  if (error.kind !== "auth" && error.kind !== "rejected") throw error;
  await handle(cx, target, async () => "left to the next sync");
}
