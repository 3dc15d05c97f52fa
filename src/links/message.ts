import { type Day, formatLongDay } from "../base/day.ts";
import { LANGUAGE_LOCALES, type Language } from "../base/language.ts";
import { formatMoney, type Money, sumMinor } from "../base/money.ts";
import { fillTemplate } from "../settings/templates.ts";
import type { StatementFacts } from "../statements/queries.ts";

/** What a message may speak of. What is undefined is not known yet, and its place stays; what is empty closes the place up. */
export type MessageFacts = {
  firmName: string;
  phone: string;
  payerName: string | undefined;
  matter: string;
  responsible: string;
  amount: Money | undefined;
  dueOn: Day | undefined;
  statementNumbers: readonly string[];
  expiresOn: Day | undefined;
};

/** Fills the placeholders of a text that the firm or a member wrote, with dates as the language writes them. */
export function fillMessage(text: string, facts: MessageFacts, language: Language = "en"): string {
  const locale = LANGUAGE_LOCALES[language];
  return fillTemplate(text, {
    firm: facts.firmName,
    phone: facts.phone,
    ...(facts.payerName === undefined ? {} : { payer_name: facts.payerName }),
    matter: facts.matter,
    responsible_attorney: facts.responsible,
    ...(facts.amount === undefined ? {} : { amount: formatMoney(facts.amount, locale) }),
    due_date: facts.dueOn === undefined ? "" : formatLongDay(facts.dueOn, locale),
    statement_numbers: joinNumbers(facts.statementNumbers, locale),
    ...(facts.expiresOn === undefined ? {} : { link_expiry: formatLongDay(facts.expiresOn, locale) }),
  });
}

/** What a message may say of the statements that are asked for, the amount in the first one's currency. */
export function ofStatements(
  lines: readonly { statement: StatementFacts; amountMinor: bigint }[],
): Pick<MessageFacts, "matter" | "responsible" | "amount" | "statementNumbers"> {
  const first = lines[0];
  const each = (pick: (statement: StatementFacts) => string) =>
    [...new Set(lines.map((line) => pick(line.statement)))].filter((text) => text !== "").join(", ");
  return {
    matter: each((statement) => statement.matterDescription),
    responsible: each((statement) => statement.responsible ?? ""),
    amount: first && {
      minor: sumMinor(lines.map((line) => line.amountMinor)),
      currency: first.statement.currency,
    },
    statementNumbers: lines.map((line) => line.statement.number),
  };
}

/** `20391, 20402 and 20418`, in the language of the locale. */
function joinNumbers(numbers: readonly string[], locale: string): string {
  const list = new Intl.ListFormat(locale, { type: "conjunction" }).format(
    numbers.filter((each) => each !== ""),
  );
  // American English puts a comma before the last "and" of three; the product's other lists do not.
  return locale.startsWith("en") ? list.replace(", and ", " and ") : list;
}
