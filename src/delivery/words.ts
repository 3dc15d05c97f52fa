import { formatLongDay, formatShortDay } from "../base/day.ts";
import { LANGUAGE_LOCALES, type Language } from "../base/language.ts";
import { formatMoney, type Money } from "../base/money.ts";
import { english, type LetterWords } from "./words-en.ts";
import { spanish } from "./words-es.ts";
import { french } from "./words-fr.ts";

/** A language as letters write it: the words, and how days and amounts look. */
export type Tongue = {
  language: Language;
  words: LetterWords;
  money: (money: Money) => string;
  longDay: (day: string) => string;
  shortDay: (day: string) => string;
};

const WORDS: Readonly<Record<Language, LetterWords>> = { en: english, es: spanish, fr: french };

export function tongueOf(language: Language): Tongue {
  const locale = LANGUAGE_LOCALES[language];
  return {
    language,
    words: WORDS[language],
    money: (money) => formatMoney(money, locale),
    longDay: (day) => formatLongDay(day, locale),
    shortDay: (day) => formatShortDay(day, locale),
  };
}
