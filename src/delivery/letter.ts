import type { Sender } from "./facts-queries.ts";

export type LetterLine = { label: string; note: string | undefined; amount: string };

/** One amount with its button: a request for two accounts has two of them. */
export type LetterBlock = {
  caption: string;
  amount: string;
  note: string | undefined;
  lines: LetterLine[];
  button: { label: string; url: string } | undefined;
};

/** What an email says, before it is drawn as HTML and as plain text. */
export type Letter = {
  title: string;
  /** The line that a mail program shows beside the subject. */
  preview: string;
  greeting: string;
  paragraphs: string[];
  blocks: LetterBlock[];
  /** The small print under the amounts. */
  notes: string[];
  sentBy: string | undefined;
};

/** The paragraphs of a text that a person typed: an empty line begins the next. */
export function toParagraphs(text: string): string[] {
  return text
    .split(/\r?\n\s*\r?\n/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Who wrote, where they are and where replies go. */
export function footerText(sender: Sender, sentBy: string | undefined): string {
  const who = [sender.firmName, sender.address, sender.phone].filter((part) => part !== "").join(", ");
  const replies = sender.contactEmail === "" ? "" : `replies reach ${sender.contactEmail}`;
  const by = [sentBy === undefined ? "" : `sent by ${sentBy}`, replies]
    .filter((part) => part !== "")
    .join("; ");
  return [`${who}.`, by === "" ? "" : `${by[0]?.toUpperCase() ?? ""}${by.slice(1)}.`, sender.disclaimer]
    .filter((part) => part !== "")
    .join(" ");
}

/** The plain-text part. */
export function renderText(letter: Letter, sender: Sender): string {
  const blocks = letter.blocks.map((block) =>
    [
      `${block.caption}: ${block.amount}`,
      block.note,
      ...block.lines.map((line) => `  ${[line.label, line.note].filter(Boolean).join(", ")}: ${line.amount}`),
      block.button ? `${block.button.label}: ${block.button.url}` : undefined,
    ]
      .filter((line) => line !== undefined)
      .join("\n"),
  );
  return [
    letter.greeting,
    ...letter.paragraphs,
    ...blocks,
    ...letter.notes,
    "--",
    footerText(sender, letter.sentBy),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}
