import { may } from "../base/permission.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import type { LinkRow } from "../links/queries.ts";
import { findMember, type Sender } from "./facts-queries.ts";
import type { Composed } from "./letter.ts";
import { tellDifferences } from "./notice-difference.ts";
import { tellOfLink } from "./notice-link.ts";
import type { EmailRow } from "./queries.ts";
import { tongueOf } from "./words.ts";

/**
 * Word to a member of the firm, about a link or about money that does not agree. The subject names the link by its reference and
 * nobody. Undefined when it is not true any more (the link was settled, the posting put right) or the member was removed.
 */
export async function noticeLetter(
  tx: Tx,
  cx: FirmContext,
  sender: Sender,
  email: EmailRow,
  links: LinkRow[],
): Promise<Composed | undefined> {
  const member = email.member_id === null ? undefined : await findMember(tx, cx.firmId, email.member_id);
  if (!member || member.state === "removed") return undefined;
  const told =
    email.topic === "difference"
      ? await tellDifferences(tx, cx.firmId)
      : await tellOfLink(tx, cx, sender, email, links[0]);
  if (!told) return undefined;
  const { label, path } = may(member.role, told.needs ?? "links.see") ? told : told.otherwise;
  return {
    subject: told.title,
    letter: {
      tongue: tongueOf("en"),
      title: told.title,
      mark: undefined,
      preview: told.paragraphs[0] ?? "",
      greeting: `Dear ${member.name},`,
      paragraphs: told.paragraphs,
      blocks: [],
      link: { label, url: `${cx.config.PUBLIC_ORIGIN}${path}` },
      notes: [],
      sentBy: undefined,
      footer: `Send for Payment wrote this to you as a member of ${sender.firmName}. Who hears of what is set by an administrator of your firm, under Settings, Notifications.`,
    },
  };
}
