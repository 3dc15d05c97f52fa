import { LANGUAGES, type Language } from "../base/language.ts";

const NAMES: Record<Language, readonly string[]> = {
  en: ["en", "eng", "english", "anglais", "ingles"],
  es: ["es", "esp", "spa", "spanish", "espanol", "espagnol"],
  fr: ["fr", "fra", "fre", "french", "francais", "frances"],
};

/** The language that a cell names, in that language, in English or as a code such as `fr-CA`; undefined for another. */
export function findLanguage(text: string): Language | undefined {
  const typed = text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .trim()
    .replace(/[-_][a-z]{2}$/, "");
  return LANGUAGES.find((language) => NAMES[language].includes(typed));
}
