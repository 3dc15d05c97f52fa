import { addDays, type Day, formatLongDay } from "../base/day.ts";
import { LANGUAGE_LOCALES, type Language } from "../base/language.ts";
import { formatMoney } from "../base/money.ts";
import {
  fillTemplate,
  hasGreeting,
  PLACEHOLDERS,
  type PlaceholderValues,
  type Template,
} from "./templates.ts";

export type MessagePreview = { subject: string; greeting: string | undefined; body: string; amount: string };

/** As the letters greet. */
const GREETINGS: Readonly<Record<Language, (name: string) => string>> = {
  en: (name) => `Dear ${name},`,
  es: (name) => `Estimado/a ${name}:`,
  fr: (name) => `Bonjour ${name},`,
};
const AMOUNT_MINOR = 284_000n;
const DUE_IN_DAYS = 14;
const EXPIRES_IN_DAYS = 44;

/** What is known of the firm where the examples can be its own. */
type PreviewFacts = { firmName: string; phone: string; currency: string; today: Day };

/** Subject and text as a payer would read them, of an example. What is no placeholder stays as it was typed. */
export function previewTemplate(typed: Template, language: Language, facts: PreviewFacts): MessagePreview {
  const values = exampleValues(language, facts);
  const body = fillTemplate(typed.body.replaceAll("\r\n", "\n"), values);
  return {
    subject: fillTemplate(typed.subject, values),
    greeting: hasGreeting(body) ? undefined : GREETINGS[language](values.payer_name ?? ""),
    body,
    amount: values.amount ?? "",
  };
}

/** One example for each placeholder. */
export function exampleValues(language: Language, facts: PreviewFacts): PlaceholderValues {
  const longDay = (days: number) => formatLongDay(addDays(facts.today, days), LANGUAGE_LOCALES[language]);
  const locale = LANGUAGE_LOCALES[language];
  return {
    ...Object.fromEntries(PLACEHOLDERS.map(({ key, example }) => [key, example])),
    firm: facts.firmName,
    phone: facts.phone,
    amount: formatMoney({ minor: AMOUNT_MINOR, currency: facts.currency }, locale),
    due_date: longDay(DUE_IN_DAYS),
    link_expiry: longDay(EXPIRES_IN_DAYS),
    statement_numbers: new Intl.ListFormat(locale, { type: "conjunction" }).format(["20391", "20402"]),
  };
}
