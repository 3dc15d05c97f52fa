import { record } from "../audit/record.ts";
import { conflict } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { type LinkRow, lockLink, updateLink } from "../links/queries.ts";
import { isClosed } from "../links/state.ts";
import { demand } from "../web/env.ts";
import { findCurrentPlan } from "./plan-queries.ts";

/**
 * Switches the reminders of one link off or on. A link that was made when the firm sent none takes the plan of now. Throws `conflict`
 * for a closed link, and when there is no plan to follow.
 */
export async function switchReminders(
  cx: MemberContext,
  input: { linkId: string; isOn: boolean },
): Promise<LinkRow> {
  demand(cx, "links.send");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const link = await lockLink(tx, cx.firmId, input.linkId);
    if (link.reminders_on === input.isOn && (link.reminder_plan_version !== null || !input.isOn)) return link;
    if (isClosed(link.state))
      throw conflict("This link is closed: it gets no reminders, and there is nothing to switch.");
    const version = link.reminder_plan_version ?? (input.isOn ? await adopt(cx, tx) : null);
    await record(tx, cx, {
      action: input.isOn ? "reminder.switchedOn" : "reminder.switchedOff",
      objectKind: "reminder",
      objectId: link.id,
      linkId: link.id,
      before: { isOn: link.reminders_on },
      after: { isOn: input.isOn },
    });
    return await updateLink(tx, cx.firmId, link.id, {
      reminders_on: input.isOn,
      reminder_plan_version: version,
      updated_at: cx.now(),
    });
  });
}

async function adopt(cx: MemberContext, tx: Parameters<typeof findCurrentPlan>[0]): Promise<number> {
  const plan = await findCurrentPlan(tx, cx.firmId);
  if (plan?.isOn) return plan.version;
  throw conflict("Your firm sends no reminders. An administrator can switch them on in Settings.");
}
