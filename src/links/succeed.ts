import { hasLinkEvent } from "../audit/queries.ts";
import { record } from "../audit/record.ts";
import { Problem } from "../base/error.ts";
import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { getSettings } from "../settings/queries.ts";
import { findSuccessor, lockLink } from "./queries.ts";
import { succeed } from "./successor.ts";

const NOT_MADE = "link.notSucceeded";

/**
 * Asks for what a part payment left, by itself where the firm wants it so: in the name of the first link's sender, to the same payer,
 * by email where there is an address. Once: a link has one successor. What stands against it is noted on the link, for a member.
 */
export async function succeedLink(cx: FirmContext, linkId: string): Promise<void> {
  try {
    await withFirm(cx.database, cx.firmId, async (tx) => {
      const link = await lockLink(tx, cx.firmId, linkId);
      const { successor: how } = await getSettings(tx, cx.firmId);
      if (how !== "by_itself" || link.state !== "part_paid") return;
      if (await findSuccessor(tx, cx.firmId, link.id)) return;
      await succeed(tx, cx, link, "email", link.created_by);
    });
  } catch (error) {
    if (!(error instanceof Problem) || (error.code !== "conflict" && error.code !== "invalid")) throw error;
    await noteFailure(cx, linkId, error.message);
  }
}

function noteFailure(cx: FirmContext, linkId: string, reason: string): Promise<void> {
  return withFirm(cx.database, cx.firmId, async (tx) => {
    await lockLink(tx, cx.firmId, linkId);
    if (await hasLinkEvent(tx, cx.firmId, linkId, NOT_MADE)) return;
    await record(tx, cx, {
      action: NOT_MADE,
      objectKind: "link",
      objectId: linkId,
      linkId,
      after: { reason },
    });
  });
}
