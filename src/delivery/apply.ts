import { record } from "../audit/record.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { noteDelivery } from "../links/note-delivery.ts";
import { findLink, type LinkRow, lockLink, lockRequest } from "../links/queries.ts";
import { enqueue } from "../queue/enqueue.ts";
import { requestIntent } from "./prepare.ts";
import { type EmailRow, findEmail, listEmailsOfIntent, lockEmail, updateEmail } from "./queries.ts";
import { canMoveEmail, deliveryOf, type EmailState } from "./state.ts";

export type LockedEmail = { email: EmailRow; links: LinkRow[] };

/** Locks an email and the links whose delivery hangs on it: links first, as everywhere. Undefined when there is no such email. */
export async function lockWithLinks(
  tx: Tx,
  firmId: string,
  emailId: string,
): Promise<LockedEmail | undefined> {
  const found = await findEmail(tx, firmId, emailId);
  if (!found) return undefined;
  const links = await lockLinksOf(tx, firmId, found);
  const email = await lockEmail(tx, firmId, emailId);
  return email ? { email, links } : undefined;
}

/**
 * Moves a locked email, where that is a move, records it on each of its links and works out anew how far the links' request came.
 * Returns whether it moved: a second or late word from the mail service changes nothing.
 */
export async function moveEmail(
  tx: Tx,
  cx: FirmContext,
  { email, links }: LockedEmail,
  to: EmailState,
  change: { reason?: string | undefined; messageId?: string | undefined; subject?: string | undefined } = {},
): Promise<boolean> {
  if (!canMoveEmail(email.state, to)) return false;
  await updateEmail(tx, cx.firmId, email.id, {
    state: to,
    reason: change.reason ?? null,
    ...(change.messageId === undefined ? {} : { message_id: change.messageId }),
    ...(change.subject === undefined ? {} : { subject: change.subject }),
    ...(email.sent_at === null && (to === "sent" || to === "delivered") ? { sent_at: cx.now() } : {}),
  });
  if (to !== "sending" && to !== "queued")
    await recordEmail(tx, cx, { email, links }, `email.${to}`, change.reason);
  if (email.kind === "request") await refreshDelivery(tx, cx, email, links);
  if (email.kind === "reminder") await refreshByReminder(tx, cx, { email, links }, to, change.reason);
  return true;
}

/** A line in the firm's record, on the time line of each link that the email is about. Never the address. */
export async function recordEmail(
  tx: Tx,
  cx: FirmContext,
  { email, links }: LockedEmail,
  action: string,
  reason?: string | undefined,
): Promise<void> {
  const entry = {
    action,
    objectKind: "email" as const,
    objectId: email.id,
    after: { kind: email.kind, ...(reason === undefined ? {} : { reason }) },
  };
  // What members are told, and that it reached them, is no part of what happened between firm and payer.
  if (links.length === 0 || email.kind === "notice") return await record(tx, cx, entry);
  for (const link of links) await record(tx, cx, { ...entry, linkId: link.id });
}

async function lockLinksOf(tx: Tx, firmId: string, email: EmailRow): Promise<LinkRow[]> {
  if (email.request_id !== null) return await lockRequest(tx, firmId, email.request_id);
  if (email.link_id === null) return [];
  const link = await findLink(tx, firmId, email.link_id);
  return link ? [await lockLink(tx, firmId, link.id)] : [];
}

/** An email to an address that was corrected since, or of an earlier sending, no longer says anything about the link. */
async function refreshDelivery(tx: Tx, cx: FirmContext, email: EmailRow, links: LinkRow[]): Promise<void> {
  if (email.request_id === null) return;
  for (const link of links) {
    const intent = requestIntent(email.request_id, link.send_count);
    if (intent !== email.intent) continue;
    const emails = await listEmailsOfIntent(tx, cx.firmId, intent);
    const { delivery, reason } = deliveryOf(
      emails.filter((each) => link.payer_emails.includes(each.to_address)),
    );
    await noteDelivery(tx, cx, link, delivery, reason);
    if (delivery === "bounced" && link.delivery !== "bounced") await tellBounce(tx, cx, email, link);
  }
}

/** A reminder goes to an address that took the request: when it comes back, the address has stopped working since. */
async function refreshByReminder(
  tx: Tx,
  cx: FirmContext,
  { email, links }: LockedEmail,
  to: EmailState,
  reason: string | undefined,
): Promise<void> {
  if (to !== "bounced" && to !== "complained") return;
  for (const link of links) {
    if (link.state !== "outstanding" || !link.payer_emails.includes(email.to_address)) continue;
    const of = link.payer_emails.length;
    const words = reason ?? "The email could not be delivered.";
    await noteDelivery(tx, cx, link, "bounced", of === 1 ? words : `1 of ${of} addresses: ${words}`);
    if (link.delivery !== "bounced") await tellBounce(tx, cx, email, link);
  }
}

async function tellBounce(tx: Tx, cx: FirmContext, email: EmailRow, link: LinkRow): Promise<void> {
  if (link.state !== "outstanding") return;
  await enqueue(tx, "delivery.notify", {
    firmId: cx.firmId,
    event: "bounce",
    occurrence: email.id,
    linkId: link.id,
  });
}
