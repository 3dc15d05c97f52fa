import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { transact } from "../db/tx.ts";
import { listFirms, listStale, setApart } from "./queries.ts";
import { enqueueEvent } from "./receive.ts";

/** A job's own tries cover shorter troubles; this is for jobs that were lost or gave up. */
const STALE_AFTER_MS = 3_600_000;
const EVENTS_PER_FIRM_LIMIT = 100;

/** Enqueues again what acts on events that nobody has acted on for an hour. Returns how many there were. */
export async function sweepInbox(cx: Context): Promise<number> {
  const before = new Date(cx.now().getTime() - STALE_AFTER_MS);
  let count = 0;
  for (const firmId of await transact(cx.database, listFirms)) {
    count += await withFirm(cx.database, firmId, async (tx) => {
      const stale = await listStale(tx, firmId, before, EVENTS_PER_FIRM_LIMIT);
      for (const event of stale) {
        await enqueueEvent(tx, firmId, event);
        // So that it is not taken with what is new as well.
        if (event.set_apart_at === null) await setApart(tx, firmId, event.id, cx.now());
      }
      return stale.length;
    });
  }
  return count;
}
