import { findLastEvent } from "../audit/queries.ts";
import { dayOf, formatNearDay } from "../base/day.ts";
import type { Tx } from "../db/tx.ts";

/** Who changed a page of settings last, in words: `Last changed Oct 2 by Ana Keane`. Undefined while nobody did. */
export async function readLastChange(
  tx: Tx,
  firm: { id: string; timeZone: string },
  objectId: string,
  now: Date,
): Promise<string | undefined> {
  const event = await findLastEvent(tx, firm.id, "settings", objectId);
  if (!event) return undefined;
  const day = formatNearDay(dayOf(event.at, firm.timeZone), dayOf(now, firm.timeZone));
  return `Last changed ${day} by ${event.actor_name}`;
}
