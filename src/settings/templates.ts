import type { Language } from "../base/language.ts";
import type { Tx } from "../db/tx.ts";
import { OWN_WORDS } from "./own-words.ts";
import { findTemplate } from "./template-queries.ts";

/** The letters whose words a firm may write itself. */
export const TEMPLATE_USES = [
  "request",
  "reminder_before",
  "reminder_after",
  "receipt",
  "on_its_way",
  "bank_failed",
] as const;
export type TemplateUse = (typeof TEMPLATE_USES)[number];

export type Template = { subject: string; body: string };

/** What may stand in braces in a template, in the order in which it is offered. `label` is what is written: `{payer name}`. */
export const PLACEHOLDERS = [
  { key: "payer_name", label: "payer name", example: "Elena Vasquez" },
  { key: "firm", label: "firm", example: "Marlow Keane LLP" },
  { key: "matter", label: "matter", example: "Vasquez v. Dunmore" },
  { key: "amount", label: "amount", example: "$2,840.00" },
  { key: "due_date", label: "due date", example: "Thursday, November 12, 2026" },
  { key: "statement_numbers", label: "statement numbers", example: "INV-1041 and INV-1057" },
  { key: "responsible_attorney", label: "responsible attorney", example: "Joanne Marlow" },
  { key: "phone", label: "phone", example: "(312) 555-0142" },
  { key: "link_expiry", label: "link expiry", example: "Saturday, December 12, 2026" },
] as const;
type PlaceholderKey = (typeof PLACEHOLDERS)[number]["key"];

/** What stands in the places, as the payer reads it. `""` closes the gap up; what is missing stays as it was written. */
export type PlaceholderValues = Partial<Record<PlaceholderKey, string>>;

const IN_BRACES = /\{([^{}\n]{1,60})\}/g;
/** Words that lead up to a place and make no sense without what stands there, of the three languages. */
const LEADING =
  "with|on|for|about|regarding|by|at|of|until|before|con|el|en|por|para|de|del|hasta|antes|avec|le|pour|au|avant|à|du|chez";
/** What may stand between such a word and the place. */
const BETWEEN =
  "the|our|your|matter|statements?|invoices?|los?|las?|su|sus|asuntos?|facturas?|estados|de|cuenta|del|la|les|votre|vos|notre|dossiers?|factures?";
const GAP = new RegExp(`(?:(^|[ \\t])(?:${LEADING})(?:[ \\t]+(?:${BETWEEN})){0,4}[ \\t]+)?\\ue000`, "gimu");

/** A firm's words for a letter: its own, else the product's in that language. */
export async function readTemplate(
  tx: Tx,
  firmId: string,
  use: TemplateUse,
  language: Language,
): Promise<Template & { isOwn: boolean }> {
  const own = await findTemplate(tx, firmId, use, language);
  return own
    ? { subject: own.subject, body: own.body, isOwn: true }
    : { ...OWN_WORDS[language][use], isOwn: false };
}

/** The message with which a new request starts, its placeholders not filled. */
export async function defaultMessage(tx: Tx, firmId: string, language: Language): Promise<string> {
  return (await readTemplate(tx, firmId, "request", language)).body;
}

/** The placeholder that words in braces name, whatever their case and spacing; undefined for other words. */
export function findPlaceholder(words: string): (typeof PLACEHOLDERS)[number] | undefined {
  const written = words
    .replace(/[\s_-]+/g, " ")
    .trim()
    .toLowerCase();
  return PLACEHOLDERS.find((placeholder) => placeholder.label === written);
}

/**
 * Fills the placeholders of a text. An empty value takes the words with it that lead up to its place: of "is due on {due date}."
 * stays "is due.". What stands in braces and is no placeholder stays as it was written; templates that are saved hold no such thing.
 */
export function fillTemplate(text: string, values: PlaceholderValues): string {
  let hasGap = false;
  const filled = text.replaceAll("\ue000", "").replace(IN_BRACES, (whole, words: string) => {
    const placeholder = findPlaceholder(words);
    const value = placeholder === undefined ? undefined : values[placeholder.key];
    if (value === undefined) return whole;
    if (value !== "") return value;
    hasGap = true;
    return "\ue000";
  });
  return hasGap ? closeGaps(filled) : filled;
}

/** Whether a text greets the payer itself: its first paragraph is one line that ends with a comma or a colon. */
export function hasGreeting(text: string): boolean {
  return /^[^\n]{1,120}[,:][ \t]*(?:\n|$)/.test(text.trimStart());
}

function closeGaps(text: string): string {
  return text
    .replace(GAP, "$1")
    .replace(/[ \t]*\([ \t]*\)/g, "")
    .replace(/[ \t]{2,}/g, " ")
    .replace(/[ \t]+([,.;:!?])/g, "$1")
    .replace(/,[ \t]*([,.;!?])/g, "$1")
    .replace(
      /(^|\n)[ \t]*[,;.][ \t]*(\p{L})/gu,
      (_whole, start: string, letter: string) => start + letter.toUpperCase(),
    )
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
