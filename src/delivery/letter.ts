import type { Sender } from "./facts-queries.ts";
import type { Tongue } from "./words.ts";

export type LetterLine = { label: string; note: string | undefined; amount: string };

/** One amount with its button: a request for two accounts has two of them. */
export type LetterBlock = {
  caption: string;
  amount: string;
  note: string | undefined;
  lines: LetterLine[];
  /** Without an address it only shows where the payer's button stands, for copies and tests. */
  button: { label: string; url: string | undefined } | undefined;
};

/** What an email says, before it is drawn as HTML and as plain text. */
export type Letter = {
  tongue: Tongue;
  title: string;
  /** Above everything, in a frame: that this is a copy or a test. */
  mark: string | undefined;
  /** The line that a mail program shows beside the subject. */
  preview: string;
  /** Undefined where the text has a greeting of its own. */
  greeting: string | undefined;
  paragraphs: string[];
  blocks: LetterBlock[];
  /** A way on that is no payment: the page for members. */
  link: { label: string; url: string } | undefined;
  /** The small print under the amounts. */
  notes: string[];
  sentBy: string | undefined;
  /** In place of the firm's address, contact and disclaimer, where the firm is not who writes. */
  footer?: string | undefined;
};

/** A letter has its subject: of the product's own words none names a client or a matter, which a passer-by should not read. */
export type Composed = { subject: string; letter: Letter };

/** The paragraphs of a text that a person typed: an empty line begins the next. */
export function toParagraphs(text: string): string[] {
  return text
    .split(/\r?\n\s*\r?\n/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Who wrote, where they are and where replies go. */
export function footerText({ tongue, sentBy, footer }: Letter, sender: Sender): string {
  if (footer !== undefined) return footer;
  const { words } = tongue;
  const who = [sender.firmName, sender.address, sender.phone].filter((part) => part !== "").join(", ");
  const replyTo = replyAddress(sender);
  const by = [sentBy === undefined ? "" : words.sentBy(sentBy), replyTo === "" ? "" : words.replies(replyTo)]
    .filter((part) => part !== "")
    .join("; ");
  return [sentence(who), by === "" ? "" : sentence(by), sender.disclaimer]
    .filter((part) => part !== "")
    .join(" ");
}

/** Where a payer's answer goes; empty when the firm has named no address. */
export function replyAddress(sender: Pick<Sender, "replyTo" | "contactEmail">): string {
  return sender.replyTo === "" ? sender.contactEmail : sender.replyTo;
}

/** The plain-text part. */
export function renderText(letter: Letter, sender: Sender): string {
  return [
    letter.mark === undefined ? undefined : `[ ${letter.mark} ]`,
    letter.greeting,
    ...letter.paragraphs,
    ...letter.blocks.map((block) => blockText(letter, block)),
    letter.link && `${letter.link.label}: ${letter.link.url}`,
    ...letter.notes,
    "--",
    footerText(letter, sender),
  ]
    .filter((part) => part !== undefined && part !== "")
    .join("\n\n");
}

function blockText({ tongue }: Letter, block: LetterBlock): string {
  const { words } = tongue;
  const lines = block.lines.map(
    (line) => `  ${[line.label, line.note].filter(Boolean).join(", ")}: ${line.amount}`,
  );
  return [
    `${block.caption}: ${block.amount}`,
    block.note,
    ...lines,
    ...(lines.length > 1 ? [`  ${words.total}: ${block.amount}`] : []),
    block.button && (block.button.url === undefined ? `[ ${block.button.label} ]` : linkText(block.button)),
  ]
    .filter((line) => line !== undefined)
    .join("\n");
}

function linkText(button: { label: string; url: string | undefined }): string {
  return `${button.label}: ${button.url ?? ""}`;
}

function sentence(text: string): string {
  return `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}
