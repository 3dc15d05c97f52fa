import { record } from "../audit/record.ts";
import { dayOf } from "../base/day.ts";
import { newId } from "../base/id.ts";
import type { FirmContext } from "../context.ts";
import { allOf } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";
import { queueEmail } from "../delivery/queue.ts";
import type { LinkRow } from "../links/queries.ts";
import { insertReminder } from "./queries.ts";

type Cause =
  | { kind: "step"; version: number; position: number; plannedAt: Date | undefined }
  | { kind: "hand"; occurrence: string; memberId: string };

/** Of a locked link whose payer is to be reminded now. */
type Sending = { link: LinkRow; cause: Cause; timeZone: string };

/** A reminder that was noted and whose email is still to be queued. */
export type Noted = { link: LinkRow; reminderId: string; topic: "before" | "after" };

/**
 * Notes that a link's payer is reminded today, in the caller's transaction; `queueReminders` sends it. The caller has locked the link
 * and made sure that nothing went out today; the database refuses a second reminder of one day.
 */
export async function noteReminder(tx: Tx, cx: FirmContext, sending: Sending): Promise<Noted> {
  const { link, cause } = sending;
  const reminderId = newId();
  const today = dayOf(cx.now(), sending.timeZone);
  await insertReminder(tx, {
    firm_id: cx.firmId,
    id: reminderId,
    link_id: link.id,
    state: "sent",
    day: today,
    settled_at: cx.now(),
    ...(cause.kind === "step"
      ? { version: cause.version, position: cause.position, planned_at: cause.plannedAt ?? null }
      : { occurrence: cause.occurrence, created_by: cause.memberId }),
  });
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
  return { link, reminderId, topic: link.due_on !== null && link.due_on < today ? "after" : "before" };
}

/**
 * Queues the emails of reminders that were noted together: one per address, also where a request for two accounts has two links, as
 * the request itself was one email.
 */
export async function queueReminders(tx: Tx, cx: FirmContext, noted: readonly Noted[]): Promise<void> {
  const letters = Map.groupBy(noted, ({ link, topic }) => `${link.request_id}:${topic}`);
  await allOf([...letters.values()].flatMap((parts) => queueLetter(tx, cx, parts)));
}

function queueLetter(tx: Tx, cx: FirmContext, parts: readonly Noted[]): Promise<unknown>[] {
  const [first] = parts;
  if (!first) return [];
  const { link, reminderId, topic } = first;
  const addresses = new Set(parts.flatMap((part) => part.link.payer_emails));
  return [...addresses].map((toAddress) =>
    queueEmail(tx, cx, {
      kind: "reminder",
      intent: `reminder:${reminderId}`,
      toAddress,
      ...(parts.length === 1 ? { linkId: link.id } : { requestId: link.request_id }),
      reminderId,
      topic,
      language: link.language ?? undefined,
    }),
  );
}
