import type { CaptchaMaker, Widget } from "./port.ts";

/** What our widgets are for; Turnstile repeats it in its answer. */
export const ACTION = "pay";

export type Maker = {
  verifyUrl: string;
  scriptUrl: string;
  /** The path of each under one address that answers for all makers. */
  verifyPath: string;
  scriptPath: string;
  field: string;
  className: string;
  sources: Widget["sources"];
  /** Whether the language goes to the script's address; else it is an attribute. */
  takesLanguageInUrl: boolean;
  /** Narrow on every screen: without a script of ours nobody could choose by the width of a phone. */
  attributes: Readonly<Record<string, string>>;
  /** The host that answers to the maker's public pairs for tests name. */
  testHosts: readonly string[];
};

const GOOGLE = ["https://www.google.com/recaptcha/", "https://www.gstatic.com/recaptcha/"];
const HCAPTCHA = ["https://hcaptcha.com", "https://*.hcaptcha.com"];
const CLOUDFLARE = ["https://challenges.cloudflare.com"];

/** Three makers of one protocol. */
export const MAKERS: Readonly<Record<CaptchaMaker, Maker>> = {
  // https://developers.google.com/recaptcha/docs/verify
  recaptcha: {
    verifyUrl: "https://www.google.com/recaptcha/api/siteverify",
    scriptUrl: "https://www.google.com/recaptcha/api.js",
    verifyPath: "/recaptcha/api/siteverify",
    scriptPath: "/recaptcha/api.js",
    field: "g-recaptcha-response",
    className: "g-recaptcha",
    sources: {
      script: GOOGLE,
      frame: ["https://www.google.com/recaptcha/", "https://recaptcha.google.com/recaptcha/"],
      style: [],
      connect: ["https://www.google.com/recaptcha/"],
    },
    takesLanguageInUrl: true,
    attributes: { "data-size": "compact", "data-theme": "light" },
    testHosts: ["testkey.google.com"],
  },
  // https://developers.cloudflare.com/turnstile/reference/content-security-policy
  turnstile: {
    verifyUrl: "https://challenges.cloudflare.com/turnstile/v0/siteverify",
    scriptUrl: "https://challenges.cloudflare.com/turnstile/v0/api.js",
    verifyPath: "/turnstile/v0/siteverify",
    scriptPath: "/turnstile/v0/api.js",
    field: "cf-turnstile-response",
    className: "cf-turnstile",
    sources: { script: CLOUDFLARE, frame: CLOUDFLARE, style: [], connect: CLOUDFLARE },
    takesLanguageInUrl: false,
    attributes: { "data-size": "flexible", "data-theme": "light", "data-action": ACTION },
    testHosts: ["example.com"],
  },
  // https://docs.hcaptcha.com/#content-security-policy-settings
  hcaptcha: {
    verifyUrl: "https://api.hcaptcha.com/siteverify",
    scriptUrl: "https://js.hcaptcha.com/1/api.js",
    verifyPath: "/hcaptcha/siteverify",
    scriptPath: "/hcaptcha/1/api.js",
    field: "h-captcha-response",
    className: "h-captcha",
    sources: { script: HCAPTCHA, frame: HCAPTCHA, style: HCAPTCHA, connect: HCAPTCHA },
    takesLanguageInUrl: true,
    attributes: { "data-size": "compact", "data-theme": "light" },
    testHosts: ["dummy-key-pass"],
  },
};
