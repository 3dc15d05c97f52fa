import type { EmailRow } from "../../src/delivery/queries.ts";
import { type EmailRequest, queueEmail } from "../../src/delivery/queue.ts";
import type { Message } from "../../src/mail/port.ts";
import { usePostOffice } from "./post-office.ts";

/** The post office with a hand for single letters and for a firm's settings. */
export function useLetterDesk() {
  const office = usePostOffice();
  const { read, cx, send, sent, stage } = office;

  const queue = (request: EmailRequest) => read((tx) => queueEmail(tx, cx(), request));

  /** Queues and sends one letter; undefined when it had nothing to say. */
  async function write(request: EmailRequest): Promise<Message | undefined> {
    const before = sent.length;
    await send((await queue(request)) ?? "");
    return sent.length > before ? sent.at(-1) : undefined;
  }

  const emailsOfKind = (kind: EmailRow["kind"]): Promise<EmailRow[]> =>
    read((tx) =>
      tx
        .selectFrom("email")
        .selectAll()
        .where("kind", "=", kind)
        .orderBy("created_at")
        .orderBy("id")
        .execute(),
    );

  const sendAllOf = async (kind: EmailRow["kind"]) => {
    for (const email of await emailsOfKind(kind)) await send(email.id);
    return sent.filter((message) => message.tag === kind);
  };

  /** Changes some of the firm's settings. */
  const settle = (change: Record<string, unknown>) =>
    read((tx) =>
      tx.updateTable("firm_settings").set(change).where("firm_id", "=", stage.firm.firmId).execute(),
    );

  const changeLink = (id: string, change: Record<string, unknown>) =>
    read((tx) => tx.updateTable("payment_link").set(change).where("id", "=", id).execute());

  const changePayment = (id: string, change: Record<string, unknown>) =>
    read((tx) => tx.updateTable("payment").set(change).where("id", "=", id).execute());

  /** The firm's own words for a use. */
  const putTemplate = (
    use: "request" | "receipt" | "reminder_before" | "reminder_after",
    subject: string,
    body: string,
  ) =>
    read((tx) =>
      tx
        .insertInto("message_template")
        .values({ firm_id: stage.firm.firmId, use, language: "en", subject, body })
        .execute(),
    );

  const forgetTemplates = () => read((tx) => tx.deleteFrom("message_template").execute());

  return {
    ...office,
    queue,
    write,
    emailsOfKind,
    sendAllOf,
    settle,
    changeLink,
    changePayment,
    putTemplate,
    forgetTemplates,
  };
}
