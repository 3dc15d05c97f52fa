import type { Config } from "../base/config.ts";
import { MAKERS, type Maker } from "./makers.ts";
import type { Captcha, CaptchaMaker, Question, Verdict, Widget } from "./port.ts";
import { readAnswer } from "./read-answer.ts";

/** A payer waits for the answer. */
const TIMEOUT_MS = 5_000;
/** The longest token that a maker documents has 2,048 characters; what is much longer is none. */
const TOKEN_LENGTH_LIMIT = 8_192;

type CaptchaConfig = Pick<Config, "CAPTCHA_API_BASE"> & { PUBLIC_ORIGIN: string };

/**
 * The way to the three makers, who share one protocol. One question per token, never repeated: after a lost answer the token may be
 * spent already. The visitor's address is not handed on.
 */
export function openCaptcha(config: CaptchaConfig): Captcha {
  const { hostname } = new URL(config.PUBLIC_ORIGIN);
  const base = config.CAPTCHA_API_BASE;
  return {
    widget: (maker, siteKey, language) => widgetOf(MAKERS[maker], base, siteKey, language),
    verify: (question) => verify(question, addressOf(question.maker, base), hostname),
  };
}

function addressOf(maker: CaptchaMaker, base: string | undefined): string {
  return base === undefined ? MAKERS[maker].verifyUrl : `${base}${MAKERS[maker].verifyPath}`;
}

function widgetOf(maker: Maker, base: string | undefined, siteKey: string, language: string): Widget {
  const script = new URL(base === undefined ? maker.scriptUrl : `${base}${maker.scriptPath}`);
  if (maker.takesLanguageInUrl) script.searchParams.set("hl", language);
  const own = base === undefined ? [] : [base];
  const { script: scripts, frame, style, connect } = maker.sources;
  return {
    scriptUrl: script.href,
    className: maker.className,
    field: maker.field,
    attributes: {
      ...maker.attributes,
      "data-sitekey": siteKey,
      ...(maker.takesLanguageInUrl ? {} : { "data-language": language }),
    },
    sources:
      base === undefined
        ? { script: scripts, frame, style, connect }
        : { script: own, frame: own, style: own, connect: own },
  };
}

async function verify(question: Question, url: string, hostname: string): Promise<Verdict> {
  const { maker, siteKey, secret, token } = question;
  if (token === "") return { verdict: "not_proven", reason: "missing" };
  if (token.length > TOKEN_LENGTH_LIMIT) return { verdict: "not_proven", reason: "refused" };
  // Only hCaptcha compares the site key itself; the others would not know the field.
  const fields = { secret, response: token, ...(maker === "hcaptcha" ? { sitekey: siteKey } : {}) };
  let answer: unknown;
  try {
    const response = await fetch(url, {
      method: "POST",
      body: new URLSearchParams(fields),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      // No maker redirects; Workers know no way to forbid it.
      redirect: "manual",
    });
    if (
      response.status === 429 ||
      response.status >= 500 ||
      (response.status >= 300 && response.status < 400)
    )
      return { verdict: "down", reason: `status ${response.status}` };
    answer = await response.json();
  } catch (error) {
    // A broken connection, the timeout, or a body that is no JSON: whatever it was, there is no answer.
    return { verdict: "down", reason: error instanceof Error ? error.name : "unknown" };
  }
  return readAnswer(maker, answer, hostname);
}
