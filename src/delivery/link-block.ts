import { dayOf } from "../base/day.ts";
import type { Tx } from "../db/tx.ts";
import type { LinkRow } from "../links/queries.ts";
import { type LineFacts, listLinkLines } from "./facts-queries.ts";
import type { LetterBlock, LetterLine } from "./letter.ts";
import type { Tongue } from "./words.ts";

/** The amount of a link with what it is for and the button that pays it. Without an address the button only shows where it stands. */
export async function linkBlock(
  tx: Tx,
  link: LinkRow,
  tongue: Tongue,
  how: { isOneOfTwo: boolean; url: string | undefined },
): Promise<LetterBlock> {
  const { words, money, longDay } = tongue;
  const amount = money({ minor: link.amount_minor, currency: link.currency });
  const lines = await listLinkLines(tx, link.firm_id, link.id);
  return {
    caption: how.isOneOfTwo ? words.amountDueInto[link.account_kind] : words.amountDue,
    amount,
    note: link.due_on === null ? undefined : words.due(longDay(link.due_on)),
    lines:
      lines.length > 0
        ? lines.map((line) => letterLine(line, link.currency, tongue))
        : [typedLine(link, link.amount_minor, tongue)],
    button: { label: how.isOneOfTwo ? words.payAmount(amount) : words.pay, url: how.url },
  };
}

/** The line of a link that was typed by hand, with an amount in minor units. */
export function typedLine(
  link: Pick<LinkRow, "description" | "invoice_number" | "currency">,
  amountMinor: bigint,
  { words, money }: Tongue,
): LetterLine {
  return {
    label: link.description,
    note: link.invoice_number === "" ? undefined : words.invoice(link.invoice_number),
    amount: money({ minor: amountMinor, currency: link.currency }),
  };
}

/** A statement's line as the payer reads it: number and date, nothing of the matter. */
export function letterLine(
  line: LineFacts,
  currency: string,
  { words, money, shortDay }: Tongue,
): LetterLine {
  const name = line.kind === "trust_request" ? words.trustRequest : words.statement;
  return {
    label: line.number === null ? words.payment : name(line.number),
    note: line.issuedOn === null ? undefined : words.issued(shortDay(line.issuedOn)),
    amount: money({ minor: line.amountMinor, currency }),
  };
}

/** How often the links can be paid, and until when. */
export function expiryText(links: readonly LinkRow[], timeZone: string, { words, longDay }: Tongue): string {
  const soonest = new Date(Math.min(...links.map((link) => link.expires_at.getTime())));
  const day = longDay(dayOf(soonest, timeZone));
  return links.length === 1 ? words.expires(day) : words.expireBoth(day);
}
