import type { Context, FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { noteDelivery } from "../links/note-delivery.ts";
import { isClosed } from "../links/state.ts";
import type { Message, SendOutcome } from "../mail/port.ts";
import type { JobFacts } from "../queue/handler.ts";
import { type LockedEmail, lockWithLinks, moveEmail } from "./apply.ts";
import { composeEmail } from "./compose.ts";
import { updateEmail } from "./queries.ts";
import { canMoveEmail, UNCLEAR_REASON } from "./state.ts";

/**
 * Sends one queued email, at most once: `sending` is committed before the mail service is asked, so an email that is found in that
 * state was begun by a runner that died, and nobody knows whether it went out. It becomes `unclear`, for a person to decide. Throws
 * when the service takes no mail at the moment, so that the queue tries again.
 */
export async function sendEmail(
  cx: FirmContext,
  emailId: string,
  job: Pick<JobFacts, "isLastAttempt">,
): Promise<void> {
  const message = await begin(cx, emailId);
  if (!message) return;
  const outcome = await cx.mail.send(message);
  await finish(cx, emailId, message, outcome, job);
  if (outcome.outcome === "later" && !job.isLastAttempt) throw new Error(outcome.reason);
}

function begin(cx: FirmContext, emailId: string): Promise<Message | undefined> {
  return withFirm(cx.database, cx.firmId, async (tx) => {
    const locked = await lockWithLinks(tx, cx.firmId, emailId);
    if (!locked) return undefined;
    if (locked.email.state === "sending") {
      await moveEmail(tx, cx, locked, "unclear", { reason: UNCLEAR_REASON });
      return undefined;
    }
    if (locked.email.state !== "queued") return undefined;
    const message = await composeEmail(tx, cx, locked.email, locked.links);
    if (!message) {
      await giveUp(tx, cx, locked);
      return undefined;
    }
    await moveEmail(tx, cx, locked, "sending", { subject: message.subject });
    return message;
  });
}

/** What the email was about is settled or goes elsewhere by now: it is not sent, and a closed link counts as never emailed. */
async function giveUp(tx: Tx, cx: FirmContext, locked: LockedEmail): Promise<void> {
  const isTold = locked.email.kind === "notice" || locked.email.kind === "test";
  const reason = isTold
    ? "There was nothing to tell any more when the email was to go out."
    : "The link was closed or readdressed before the email went out.";
  await moveEmail(tx, cx, locked, "failed", { reason });
  if (locked.email.kind !== "request") return;
  for (const link of locked.links) {
    if (isClosed(link.state)) await noteDelivery(tx, cx, link, "not_emailed", reason);
  }
}

function finish(
  cx: FirmContext,
  emailId: string,
  message: Message,
  outcome: SendOutcome,
  job: Pick<JobFacts, "isLastAttempt">,
): Promise<void> {
  return withFirm(cx.database, cx.firmId, async (tx) => {
    const locked = await lockWithLinks(tx, cx.firmId, emailId);
    if (!locked) return;
    switch (outcome.outcome) {
      case "sent":
        if (canMoveEmail(locked.email.state, "sent")) {
          await moveEmail(tx, cx, locked, "sent", { messageId: outcome.messageId, subject: message.subject });
        } else {
          // The service's webhook was quicker than its answer: the state stands, the id is still worth keeping.
          await updateEmail(tx, cx.firmId, emailId, { message_id: outcome.messageId, sent_at: cx.now() });
        }
        return;
      case "refused":
        await moveEmail(tx, cx, locked, "bounced", { reason: outcome.reason });
        return;
      case "later":
        if (job.isLastAttempt) await moveEmail(tx, cx, locked, "failed", { reason: outcome.reason });
        else await moveEmail(tx, cx, locked, "queued", { reason: outcome.reason });
        return;
      case "unclear":
        await moveEmail(tx, cx, locked, "unclear", { reason: UNCLEAR_REASON });
    }
  });
}

/** The context in which mail is sent and its fate recorded. */
export function mailContext(cx: Context, firmId: string, requestId: string): FirmContext {
  return { ...cx, firmId, actor: { kind: "mail", name: "Mail service" }, requestId };
}
