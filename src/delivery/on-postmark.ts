import { never } from "../base/error.ts";
import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { findEvent, lockUnhandledEvent, markHandled } from "../inbox/queries.ts";
import { type LockedEmail, lockWithLinks, moveEmail, recordEmail } from "./apply.ts";
import { type MailEvent, mailEvent } from "./postmark-event.ts";
import { findEmailByMessage, updateEmail } from "./queries.ts";

/** Not the end of an email: it was delayed, or somebody's machine answered. https://postmarkapp.com/developer/api/bounce-api#bounce-types */
const PASSING = new Set([
  "Transient",
  "AutoResponder",
  "AddressChange",
  "DnsError",
  "Subscribe",
  "Unsubscribe",
]);

const BOUNCE_WORDS: Record<string, string> = {
  HardBounce: "There is no such mailbox.",
  SoftBounce: "The mailbox took no mail: it is full or switched off.",
  BadEmailAddress: "This is no email address.",
  SpamNotification: "The receiving server took the email for spam.",
  Blocked: "The receiving server blocked the email.",
  DMARCPolicy: "The receiving server refused the email because of its sender policy.",
  ManuallyDeactivated: "The address was switched off at the mail service.",
};

/** Lays one word of the mail service onto its email and the links behind it. The same event again, or one out of order, changes nothing. */
export async function onPostmark(cx: FirmContext, inboxEventId: string): Promise<void> {
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const seen = await findEvent(tx, cx.firmId, inboxEventId);
    if (!seen || seen.handled_at !== null) return;
    const event = mailEvent.parse(seen.payload);
    // Links before the email before the event: whoever else locks these goes the same way.
    const locked = await lockEmailOf(tx, cx, event);
    if (!(await lockUnhandledEvent(tx, cx.firmId, inboxEventId))) return;
    const outcome = locked ? await applyEvent(tx, cx, locked, event) : "no such email";
    await markHandled(tx, cx.firmId, inboxEventId, cx.now(), outcome);
  });
}

async function lockEmailOf(tx: Tx, cx: FirmContext, event: MailEvent): Promise<LockedEmail | undefined> {
  const named = event.emailId === undefined ? undefined : await lockWithLinks(tx, cx.firmId, event.emailId);
  if (named) return named;
  const found = await findEmailByMessage(tx, cx.firmId, event.messageId);
  return found ? await lockWithLinks(tx, cx.firmId, found.id) : undefined;
}

async function applyEvent(tx: Tx, cx: FirmContext, locked: LockedEmail, event: MailEvent): Promise<string> {
  const messageId = locked.email.message_id ?? event.messageId;
  switch (event.recordType) {
    case "Delivery":
      return said(await moveEmail(tx, cx, locked, "delivered", { messageId }));
    case "Bounce": {
      if (PASSING.has(event.bounceType ?? "")) return "not the end of it";
      return said(await moveEmail(tx, cx, locked, "bounced", { messageId, reason: bounceText(event) }));
    }
    case "SpamComplaint":
      return said(
        await moveEmail(tx, cx, locked, "complained", {
          messageId,
          reason: "The recipient reported the email as spam.",
        }),
      );
    case "Open":
      return await noteOpen(tx, cx, locked, event);
    case "SubscriptionChange":
      return await noteSubscription(tx, cx, locked, event);
    default:
      return never(event.recordType);
  }
}

/** The first opening counts. Mail programs open messages by themselves, so it moves nothing. */
async function noteOpen(tx: Tx, cx: FirmContext, locked: LockedEmail, event: MailEvent): Promise<string> {
  if (locked.email.opened_at !== null) return said(false);
  const at = event.at === undefined ? Number.NaN : Date.parse(event.at);
  await updateEmail(tx, cx.firmId, locked.email.id, {
    opened_at: Number.isNaN(at) ? cx.now() : new Date(at),
  });
  await recordEmail(tx, cx, locked, "email.opened");
  return said(true);
}

/** The recipient, or somebody at the service, stopped or allowed all further mail to the address. What follows a bounce is told with it. */
async function noteSubscription(
  tx: Tx,
  cx: FirmContext,
  locked: LockedEmail,
  event: MailEvent,
): Promise<string> {
  if (event.suppressed && event.suppressionReason !== "ManualSuppression") return "told with the bounce";
  const reason = event.suppressed ? UNSUBSCRIBED : null;
  if (locked.email.reason === reason || !TAKES_REASON.has(locked.email.state)) return said(false);
  await updateEmail(tx, cx.firmId, locked.email.id, { reason });
  await recordEmail(tx, cx, locked, event.suppressed ? "email.stopped" : "email.allowed");
  return said(true);
}

/** States without a reason of their own. */
const TAKES_REASON = new Set<string>(["sent", "delivered"]);
const UNSUBSCRIBED =
  "The recipient asked for no more emails: nothing further arrives at this address. Use another, or call.";

function bounceText(event: MailEvent): string {
  const words =
    BOUNCE_WORDS[event.bounceType ?? ""] ?? event.description ?? "The email could not be delivered.";
  return words.replace(/\S+@\S+/g, "the address");
}

function said(moved: boolean): string {
  return moved ? "applied" : "nothing new";
}
