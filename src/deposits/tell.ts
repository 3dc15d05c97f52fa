import { dayOf } from "../base/day.ts";
import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { enqueue } from "../queue/enqueue.ts";
import { getFirm } from "../settings/queries.ts";
import { findLatestOpen } from "./discrepancy-queries.ts";

const HOUR_MS = 3_600_000;
/** What is older was told of, or stands in the list of things to do for long. */
const NEWS_MS = 48 * HOUR_MS;
/** Much that differs agrees again at the next look, an hour later: nobody is troubled with that. */
const PATIENCE_MS = HOUR_MS;

/**
 * Starts the emails about what does not agree: about alarms of client money each time that there is a new one, about other differences
 * that lasted once for each of the firm's days on which some were found. Started again, nobody hears twice.
 */
export async function tellOfDifferences(who: FirmContext): Promise<void> {
  await withFirm(who.database, who.firmId, async (tx) => {
    const now = who.now();
    const since = new Date(now.getTime() - NEWS_MS);
    const alarm = await findLatestOpen(tx, who.firmId, { alarms: true, since });
    const until = new Date(now.getTime() - PATIENCE_MS);
    const other = await findLatestOpen(tx, who.firmId, { alarms: false, since, until });
    const { time_zone: timeZone } = await getFirm(tx, who.firmId);
    const occurrences = [
      ...(alarm ? [`alarm:${alarm.id}:${alarm.found_at.toISOString()}`] : []),
      ...(other ? [`differences:${dayOf(other.found_at, timeZone)}`] : []),
    ];
    for (const occurrence of occurrences)
      await enqueue(tx, "delivery.notify", { firmId: who.firmId, event: "difference", occurrence });
  });
}
