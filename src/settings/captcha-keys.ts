import type { CaptchaMaker } from "../captcha/port.ts";

/** The makers of captchas that a firm may choose, in the order in which they are offered. */
export const CAPTCHA_MAKERS = [
  "recaptcha",
  "turnstile",
  "hcaptcha",
] as const satisfies readonly CaptchaMaker[];

type Maker = {
  name: string;
  /** Where the keys are made. */
  console: string;
  isSiteKey: (text: string) => boolean;
  isSecret: (text: string) => boolean;
  siteKeyLooks: string;
  secretLooks: string;
};

/** A key is one word; what is one word and no known form may be a form that the maker brought out since. */
const ONE_WORD = /^[\w-]{10,200}$/;
const HCAPTCHA_SITE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const HCAPTCHA_SECRET = /^(0x[0-9a-f]{40}|ES_[0-9a-f]{32})$/i;
const RECAPTCHA = /^6L[\w-]{38}$/;
/** https://developers.cloudflare.com/turnstile/troubleshooting/testing/ */
const TURNSTILE = /^[0-9]x[\w-]{10,60}$/;

/** Whether a text looks like a key that another maker, or the other box, wants. */
function isForeign(text: string, ...others: RegExp[]): boolean {
  return others.some((form) => form.test(text));
}

export const CAPTCHA: Readonly<Record<CaptchaMaker, Maker>> = {
  recaptcha: {
    name: "reCAPTCHA",
    console: "google.com/recaptcha/admin",
    isSiteKey: (text) => ONE_WORD.test(text) && !isForeign(text, TURNSTILE, HCAPTCHA_SITE, HCAPTCHA_SECRET),
    isSecret: (text) => ONE_WORD.test(text) && !isForeign(text, TURNSTILE, HCAPTCHA_SITE, HCAPTCHA_SECRET),
    siteKeyLooks: "40 characters that begin with 6L",
    secretLooks: "40 characters that begin with 6L",
  },
  turnstile: {
    name: "Turnstile",
    console: "dash.cloudflare.com",
    isSiteKey: (text) => ONE_WORD.test(text) && !isForeign(text, RECAPTCHA, HCAPTCHA_SITE, HCAPTCHA_SECRET),
    isSecret: (text) => ONE_WORD.test(text) && !isForeign(text, RECAPTCHA, HCAPTCHA_SITE),
    siteKeyLooks: "about 24 characters that begin with 0x4",
    secretLooks: "about 35 characters that begin with 0x4",
  },
  hcaptcha: {
    name: "hCaptcha",
    console: "dashboard.hcaptcha.com",
    isSiteKey: (text) => ONE_WORD.test(text) && !isForeign(text, RECAPTCHA, TURNSTILE, HCAPTCHA_SECRET),
    isSecret: (text) => ONE_WORD.test(text) && !isForeign(text, RECAPTCHA, HCAPTCHA_SITE),
    siteKeyLooks: "five groups of letters and digits with hyphens between them",
    secretLooks: "a word that begins with ES_ or 0x",
  },
};

/** The maker that a box names; undefined for `off` and for another word. */
export function findMaker(text: string): CaptchaMaker | undefined {
  return CAPTCHA_MAKERS.find((maker) => maker === text);
}
