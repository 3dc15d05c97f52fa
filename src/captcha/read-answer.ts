import { z } from "zod";
import { ACTION, MAKERS } from "./makers.ts";
import type { CaptchaMaker, KeyTrouble, Verdict } from "./port.ts";

/** What a score-based key calls a person at least; 1 is surely one. https://developers.google.com/recaptcha/docs/v3#interpreting_the_score */
const LEAST_SCORE = 0.5;

const KEY_CODES: Readonly<Record<string, KeyTrouble>> = {
  "missing-input-secret": "secret",
  "invalid-input-secret": "secret",
  "invalid-keys": "keys_differ",
  "sitekey-secret-mismatch": "keys_differ",
  "not-using-dummy-passcode": "test_keys",
};
const SPENT_CODES = new Set([
  "timeout-or-duplicate",
  "expired-input-response",
  "already-seen-response",
  "invalid-or-already-seen-response",
]);
/** The maker's own trouble, said in an answer. */
const DOWN_CODES = new Set(["internal-error"]);

const form = z.object({
  success: z.boolean(),
  hostname: z.string().optional(),
  action: z.string().optional(),
  score: z.number().optional(),
  "error-codes": z.array(z.string()).optional(),
});

/**
 * Reads the answer of a maker, parsed from its JSON. `hostname` is where our pages are: a token that was made elsewhere proves nothing
 * here. A code that nobody documents refuses the visitor and never lets anybody through.
 */
export function readAnswer(maker: CaptchaMaker, answer: unknown, hostname: string): Verdict {
  const read = form.safeParse(answer);
  if (!read.success) return { verdict: "down", reason: "the answer could not be read" };
  const { data } = read;
  if (!data.success) return readCodes(data["error-codes"] ?? []);
  if (data.hostname !== hostname) {
    const isTest = MAKERS[maker].testHosts.includes(data.hostname ?? "");
    return isTest ? { verdict: "unfit", reason: "test_keys" } : { verdict: "not_proven", reason: "refused" };
  }
  const isOurAction = maker !== "turnstile" || data.action === ACTION;
  const isLikely = data.score === undefined || data.score >= LEAST_SCORE;
  return isOurAction && isLikely ? { verdict: "person" } : { verdict: "not_proven", reason: "refused" };
}

function readCodes(codes: readonly string[]): Verdict {
  const trouble = codes.map((code) => KEY_CODES[code]).find((found) => found !== undefined);
  if (trouble) return { verdict: "unfit", reason: trouble };
  if (codes.some((code) => DOWN_CODES.has(code))) return { verdict: "down", reason: "internal-error" };
  if (codes.includes("missing-input-response")) return { verdict: "not_proven", reason: "missing" };
  return { verdict: "not_proven", reason: codes.some((code) => SPENT_CODES.has(code)) ? "spent" : "refused" };
}
