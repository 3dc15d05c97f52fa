import { never } from "../base/error.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import type { LinkRow } from "../links/queries.ts";
import type { Message } from "../mail/port.ts";
import { getSender, type Sender } from "./facts-queries.ts";
import { inviteLetter } from "./invite-letter.ts";
import type { Composed } from "./letter.ts";
import { renderText, replyAddress } from "./letter.ts";
import { renderHtml } from "./letter-email.tsx";
import { noticeLetter } from "./notice-letter.ts";
import { paymentLetter } from "./payment-letter.ts";
import type { EmailRow } from "./queries.ts";
import { copyLetter, reminderLetter, requestLetter } from "./request-letter.ts";
import { testLetter } from "./test-letter.ts";
import { tongueOf } from "./words.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
const CONTROL = /[\u0000-\u001f\u007f]+/g;

/**
 * Makes the message of an email as things stand now, in the language that it was asked for in, else its link's, else English. Undefined
 * when there is nothing to say any more: every link of a request is closed or goes to another address, what a notice tells is settled.
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
  const { letter } = composed;
  // A member who answers a notice has no payer to write to.
  const replyTo = letter.footer === undefined ? replyAddress(sender) : "";
  return {
    to: email.to_address,
    fromName: letter.tongue.words.via(sender.firmName.replace(CONTROL, " ")),
    replyTo: replyTo === "" ? undefined : replyTo,
    subject: composed.subject.replace(CONTROL, " "),
    html: await renderHtml(letter, sender, cx.config.PUBLIC_ORIGIN),
    text: renderText(letter, sender),
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
  const tongue = tongueOf(email.language ?? links[0]?.language ?? "en");
  const { kind } = email;
  switch (kind) {
    case "request":
      return requestLetter(tx, cx, sender, email, links, tongue);
    case "copy":
      return copyLetter(tx, cx, sender, links, tongue);
    case "reminder":
      return reminderLetter(tx, cx, sender, email, links, tongue);
    case "receipt":
    case "on_its_way":
    case "bank_failed":
    case "refund":
      return paymentLetter(tx, cx, sender, { ...email, kind }, tongue);
    case "notice":
      return noticeLetter(tx, cx, sender, email, links);
    case "test":
      return testLetter(tx, cx, sender, email);
    case "invite":
      return inviteLetter(tx, cx, sender, email);
    default:
      return never(kind);
  }
}
