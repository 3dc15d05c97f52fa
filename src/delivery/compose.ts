import { never } from "../base/error.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import type { LinkRow } from "../links/queries.ts";
import type { Message } from "../mail/port.ts";
import { getSender, type Sender } from "./facts-queries.ts";
import { inviteLetter } from "./invite-letter.ts";
import type { Letter } from "./letter.ts";
import { renderText } from "./letter.ts";
import { renderHtml } from "./letter-email.tsx";
import { paymentLetter } from "./payment-letter.ts";
import type { EmailRow } from "./queries.ts";
import { requestLetter } from "./request-letter.ts";

/** A subject has its letter: no name of a client, no matter, nothing that a passer-by should not read. */
export type Composed = { subject: string; letter: Letter };

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
const CONTROL = /[\u0000-\u001f\u007f]+/g;

/**
 * Makes the message of an email as things stand now. Undefined when there is nothing to say any more: every link of a request is
 * closed or goes to another address.
 */
export async function composeEmail(
  tx: Tx,
  cx: FirmContext,
  email: EmailRow,
  links: LinkRow[],
): Promise<Message | undefined> {
  const sender = await getSender(tx, cx.firmId);
  const composed = await compose(tx, cx, sender, email, links);
  if (!composed) return undefined;
  return {
    to: email.to_address,
    fromName: `${sender.firmName.replace(CONTROL, " ")} via Send for Payment`,
    replyTo: sender.contactEmail === "" ? undefined : sender.contactEmail,
    subject: composed.subject.replace(CONTROL, " "),
    html: await renderHtml(composed.letter, sender),
    text: renderText(composed.letter, sender),
    tag: email.kind,
    metadata: { firm: cx.firmId, email: email.id },
  };
}

function compose(
  tx: Tx,
  cx: FirmContext,
  sender: Sender,
  email: EmailRow,
  links: LinkRow[],
): Promise<Composed | undefined> {
  switch (email.kind) {
    case "request":
      return requestLetter(tx, cx, sender, email, links);
    case "receipt":
    case "on_its_way":
    case "bank_failed":
      return paymentLetter(tx, cx, sender, email, email.kind);
    case "invite":
      return inviteLetter(tx, cx, sender, email);
    default:
      return never(email.kind);
  }
}
