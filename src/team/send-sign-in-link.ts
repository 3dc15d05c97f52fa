import { escapeHtml } from "../base/html.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { transact } from "../db/tx.ts";
import { getFirm } from "../settings/queries.ts";
import { findUsableSignInLink, getPerson } from "./queries.ts";

/** Where a sign-in link leads. */
export function signInUrl(cx: Pick<Context, "vault" | "config">, signInLinkId: string): string {
  return `${cx.config.PUBLIC_ORIGIN}/signin/link/${cx.vault.makeToken("signIn", signInLinkId, 1)}`;
}

/**
 * Mails a sign-in link or an invitation. Mailing it twice does no harm, so an unclear outcome is tried again; a link that was used
 * or ran out meanwhile is not mailed. Throws when the mail service cannot be reached, for the queue to try again.
 */
export async function sendSignInLink(cx: Context, signInLinkId: string): Promise<void> {
  const found = await transact(cx.database, async (tx) => {
    const link = await findUsableSignInLink(tx, signInLinkId, cx.now());
    return link ? { link, person: await getPerson(tx, link.person_id) } : undefined;
  });
  if (!found) return;
  const { link, person } = found;
  const firmId = link.firm_id;
  const firm = firmId === null ? undefined : await withFirm(cx.database, firmId, (tx) => getFirm(tx, firmId));
  const words = firm
    ? {
        subject: `Join ${firm.name} on Send for Payment`,
        lead: `${firm.name} invites you to Send for Payment.`,
        tag: "invite",
      }
    : {
        subject: "Your sign-in link",
        lead: "Here is your link to sign in to Send for Payment.",
        tag: "sign-in",
      };
  const url = signInUrl(cx, signInLinkId);
  const end = "It works once. If you did not ask for it, do nothing: nobody can sign in without it.";
  const sent = await cx.mail.send({
    to: person.email,
    fromName: "Send for Payment",
    replyTo: undefined,
    subject: words.subject,
    text: `Hello ${person.name},\n\n${words.lead}\n\n${url}\n\n${end}\n`,
    html: `<p>Hello ${escapeHtml(person.name)},</p><p>${escapeHtml(words.lead)}</p><p><a href="${url}">${firm ? "Accept and sign in" : "Sign in"}</a></p><p>${end}</p>`,
    tag: words.tag,
    metadata: {},
  });
  if (sent.outcome === "sent") return;
  if (sent.outcome === "refused")
    cx.log.warn("a sign-in link was refused by the mail service", { reason: sent.reason });
  else throw new Error(`the sign-in link was not sent: ${sent.reason}`);
}
