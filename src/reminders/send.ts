import { record } from "../audit/record.ts";
import { dayOf } from "../base/day.ts";
import { newId } from "../base/id.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { queueEmail } from "../delivery/queue.ts";
import type { LinkRow } from "../links/queries.ts";
import { insertReminders } from "./queries.ts";

export type Cause =
  | { kind: "step"; version: number; position: number; plannedAt: Date | undefined }
  | { kind: "hand"; occurrence: string; memberId: string };

/** Of a locked link whose payer is to be reminded now. */
export type Sending = { link: LinkRow; cause: Cause; timeZone: string };

/**
 * Notes that a link's payer is reminded today and queues the emails, one per address, in the caller's transaction. The caller has
 * locked the link and made sure that nothing went out today; the database refuses a second reminder of one day.
 */
export async function sendReminder(tx: Tx, cx: FirmContext, sending: Sending): Promise<void> {
  const { link, cause } = sending;
  const reminderId = newId();
  const today = dayOf(cx.now(), sending.timeZone);
  await insertReminders(tx, [
    {
      firm_id: cx.firmId,
      id: reminderId,
      link_id: link.id,
      state: "sent",
      day: today,
      settled_at: cx.now(),
      ...(cause.kind === "step"
        ? { version: cause.version, position: cause.position, planned_at: cause.plannedAt ?? null }
        : { occurrence: cause.occurrence, created_by: cause.memberId }),
    },
  ]);
  for (const toAddress of new Set(link.payer_emails)) {
    await queueEmail(tx, cx, {
      kind: "reminder",
      intent: `reminder:${reminderId}`,
      toAddress,
      linkId: link.id,
      reminderId,
      topic: link.due_on !== null && link.due_on < today ? "after" : "before",
      language: link.language ?? undefined,
    });
  }
  await record(tx, cx, {
    action: "reminder.sent",
    objectKind: "reminder",
    objectId: reminderId,
    linkId: link.id,
    after: {
      recipients: link.payer_emails.length,
      ...(cause.kind === "step" ? { step: cause.position } : { byHand: true }),
    },
  });
}
