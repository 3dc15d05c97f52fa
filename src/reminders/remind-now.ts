import { type Day, dayOf } from "../base/day.ts";
import { conflict, notFound, Problem } from "../base/error.ts";
import { newId } from "../base/id.ts";
import type { Context, MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { findLink, type LinkRow, lockRequest } from "../links/queries.ts";
import { getFirm } from "../settings/queries.ts";
import { findMember } from "../team/queries.ts";
import { demand } from "../web/env.ts";
import { findByOccurrence, findSentOn } from "./queries.ts";
import { type Noted, noteReminder, queueReminders } from "./send.ts";
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

/** What went out by one click: the link, and the other links of its request that the same letter names. */
type Reminded = { link: LinkRow; beside: LinkRow[] };

export type RemindNow = {
  linkId: string;
  /** Names what asked for it: asked twice under one name, one reminder goes out. */
  occurrence: string;
  /** Other links of the request that were chosen, too; left out, each whose reminders are on. */
  besideIds?: readonly string[] | undefined;
};

/**
 * Reminds the payer of one link at once, and in the same letter of the other links of its request that can be reminded of. Throws
 * `conflict` when a reminder of the link went out today already, when it takes no payment, and when there is no address that works.
 */
export async function remindNow(cx: MemberContext, input: RemindNow): Promise<Reminded> {
  demand(cx, "links.send");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const found = await findLink(tx, cx.firmId, input.linkId);
    if (!found) throw notFound("link");
    const request = await lockRequest(tx, cx.firmId, found.request_id);
    const link = request.find((each) => each.id === found.id) ?? found;
    const others = request.filter((each) => each.id !== found.id);
    const wasSent = async (each: LinkRow) =>
      (await findByOccurrence(tx, cx.firmId, each.id, input.occurrence)) !== undefined;
    if (await wasSent(link)) return { link, beside: await keep(others, wasSent) };
    const stop = stopOf(link, cx.now());
    if (stop !== undefined && stop !== "off") throw conflict(REFUSALS[stop]);
    const { time_zone: timeZone } = await getFirm(tx, cx.firmId);
    const today = dayOf(cx.now(), timeZone);
    if (await findSentOn(tx, cx.firmId, link.id, today))
      throw conflict("A reminder went out today already. The next one can go out tomorrow.");
    const beside = await listBeside(tx, cx, others, { today, besideIds: input.besideIds });
    const cause = { kind: "hand", occurrence: input.occurrence, memberId: cx.actor.id } as const;
    const noted: Noted[] = [];
    for (const each of [link, ...beside])
      noted.push(await noteReminder(tx, cx, { link: each, cause, timeZone }));
    await queueReminders(tx, cx, inOneLetter(noted));
    return { link, beside };
  });
}

/** The other links of a request that are named in a reminder by hand of one of them: those chosen, else each whose reminders are on. */
export async function listBeside(
  tx: Tx,
  cx: Pick<MemberContext, "firmId" | "now">,
  others: readonly LinkRow[],
  wish: { today: Day; besideIds: readonly string[] | undefined },
): Promise<LinkRow[]> {
  return await keep(others, async (each) => {
    const stop = stopOf(each, cx.now());
    const isMeant = wish.besideIds?.includes(each.id) ?? stop === undefined;
    if (!isMeant || (stop !== undefined && stop !== "off")) return false;
    return (await findSentOn(tx, cx.firmId, each.id, wish.today)) === undefined;
  });
}

async function keep(
  links: readonly LinkRow[],
  isKept: (link: LinkRow) => Promise<boolean>,
): Promise<LinkRow[]> {
  const kept: LinkRow[] = [];
  for (const link of links) if (await isKept(link)) kept.push(link);
  return kept;
}

/** One letter has one beginning: before or after the due date of the link that it names first, the operating one. */
function inOneLetter(noted: readonly Noted[]): Noted[] {
  const first = noted.find(({ link }) => link.account_kind === "operating") ?? noted[0];
  return noted.map((each) => ({ ...each, topic: first?.topic ?? each.topic }));
}

/**
 * The same as a job, for links of one request that a member chose among many. What stands in the way of one by then (a payment, a
 * reminder of today, a role that was taken away) leaves it out; the link's page says why.
 */
export async function remindNowAs(
  cx: Context,
  input: {
    firmId: string;
    linkId: string;
    besideIds?: readonly string[] | undefined;
    by: string;
    occurrence: string;
  },
): Promise<void> {
  const { firmId, occurrence } = input;
  const member = await withFirm(cx.database, firmId, (tx) => findMember(tx, firmId, input.by));
  if (member?.state !== "active") return;
  const { id, name, role, person_id: personId } = member;
  const who: MemberContext = {
    ...cx,
    firmId,
    actor: { kind: "member", id, name, role, personId },
    requestId: newId(),
  };
  const chosen = [input.linkId, ...(input.besideIds ?? [])];
  for (const [index, linkId] of chosen.entries()) {
    try {
      await remindNow(who, { linkId, occurrence, besideIds: chosen.slice(index + 1) });
      return;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      cx.log.info("a reminder was not sent", { firmId, linkId, reason: error.code });
    }
  }
}
