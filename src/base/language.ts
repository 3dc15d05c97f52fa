/** The languages that payers read. */
export const LANGUAGES = ["en", "es", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language by its own name, for whoever chooses one. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: "English",
  es: "Español",
  fr: "Français",
};

/** How dates and amounts are written for a payer who reads the language. */
export const LANGUAGE_LOCALES: Readonly<Record<Language, string>> = {
  en: "en-US",
  es: "es-US",
  fr: "fr-CA",
};

/** Whether text is the code of a language that payers can read. */
export function isLanguage(text: string | null | undefined): text is Language {
  return (LANGUAGES as readonly (string | null | undefined)[]).includes(text);
}
