import { record } from "../audit/record.ts";
import { conflict, invalid, notFound } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { demand } from "../web/env.ts";
import { findLink, findRequestLinks, type LinkRow, lockLink, lockRequest, updateLink } from "./queries.ts";

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
    const { link, open, sendCount } = await lockOpenRequest(tx, cx.firmId, input.linkId);
    if (link.send_count !== input.sendCount) return link;
    if (link.payer_emails.length === 0)
      throw invalid({ payerEmails: "This link has no email address yet. Enter one, then send it" });
    for (const each of open) await writeResent(tx, cx, each, sendCount);
    await enqueue(tx, "delivery.request", { firmId: cx.firmId, requestId: link.request_id });
    return await lockLink(tx, cx.firmId, link.id);
  });
}

/**
 * Sends one locked link again, in an email of its own: of the others of its request only the number of sendings is read, so that no
 * second lock is taken. Two links of one request that are both sent so come in two emails.
 */
export async function resendLocked(tx: Tx, cx: MemberContext, link: LinkRow): Promise<void> {
  const all = await findRequestLinks(tx, cx.firmId, link.request_id);
  const sendCount = Math.max(...all.map((each) => each.send_count));
  await writeResent(tx, cx, link, sendCount);
  await enqueue(tx, "delivery.request", { firmId: cx.firmId, requestId: link.request_id });
}

async function writeResent(tx: Tx, cx: MemberContext, link: LinkRow, sendCount: number): Promise<void> {
  await updateLink(tx, cx.firmId, link.id, sending(cx, sendCount));
  await record(tx, cx, {
    action: "link.resent",
    objectKind: "link",
    objectId: link.id,
    linkId: link.id,
    after: { recipients: link.payer_emails.length },
  });
}

/**
 * Locks a link together with the others of its request. `open` are those that can still be paid, `sendCount` is the highest of all.
 * Throws `conflict` when the link itself is closed.
 */
export async function lockOpenRequest(
  tx: Tx,
  firmId: string,
  linkId: string,
): Promise<{ link: LinkRow; open: LinkRow[]; sendCount: number }> {
  const found = await findLink(tx, firmId, linkId);
  if (!found) throw notFound("link");
  const all = await lockRequest(tx, firmId, found.request_id);
  const open = all.filter((each) => each.state === "outstanding");
  const link = open.find((each) => each.id === linkId);
  if (!link) throw conflict("This link is no longer outstanding, so it is not sent again.");
  return { link, open, sendCount: Math.max(...all.map((each) => each.send_count)) };
}

/** The columns of a link whose email is to go out once more, as the sending after `sendCount`. */
export function sending(cx: MemberContext, sendCount: number) {
  return {
    send_count: sendCount + 1,
    delivery: "queued",
    delivery_reason: null,
    updated_at: cx.now(),
  } as const;
}
