import type { OpenedLink } from "./open.ts";
import type { PayWords } from "./words.ts";

/**
 * What a link is for, in the payer's language where the words are ours: its statements, or the invoice of a sheet's row. What a member
 * typed stays as it was typed.
 */
export function subjectOf(
  { link, statements }: Pick<OpenedLink, "link" | "statements">,
  words: PayWords,
): string {
  if (statements.length > 0)
    return statements.map((line) => statementWords(link.account_kind, line.number, words)).join(", ");
  if (link.source !== "bulk") return link.description;
  return link.invoice_number === "" ? words.payment : words.invoice(link.invoice_number);
}

/** What one statement of a link is called. */
export function statementWords(accountKind: "operating" | "trust", number: string, words: PayWords): string {
  return accountKind === "trust" ? words.trustRequest(number) : words.statement(number);
}
