import { LANGUAGE_LOCALES, type Language } from "../base/language.ts";
import { formatMoney } from "../base/money.ts";
import type { Web } from "../web/env.ts";
import { languageOf } from "./language.ts";
import type { OpenedLink } from "./open.ts";
import { type PayWords, wordsFor } from "./words.ts";

/** How a page speaks to its payer. */
export type Voice = {
  language: Language;
  /** Of dates and amounts. */
  locale: string;
  words: PayWords;
  /** Writes minor units of the link's currency. */
  money: (minor: bigint) => string;
};

/** The voice for this payer and this link. English follows the firm's own country. */
export function voiceOf(c: Web, opened: Pick<OpenedLink, "link" | "firm">): Voice {
  const { link, firm } = opened;
  const language = languageOf(c, link);
  const locale = language === "en" && firm.locale.startsWith("en") ? firm.locale : LANGUAGE_LOCALES[language];
  return {
    language,
    locale,
    words: wordsFor(language),
    money: (minor) => formatMoney({ minor, currency: link.currency }, locale),
  };
}

/** Where a payer turns to when a page cannot help: the firm's phone, else its address, else just the firm. */
export function waysToFirm(words: PayWords, settings: { phone: string; contact_email: string }): string {
  if (settings.phone !== "") return words.contact.phone(settings.phone);
  return settings.contact_email === "" ? words.contact.firm : words.contact.email(settings.contact_email);
}
