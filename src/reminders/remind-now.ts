import { dayOf } from "../base/day.ts";
import { conflict, Problem } from "../base/error.ts";
import { newId } from "../base/id.ts";
import type { Context, MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { type LinkRow, lockLink } from "../links/queries.ts";
import { getFirm } from "../settings/queries.ts";
import { findMember } from "../team/queries.ts";
import { demand } from "../web/env.ts";
import { findByOccurrence, findSentOn } from "./queries.ts";
import { sendReminder } from "./send.ts";
import { type Stop, stopOf } from "./stops.ts";

/** Why nobody can be reminded of a link, for the member who tried. A link whose reminders are switched off can be. */
const REFUSALS: Record<Exclude<Stop, "off">, string> = {
  processing: "A bank payment is under way, so no reminder was sent.",
  payment_received: "This link is paid, so no reminder was sent.",
  part_paid: "This link took its payment, so no reminder was sent. Ask for the rest with a new link.",
  cancelled: "This link is cancelled, so no reminder was sent.",
  expired: "This link has expired, so no reminder was sent. Make a new one.",
  bounced: "The last email did not arrive. Correct the address first; the request is sent again with it.",
  no_address: "This link has no email address yet. Add one, and the request is sent there.",
};

/**
 * Reminds the payer of one link at once. `occurrence` names what asked for it: asked twice under one name, one reminder goes out.
 * Throws `conflict` when a reminder went out today already, when the link takes no payment, and when there is no address that works.
 */
export async function remindNow(
  cx: MemberContext,
  input: { linkId: string; occurrence: string },
): Promise<LinkRow> {
  demand(cx, "links.send");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const link = await lockLink(tx, cx.firmId, input.linkId);
    if (await findByOccurrence(tx, cx.firmId, link.id, input.occurrence)) return link;
    const stop = stopOf(link, cx.now());
    if (stop !== undefined && stop !== "off") throw conflict(REFUSALS[stop]);
    const { time_zone: timeZone } = await getFirm(tx, cx.firmId);
    if (await findSentOn(tx, cx.firmId, link.id, dayOf(cx.now(), timeZone)))
      throw conflict("A reminder went out today already. The next one can go out tomorrow.");
    const cause = { kind: "hand", occurrence: input.occurrence, memberId: cx.actor.id } as const;
    await sendReminder(tx, cx, { link, cause, timeZone });
    return link;
  });
}

/**
 * The same as a job, for one of many links that a member chose. What stands in the way by then (a payment, a reminder of today, a role
 * that was taken away) ends it without a reminder; the link's page says why.
 */
export async function remindNowAs(
  cx: Context,
  input: { firmId: string; linkId: string; by: string; occurrence: string },
): Promise<void> {
  const member = await withFirm(cx.database, input.firmId, (tx) => findMember(tx, input.firmId, input.by));
  if (member?.state !== "active") return;
  const { id, name, role, person_id: personId } = member;
  const who: MemberContext = {
    ...cx,
    firmId: input.firmId,
    actor: { kind: "member", id, name, role, personId },
    requestId: newId(),
  };
  try {
    await remindNow(who, input);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    cx.log.info("a reminder was not sent", {
      firmId: input.firmId,
      linkId: input.linkId,
      reason: error.code,
    });
  }
}
