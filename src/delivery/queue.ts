import { newId } from "../base/id.ts";
import type { Language } from "../base/language.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { type EmailRow, insertEmailOnce } from "./queries.ts";

export type EmailKind = EmailRow["kind"];

export type EmailRequest = {
  kind: EmailKind;
  /** What calls for this email, such as `receipt:<payment id>`. The same intent to the same address is one email. */
  intent: string;
  toAddress: string;
  linkId?: string | undefined;
  paymentId?: string | undefined;
  requestId?: string | undefined;
  memberId?: string | undefined;
  /** What a notice tells of, which template a test shows, `before` or `after` the due date for a reminder. */
  topic?: string | undefined;
  reminderId?: string | undefined;
  /** Without one the letter is in its link's language, else in English. */
  language?: Language | undefined;
};

/**
 * Stores the intention to send one email and enqueues its sending, in the caller's transaction. The text is made when it is sent.
 * Returns the email's id, or undefined when this intent was queued before: then nothing is added.
 */
export async function queueEmail(
  tx: Tx,
  cx: Pick<FirmContext, "firmId">,
  request: EmailRequest,
): Promise<string | undefined> {
  const emailId = newId();
  const isNew = await insertEmailOnce(tx, {
    firm_id: cx.firmId,
    id: emailId,
    kind: request.kind,
    intent: request.intent,
    to_address: request.toAddress,
    link_id: request.linkId ?? null,
    payment_id: request.paymentId ?? null,
    request_id: request.requestId ?? null,
    member_id: request.memberId ?? null,
    topic: request.topic ?? null,
    reminder_id: request.reminderId ?? null,
    language: request.language ?? null,
    state: "queued",
  });
  if (!isNew) return undefined;
  await enqueue(tx, "delivery.send", { firmId: cx.firmId, emailId });
  return emailId;
}
