import { newId } from "../base/id.ts";
import type { Context, FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { transact } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { listFirmIds } from "../settings/queries.ts";
import { moveLink } from "./move.ts";
import { noticeExpiring } from "./notice-expiring.ts";
import { listDueIds, lockLink } from "./queries.ts";

/** Of one firm in one run; the next run, a minute later, takes the rest. */
const LINKS_PER_RUN = 500;

/**
 * Closes every link whose time has run out, in all firms, and tells senders of those whose time comes soon. A link that is paid,
 * cancelled or extended meanwhile stays as it is. A firm in which it fails does not hold up the others; the first failure is thrown at
 * the end. Returns how many were closed.
 */
export async function expireDue(cx: Context): Promise<number> {
  const firmIds = await transact(cx.database, listFirmIds);
  let expired = 0;
  let failure: unknown;
  for (const firmId of firmIds) {
    try {
      const who: FirmContext = {
        ...cx,
        firmId,
        actor: { kind: "system", name: "Send for Payment" },
        requestId: newId(),
      };
      expired += await expireOfFirm(who);
      await noticeExpiring(who);
    } catch (error) {
      cx.log.error("links of a firm could not be expired", { firmId }, error);
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return expired;
}

async function expireOfFirm(cx: FirmContext): Promise<number> {
  const ids = await withFirm(cx.database, cx.firmId, (tx) =>
    listDueIds(tx, cx.firmId, cx.now(), LINKS_PER_RUN),
  );
  let expired = 0;
  for (const id of ids) {
    if (await expireLink(cx, id)) expired += 1;
  }
  return expired;
}

function expireLink(cx: FirmContext, linkId: string): Promise<boolean> {
  return withFirm(cx.database, cx.firmId, async (tx) => {
    const link = await lockLink(tx, cx.firmId, linkId);
    if (link.state !== "outstanding" || link.expires_at > cx.now()) return false;
    await moveLink(tx, cx, link, "expired");
    await enqueue(tx, "pay.expireCheckouts", { firmId: cx.firmId, linkId: link.id });
    return true;
  });
}
