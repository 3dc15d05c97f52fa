import type { Language } from "../base/language.ts";
import { english, type PayWords } from "./words-en.ts";
import { spanish } from "./words-es.ts";
import { french } from "./words-fr.ts";

export type { PayWords } from "./words-en.ts";

const WORDS: Readonly<Record<Language, PayWords>> = { en: english, es: spanish, fr: french };

/** The words of a language. A further language is one more object of this form. */
export function wordsFor(language: Language): PayWords {
  return WORDS[language];
}
