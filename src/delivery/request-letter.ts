import { dayOf, formatLongDay, formatShortDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { linkUrl } from "../links/address.ts";
import type { LinkRow } from "../links/queries.ts";
import type { Composed } from "./compose.ts";
import { findMemberName, type LineFacts, listLinkLines, type Sender } from "./facts-queries.ts";
import { type LetterBlock, type LetterLine, toParagraphs } from "./letter.ts";
import type { EmailRow } from "./queries.ts";

/** The request itself: an amount and a button for each link that can still be paid and goes to this address. */
export async function requestLetter(
  tx: Tx,
  cx: FirmContext,
  sender: Sender,
  email: EmailRow,
  links: LinkRow[],
): Promise<Composed | undefined> {
  const asked = links
    .filter((link) => link.state === "outstanding" && link.payer_emails.includes(email.to_address))
    .sort((one, other) => one.account_kind.localeCompare(other.account_kind));
  const first = asked[0];
  if (!first) return undefined;
  const blocks: LetterBlock[] = [];
  for (const link of asked) blocks.push(await blockOf(tx, cx, link, asked.length > 1));
  const title = `Payment request from ${sender.firmName}`;
  return {
    subject: title,
    letter: {
      title,
      preview: blocks.map((block) => [block.amount, block.note].filter(Boolean).join(", ")).join("; "),
      greeting: `Dear ${first.payer_name},`,
      paragraphs: [...toParagraphs(first.message), ...(asked.length > 1 ? [TWO_ACCOUNTS] : [])],
      blocks,
      notes: [
        expiryText(asked, sender.timeZone),
        "Not sure this is from us? Call the number you already have for our office before you pay.",
      ],
      sentBy: await findMemberName(tx, cx.firmId, first.created_by),
    },
  };
}

const TWO_ACCOUNTS =
  "There are two payments, because they go into two different accounts of ours. Please make each with its own button.";

async function blockOf(tx: Tx, cx: FirmContext, link: LinkRow, isOneOfTwo: boolean): Promise<LetterBlock> {
  const amount = formatMoney({ minor: link.amount_minor, currency: link.currency });
  const account =
    link.account_kind === "trust" ? "into our client trust account" : "into our operating account";
  return {
    caption: isOneOfTwo ? `Amount due, ${account}` : "Amount due",
    amount,
    note: link.due_on === null ? undefined : `Due ${formatLongDay(link.due_on)}`,
    lines: await linesOf(tx, cx, link),
    button: { label: isOneOfTwo ? `Review and pay ${amount}` : "Review and pay", url: linkUrl(cx, link) },
  };
}

/** What a link pays: its statements, or what was typed where there are none. */
async function linesOf(tx: Tx, cx: FirmContext, link: LinkRow): Promise<LetterLine[]> {
  const lines = await listLinkLines(tx, cx.firmId, link.id);
  return lines.length > 0
    ? lines.map((line) => letterLine(line, link.currency))
    : [typedLine(link, link.amount_minor)];
}

/** The line of a link that was typed by hand, with an amount in minor units. */
export function typedLine(
  link: Pick<LinkRow, "description" | "invoice_number" | "currency">,
  amountMinor: bigint,
): LetterLine {
  return {
    label: link.description,
    note: link.invoice_number === "" ? undefined : `Invoice ${link.invoice_number}`,
    amount: formatMoney({ minor: amountMinor, currency: link.currency }),
  };
}

/** A statement's line as the payer reads it: number and date, nothing of the matter. */
export function letterLine(line: LineFacts, currency: string): LetterLine {
  const kind = line.kind === "trust_request" ? "Trust request" : "Statement";
  return {
    label: line.number === null ? "Payment" : `${kind} ${line.number}`,
    note: line.issuedOn === null ? undefined : `Issued ${formatShortDay(line.issuedOn)}`,
    amount: formatMoney({ minor: line.amountMinor, currency }),
  };
}

function expiryText(links: LinkRow[], timeZone: string): string {
  const soonest = new Date(Math.min(...links.map((link) => link.expires_at.getTime())));
  const day = formatLongDay(dayOf(soonest, timeZone));
  return links.length === 1
    ? `The link takes one payment and expires on ${day}.`
    : `Each link takes one payment; they expire on ${day}.`;
}
