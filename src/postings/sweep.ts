import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { transact } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { listFirmIds } from "../settings/queries.ts";
import { listDueConnections, listUnprepared } from "./due-queries.ts";
import { scheduleWrites } from "./schedule.ts";

const SECONDS_MS = 1_000;
const DAYS_MS = 86_400_000;
/** What has waited this long beyond its time has no job, or one that waits in its queue anyway. */
const GRACE_MS = 30 * SECONDS_MS;
/** A payment's own job is tried for a week; the sweep looks back a good while longer. */
const LOOK_BACK_MS = 30 * DAYS_MS;
/** Of one firm in one run; the next run, a minute later, takes the rest. */
const PAYMENTS_PER_RUN = 500;

/**
 * Enqueues what should be under way and may have no job: payments without postings, postings that are due and may go, and tries
 * that left no outcome. A firm in which it fails does not hold up the others; the first failure is thrown at the end.
 */
export async function sweepPostings(cx: Context): Promise<void> {
  const firmIds = await transact(cx.database, listFirmIds);
  let failure: unknown;
  for (const firmId of firmIds) {
    try {
      await sweepFirm(cx, firmId);
    } catch (error) {
      cx.log.error("postings of a firm could not be swept", { firmId }, error);
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
}

function sweepFirm(cx: Context, firmId: string): Promise<void> {
  const now = cx.now().getTime();
  const before = new Date(now - GRACE_MS);
  return withFirm(cx.database, firmId, async (tx) => {
    const arrived = { after: new Date(now - LOOK_BACK_MS), before };
    for (const paymentId of await listUnprepared(tx, firmId, arrived, PAYMENTS_PER_RUN)) {
      await enqueue(
        tx,
        "postings.prepare",
        { firmId, paymentIds: [paymentId] },
        { key: `prepare:${paymentId}`, keyMode: "keep" },
      );
    }
    for (const connectionId of await listDueConnections(tx, firmId, before, new Date(now)))
      await scheduleWrites(tx, firmId, connectionId);
  });
}
