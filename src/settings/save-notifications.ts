import { record } from "../audit/record.ts";
import { invalid } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { listNoticeMembers, readNotifications, replaceRules } from "./notification-queries.ts";
import {
  inWords,
  MOST_EXPIRY_DAYS,
  NOTICE_EVENTS,
  type NoticeMember,
  type Notifications,
} from "./notifications.ts";
import { lockSettings, updateSettings } from "./queries.ts";
import { changedParts, demandCurrent, versionOf } from "./section.ts";

/** Saves who hears of what. Throws `invalid` by box, `conflict` when somebody else saved the page meanwhile. */
export async function saveNotifications(
  cx: MemberContext,
  input: { typed: Notifications; seen: string },
): Promise<void> {
  demand(cx, "settings.manage");
  await withFirm(cx.database, cx.firmId, async (tx) => {
    await lockSettings(tx, cx.firmId);
    const members = await listNoticeMembers(tx, cx.firmId);
    check(input.typed, members);
    const before = await readNotifications(tx, cx.firmId);
    demandCurrent(input.seen, versionOf(before));
    const parts = changedParts(inWords(before, members), inWords(input.typed, members));
    if (Object.keys(parts.after).length === 0) return;
    await replaceRules(tx, cx.firmId, input.typed.rules);
    await updateSettings(tx, cx.firmId, {
      expiry_notice_days: Number(input.typed.expiryDays),
      copies_to_sender: input.typed.copiesToSender,
      updated_at: cx.now(),
    });
    await record(tx, cx, {
      action: "settings.notifications_changed",
      objectKind: "settings",
      objectId: "notifications",
      ...parts,
    });
  });
}

function check(typed: Notifications, members: readonly NoticeMember[]): void {
  const faults: Record<string, string> = {};
  const known = new Set(members.map((member) => member.id));
  for (const event of NOTICE_EVENTS) {
    if (typed.rules[event].memberIds.some((id) => !known.has(id)))
      faults[event] = "Somebody you chose is no longer a member. Look at the list and save again";
  }
  if (!/^\d{1,2}$/.test(typed.expiryDays) || Number(typed.expiryDays) > MOST_EXPIRY_DAYS)
    faults.expiryDays = `Enter a whole number of days from 0 to ${MOST_EXPIRY_DAYS}`;
  if (Object.keys(faults).length > 0) throw invalid(faults);
}
