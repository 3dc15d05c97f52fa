import { record } from "../audit/record.ts";
import { conflict, invalid } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { demand } from "../web/env.ts";
import { type LinkRow, lockLink, lockRequest, updateLink } from "./queries.ts";

/**
 * Sends a request again: one email with every link of it that is still outstanding. `sendCount` is what the member saw; when it has
 * moved on, the request was sent again already and nothing more is done. Throws `conflict` when the link is not outstanding.
 */
export async function resendLink(
  cx: MemberContext,
  input: { linkId: string; sendCount: number },
): Promise<LinkRow> {
  demand(cx, "links.send");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const { link, open } = await lockOpenRequest(tx, cx.firmId, input.linkId);
    if (link.send_count !== input.sendCount) return link;
    if (link.payer_emails.length === 0)
      throw invalid({ payerEmails: "This link has no email address yet. Enter one, then send it" });
    for (const each of open) {
      await updateLink(tx, cx.firmId, each.id, sending(cx, each));
      await record(tx, cx, {
        action: "link.resent",
        objectKind: "link",
        objectId: each.id,
        linkId: each.id,
        after: { recipients: each.payer_emails.length },
      });
    }
    await enqueue(tx, "delivery.request", { firmId: cx.firmId, requestId: link.request_id });
    return await lockLink(tx, cx.firmId, link.id);
  });
}

/** Locks a link together with the others of its request. `open` are those that can still be paid. Throws `conflict` when it cannot. */
export async function lockOpenRequest(
  tx: Tx,
  firmId: string,
  linkId: string,
): Promise<{ link: LinkRow; open: LinkRow[] }> {
  const { request_id } = await lockLink(tx, firmId, linkId);
  const all = await lockRequest(tx, firmId, request_id);
  const open = all.filter((each) => each.state === "outstanding");
  const link = open.find((each) => each.id === linkId);
  if (!link) throw conflict("This link is no longer outstanding, so it is not sent again.");
  return { link, open };
}

/** The columns of a link whose email is to go out once more. */
export function sending(cx: MemberContext, link: LinkRow) {
  return {
    send_count: link.send_count + 1,
    delivery: "queued",
    delivery_reason: null,
    updated_at: cx.now(),
  } as const;
}
