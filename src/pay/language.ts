import { getCookie, setCookie } from "hono/cookie";
import { isLanguage, LANGUAGES, type Language } from "../base/language.ts";
import type { Web } from "../web/env.ts";

const COOKIE = "sfp_language";
const PARAMETER = "lang";
const LIFETIME_SECONDS = 31_536_000;
const DEFAULT_LANGUAGE = "en";
/** More than a browser sends; the rest of a longer header is not read. */
const HEADER_LENGTH_LIMIT = 500;

/**
 * The language of a payer's page: what the payer chose, else what the sender chose for the payer, else what the browser asks for.
 * A choice comes with the address, so that it works where cookies are off, and is kept in a cookie for the pages after.
 */
export function languageOf(c: Web, link?: { language: string | null }): Language {
  const chosen = c.req.query(PARAMETER);
  if (isLanguage(chosen)) return chosen;
  const kept = getCookie(c, COOKIE);
  if (isLanguage(kept)) return kept;
  if (isLanguage(link?.language)) return link.language;
  return acceptedLanguage(c.req.header("Accept-Language"));
}

/** Keeps the choice that the address names, for the processor's way back and the payer's next visit. */
export function keepChoice(c: Web): void {
  const chosen = c.req.query(PARAMETER);
  if (!isLanguage(chosen)) return;
  setCookie(c, COOKIE, chosen, {
    path: "/p",
    httpOnly: true,
    sameSite: "Lax",
    secure: c.get("cx").config.PUBLIC_ORIGIN.startsWith("https://"),
    maxAge: LIFETIME_SECONDS,
  });
}

/** A path with the choice of this request's address, so that it outlives a browser without cookies. */
export function withChoice(c: Web, path: string): string {
  const chosen = c.req.query(PARAMETER);
  return isLanguage(chosen) ? choose(path, chosen) : path;
}

/** A path that chooses a language. */
export function choose(path: string, language: Language): string {
  return `${path}${path.includes("?") ? "&" : "?"}${PARAMETER}=${language}`;
}

/**
 * The language that an Accept-Language header prefers among ours: by quality, then by order; a quality of 0 rules one out.
 * English when it names none. https://www.rfc-editor.org/rfc/rfc9110#name-accept-language
 */
export function acceptedLanguage(header: string | undefined): Language {
  const wanted = (header ?? "")
    .slice(0, HEADER_LENGTH_LIMIT)
    .split(",")
    .map((part) => {
      const [range = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
      const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
      return { language: range.split("-")[0] ?? "", quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0 && quality <= 1)
    .toSorted((one, other) => other.quality - one.quality);
  const found = wanted.find(({ language }) => isLanguage(language))?.language;
  return LANGUAGES.find((language) => language === found) ?? DEFAULT_LANGUAGE;
}
