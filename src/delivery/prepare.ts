import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { type LinkRow, lockRequest } from "../links/queries.ts";
import { findMember, getSender } from "./facts-queries.ts";
import { queueEmail } from "./queue.ts";

/** What calls for the emails of one sending of a request. */
export function requestIntent(requestId: string, sendCount: number): string {
  return `request:${requestId}:${sendCount}`;
}

/**
 * Queues the emails of a request's latest sending: one per address, for all links of the request together. A sending whose emails are
 * there already gets no more. Nothing is queued for links that were closed or copied.
 */
export async function prepareRequest(cx: FirmContext, requestId: string): Promise<void> {
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const links = await lockRequest(tx, cx.firmId, requestId);
    const open = links.filter((link) => link.state === "outstanding" && link.send_count > 0);
    const sendCount = Math.max(0, ...open.map((link) => link.send_count));
    const sent = open.filter((link) => link.send_count === sendCount);
    const addresses = new Set(sent.flatMap((link) => link.payer_emails));
    for (const toAddress of addresses) {
      await queueEmail(tx, cx, {
        kind: "request",
        intent: requestIntent(requestId, sendCount),
        toAddress,
        requestId,
        linkId: sent.length === 1 ? sent[0]?.id : undefined,
      });
    }
    if (addresses.size > 0) await queueCopy(tx, cx, { requestId, sendCount, sent, addresses });
  });
}

type Sending = { requestId: string; sendCount: number; sent: LinkRow[]; addresses: ReadonlySet<string> };

/**
 * The sender's copy, where the firm wants it. None of a sheet's requests, which its page lists, and none to a sender who is asked for
 * the payment themselves.
 */
async function queueCopy(tx: Tx, cx: FirmContext, sending: Sending): Promise<void> {
  const [first] = sending.sent;
  if (!first || first.source === "bulk") return;
  if (!(await getSender(tx, cx.firmId)).copiesToSender) return;
  const member = await findMember(tx, cx.firmId, first.created_by);
  if (!member || member.state === "removed") return;
  if ([...sending.addresses].some((address) => address.toLowerCase() === member.email.toLowerCase())) return;
  await queueEmail(tx, cx, {
    kind: "copy",
    intent: `copy:${sending.requestId}:${sending.sendCount}`,
    toAddress: member.email,
    requestId: sending.requestId,
    linkId: sending.sent.length === 1 ? first.id : undefined,
    memberId: first.created_by,
  });
}
