import { addDays, type Day, dayOf, daysBetween, instantAt } from "../base/day.ts";
import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { enqueueAll } from "../queue/enqueue.ts";
import { getFirm, getSettings } from "../settings/queries.ts";
import { type ExpiringLink, noteExpiring } from "./expiring-queries.ts";
import { endOfDay } from "./extend.ts";

/** Of the firm's day. Nobody is told in the night. */
const FROM_HOUR = 8;
/** Of one firm in one run; the next run, a minute later, takes the rest. */
const LINKS_PER_RUN = 5_000;

/**
 * Tells senders in the morning which of their outstanding links expire on a day so many days ahead, as the firm has set: one notice for
 * all links of a sender and a last day, and once for each link and last day. A link that was made, or sent again, so close to its last
 * day is passed over: its sender has just seen the day. Returns how many notices were started.
 */
export async function noticeExpiring(cx: FirmContext): Promise<number> {
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const { expiry_notice_days: days } = await getSettings(tx, cx.firmId);
    const { time_zone: timeZone } = await getFirm(tx, cx.firmId);
    const now = cx.now();
    const today = dayOf(now, timeZone);
    if (days === 0 || now < instantAt(today, FROM_HOUR, timeZone)) return 0;
    const until = endOfDay(addDays(today, days), timeZone);
    const noted = await noteExpiring(tx, cx.firmId, { now, until, limit: LINKS_PER_RUN });
    const groups = Map.groupBy(
      noted.filter((link) => knownForDays(link, timeZone) > days),
      (link) => `${link.created_by}:${dayOf(link.expires_at, timeZone)}`,
    );
    const told = [...groups.values()].flatMap((links) => soonest(links) ?? []);
    await enqueueAll(
      tx,
      "delivery.notify",
      told.map((link) => ({
        firmId: cx.firmId,
        event: "expiring" as const,
        occurrence: `${link.id}:${link.expires_at.toISOString()}`,
        linkId: link.id,
      })),
    );
    return told.length;
  });
}

/** The first and the last instant of the firm's day on which a link expires. */
export function lastDayOf(link: { expires_at: Date }, timeZone: string): { day: Day; from: Date; to: Date } {
  const day = dayOf(link.expires_at, timeZone);
  return { day, from: instantAt(day, 0, timeZone), to: endOfDay(day, timeZone) };
}

/** For how many days before its last one a link was there to be seen. */
function knownForDays(link: ExpiringLink, timeZone: string): number {
  const known = link.asked_at ?? link.created_at;
  return daysBetween(dayOf(known, timeZone), dayOf(link.expires_at, timeZone));
}

function soonest(links: readonly ExpiringLink[]): ExpiringLink | undefined {
  return links.toSorted(
    (one, other) => one.expires_at.getTime() - other.expires_at.getTime() || (one.id < other.id ? -1 : 1),
  )[0];
}
