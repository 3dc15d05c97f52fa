import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { linkUrl } from "../links/address.ts";
import { fillMessage, type MessageFacts } from "../links/message.ts";
import type { LinkRow } from "../links/queries.ts";
import { hasGreeting, type Template } from "../settings/templates.ts";
import { findMemberName, listRemindedWith, type Sender } from "./facts-queries.ts";
import { type Composed, type Letter, type LetterBlock, toParagraphs } from "./letter.ts";
import { linkFacts, requestFacts, writeTemplate } from "./letter-facts.ts";
import { expiryText, linkBlock } from "./link-block.ts";
import type { EmailRow } from "./queries.ts";
import { type Tongue, tongueOf } from "./words.ts";

/** The request itself: an amount and a button for each link that can still be paid and goes to this address. */
export async function requestLetter(
  tx: Tx,
  cx: FirmContext,
  sender: Sender,
  email: EmailRow,
  links: LinkRow[],
  tongue: Tongue,
): Promise<Composed | undefined> {
  const asked = links.filter((link) => isAskedAt(link, email.to_address));
  return await writeRequest(tx, cx, sender, asked, tongue, (link) => linkUrl(cx, link));
}

/**
 * What the payer was sent, for the member who sent it. Its buttons lead nowhere: whoever opens the payer's page counts as the payer,
 * and a copy gets forwarded. The way on is the link's own page.
 */
export async function copyLetter(
  tx: Tx,
  cx: FirmContext,
  sender: Sender,
  links: LinkRow[],
  tongue: Tongue,
): Promise<Composed | undefined> {
  const asked = links.filter((link) => link.state === "outstanding" && link.payer_emails.length > 0);
  const composed = await writeRequest(tx, cx, sender, asked, tongue, () => undefined);
  const [first] = asked;
  if (!composed || !first) return undefined;
  const mark = `Your copy. The request went to ${first.payer_emails.join(", ")}; only there do its buttons open the payment page.`;
  const link = {
    label: `See ${first.reference}`,
    url: `${cx.config.PUBLIC_ORIGIN}/${asked.length === 1 ? `links/${first.id}` : `requests/${first.request_id}`}`,
  };
  return { subject: `Copy: ${composed.subject}`, letter: { ...composed.letter, mark, link } };
}

/**
 * Another word about what is still to be paid: of a request for two accounts, about both links that were reminded of on that day.
 * Undefined once nothing is, or it goes to another address.
 */
export async function reminderLetter(
  tx: Tx,
  cx: FirmContext,
  sender: Sender,
  email: EmailRow,
  links: LinkRow[],
  tongue: Tongue,
): Promise<Composed | undefined> {
  const isMeant = await meantBy(tx, cx, email);
  const asked = links.filter((link) => isAskedAt(link, email.to_address) && isMeant(link)).sort(byAccount);
  if (asked.length === 0) return undefined;
  const use = email.topic === "after" ? "reminder_after" : "reminder_before";
  const facts = await requestFacts(tx, sender, asked);
  const written = await writeTemplate(tx, cx.firmId, use, facts, tongue);
  return await letterAbout(tx, cx, sender, asked, tongue, written, (link) => linkUrl(cx, link));
}

async function writeRequest(
  tx: Tx,
  cx: FirmContext,
  sender: Sender,
  links: LinkRow[],
  tongue: Tongue,
  urlOf: (link: LinkRow) => string | undefined,
): Promise<Composed | undefined> {
  const asked = [...links].sort(byAccount);
  const [first] = asked;
  if (!first) return undefined;
  const facts = await linkFacts(tx, sender, first);
  const template = await writeTemplate(tx, cx.firmId, "request", facts, tongue);
  const written = fillMessage(first.message, facts, tongue.language);
  const body = (await isStandard(tx, cx, facts, written, tongue)) ? template.body : written;
  return await letterAbout(tx, cx, sender, asked, tongue, { subject: template.subject, body }, urlOf);
}

/** Whether a message is the firm's own in English while the payer reads another language: nobody wrote it for this request. */
async function isStandard(
  tx: Tx,
  cx: FirmContext,
  facts: MessageFacts,
  written: string,
  tongue: Tongue,
): Promise<boolean> {
  if (tongue.language === "en") return false;
  const { body } = await writeTemplate(tx, cx.firmId, "request", facts, tongueOf("en"));
  return written === body;
}

/** A letter in the firm's words with the amount of each link, and with a button where `urlOf` gives it an address. */
async function letterAbout(
  tx: Tx,
  cx: FirmContext,
  sender: Sender,
  links: readonly LinkRow[],
  tongue: Tongue,
  { subject, body }: Template,
  urlOf: (link: LinkRow) => string | undefined,
): Promise<Composed> {
  const { words } = tongue;
  const [first] = links;
  const blocks: LetterBlock[] = [];
  for (const link of links)
    blocks.push(await linkBlock(tx, link, tongue, { isOneOfTwo: links.length > 1, url: urlOf(link) }));
  const letter: Letter = {
    tongue,
    title: subject,
    mark: undefined,
    preview: previewOf(blocks),
    greeting: hasGreeting(body) ? undefined : words.dear(first?.payer_name ?? ""),
    paragraphs: [...toParagraphs(body), ...(links.length > 1 ? [words.twoAccounts] : [])],
    blocks,
    link: undefined,
    notes: [expiryText(links, sender.timeZone, tongue), words.unsure],
    sentBy: first && (await findMemberName(tx, cx.firmId, first.created_by)),
  };
  return { subject, letter };
}

/** Of a whole request, only the links that the reminder was about: another may have its reminders switched off. */
async function meantBy(tx: Tx, cx: FirmContext, email: EmailRow): Promise<(link: LinkRow) => boolean> {
  if (email.request_id === null || email.reminder_id === null) return () => true;
  const reminded = await listRemindedWith(tx, cx.firmId, email.reminder_id);
  return (link) => reminded.includes(link.id);
}

function byAccount(one: LinkRow, other: LinkRow): number {
  return one.account_kind.localeCompare(other.account_kind);
}

function isAskedAt(link: LinkRow, address: string): boolean {
  return link.state === "outstanding" && link.payer_emails.includes(address);
}

function previewOf(blocks: readonly LetterBlock[]): string {
  return blocks.map((block) => [block.amount, block.note].filter(Boolean).join(", ")).join("; ");
}
