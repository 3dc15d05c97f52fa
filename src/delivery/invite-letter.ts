import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { findMemberName, type Sender } from "./facts-queries.ts";
import type { Composed } from "./letter.ts";
import type { EmailRow } from "./queries.ts";
import { tongueOf } from "./words.ts";

/** The invitation of a new member. It holds no token: the page asks for the address and sends a link that signs in. */
export async function inviteLetter(
  tx: Tx,
  cx: FirmContext,
  sender: Sender,
  email: EmailRow,
): Promise<Composed | undefined> {
  const name = email.member_id === null ? undefined : await findMemberName(tx, cx.firmId, email.member_id);
  if (name === undefined) return undefined;
  const title = `${sender.firmName} invites you to Send for Payment`;
  const url = `${cx.config.PUBLIC_ORIGIN}/signin`;
  return {
    subject: title,
    letter: {
      tongue: tongueOf("en"),
      title,
      mark: undefined,
      preview: "Sign in with this email address. There is no password.",
      greeting: `Dear ${name},`,
      paragraphs: [
        `${sender.firmName} uses Send for Payment to ask clients for payment and to keep the matter system up to date.`,
        `Sign in with this email address; there is no password to choose: ${url}`,
      ],
      blocks: [],
      link: undefined,
      notes: [],
      sentBy: undefined,
      footer: `Send for Payment wrote this on behalf of ${sender.firmName}.`,
    },
  };
}
