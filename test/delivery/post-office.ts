import { newId } from "../../src/base/id.ts";
import type { FirmContext } from "../../src/context.ts";
import { deliveryJobs } from "../../src/delivery/jobs.ts";
import { prepareRequest } from "../../src/delivery/prepare.ts";
import type { EmailRow } from "../../src/delivery/queries.ts";
import { mailContext, sendEmail } from "../../src/delivery/send.ts";
import type { Message, SendOutcome } from "../../src/mail/port.ts";
import { useLinkStage } from "../links/stage.ts";

/** A stage whose mail goes to a list, with outcomes to order. */
export function usePostOffice() {
  const sent: Message[] = [];
  const outcomes: SendOutcome[] = [];
  const mail = {
    send: async (message: Message): Promise<SendOutcome> => {
      sent.push(message);
      return outcomes.shift() ?? { outcome: "sent", messageId: newId() };
    },
  };
  const links = useLinkStage({ mail });
  const cx = (): FirmContext => mailContext(links.stage.cx, links.stage.firm.firmId, newId());

  const emailsOf = (requestId: string): Promise<EmailRow[]> =>
    links.read((tx) =>
      tx
        .selectFrom("email")
        .selectAll()
        .where("request_id", "=", requestId)
        .orderBy("created_at")
        .orderBy("to_address")
        .execute(),
    );

  const send = (emailId: string, isLastAttempt = false) => sendEmail(cx(), emailId, { isLastAttempt });

  /** Prepares the latest sending of a request and sends what is queued. Returns all its emails. */
  async function deliver(requestId: string): Promise<EmailRow[]> {
    await prepareRequest(cx(), requestId);
    for (const email of await emailsOf(requestId)) if (email.state === "queued") await send(email.id);
    return await emailsOf(requestId);
  }

  /** Posts what the mail service posts, with the right password, and lets the job act on it. */
  async function hook(body: Record<string, unknown>, password = "a-password-of-webhooks"): Promise<Response> {
    const response = await links.app().request("/hooks/postmark", {
      method: "POST",
      headers: {
        Authorization: `Basic ${Buffer.from(`postmark:${password}`).toString("base64")}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify(body),
    });
    for (const job of await links.jobs("delivery.onPostmark")) {
      const { firmId, inboxEventId } = job.payload;
      await deliveryJobs["delivery.onPostmark"](links.stage.cx, {
        firmId: String(firmId),
        inboxEventId: String(inboxEventId),
      });
    }
    return response;
  }

  /** What the mail service says of an email. */
  const word = (email: EmailRow, recordType: string, more: Record<string, unknown> = {}) => ({
    RecordType: recordType,
    MessageID: email.message_id ?? newId(),
    Metadata: { firm: email.firm_id, email: email.id },
    Recipient: email.to_address,
    DeliveredAt: "2026-11-23T12:00:00.0000000Z",
    ...more,
  });

  return { ...links, sent, outcomes, cx, emailsOf, send, deliver, hook, word };
}
