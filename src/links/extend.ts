import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { record } from "../audit/record.ts";
import { type Day, dayOf, daysBetween } from "../base/day.ts";
import { conflict, invalid } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { getFirm } from "../settings/queries.ts";
import { demand } from "../web/env.ts";
import { type LinkRow, lockLink, updateLink } from "./queries.ts";
import { parseInput } from "./request.ts";

/** A link lives at most a year. */
export const LONGEST_LIFE_DAYS = 365;

const extendInput = z.object({
  linkId: z.string(),
  /** The last day on which the link can be paid, in the firm's time zone. */
  expiresOn: z.iso.date("Enter the last day, like 2026-12-31"),
});

/** Moves the day on which an outstanding link runs out. Throws `invalid` for a day that is past or too far, `conflict` when closed. */
export async function extendLink(cx: MemberContext, input: z.input<typeof extendInput>): Promise<LinkRow> {
  demand(cx, "links.send");
  const request = parseInput(extendInput, input);
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const link = await lockLink(tx, cx.firmId, request.linkId);
    if (link.state !== "outstanding")
      throw conflict("This link is no longer outstanding, so its expiry stays.");
    const firm = await getFirm(tx, cx.firmId);
    const days = daysBetween(dayOf(cx.now(), firm.time_zone), request.expiresOn);
    if (days < 0) throw invalid({ expiresOn: "Enter today or a later day" });
    if (days > LONGEST_LIFE_DAYS) throw invalid({ expiresOn: "Enter a day within one year" });
    return await extendLocked(tx, cx, link, endOfDay(request.expiresOn, firm.time_zone));
  });
}

/** Moves the end of a locked link that is outstanding and records it, in the caller's transaction. */
export async function extendLocked(
  tx: Tx,
  cx: MemberContext,
  link: LinkRow,
  expiresAt: Date,
): Promise<LinkRow> {
  const extended = await updateLink(tx, cx.firmId, link.id, {
    expires_at: expiresAt,
    updated_at: cx.now(),
  });
  await record(tx, cx, {
    action: "link.extended",
    objectKind: "link",
    objectId: link.id,
    linkId: link.id,
    before: { expiresAt: link.expires_at.toISOString() },
    after: { expiresAt: expiresAt.toISOString() },
  });
  return extended;
}

/** The last second of a day in a time zone, also on the days on which clocks change. */
export function endOfDay(day: Day, timeZone: string): Date {
  const next = Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime(timeZone);
  return new Date(next.epochMilliseconds - 1_000);
}
