import { readToken, type TokenFacts, type Tokens } from "./tokens.ts";
import { type KeyPair, VENDORS, type Vendor } from "./vendors.ts";

export type Question = {
  secret?: string | undefined;
  response?: string | undefined;
  sitekey?: string | undefined;
  idempotencyKey?: string | undefined;
};
type Answer = { success: boolean; "error-codes": string[] } & Record<string, unknown>;
export type Verifier = { keys: readonly KeyPair[]; tokens: Tokens; now: () => Date };

const MILLISECONDS_PER_SECOND = 1_000;

/**
 * Answers one `siteverify` question; a token is spent by the first question that finds it valid, whoever
 * hears the answer.
 */
export function verify({ keys, tokens, now }: Verifier, vendor: Vendor, question: Question): Answer {
  const rules = VENDORS[vendor];
  if (!question.secret) return refusal("missing-input-secret");
  const key = keys.find((pair) => pair.vendor === vendor && pair.secret === question.secret);
  if (key === undefined) return refusal("invalid-input-secret");
  if (!question.response) return refusal("missing-input-response");
  if (question.sitekey !== undefined && question.sitekey !== key.siteKey)
    return refusal("sitekey-secret-mismatch");
  if (key.verdict === "fail") return refusal("invalid-input-response");
  if (key.verdict === "spent") return refusal(rules.spentCode);
  if (key.verdict === "pass") return pass(vendor, now(), { hostname: rules.testHostname });

  const read = readToken(question.response);
  const token = read === undefined ? undefined : tokens.find(read.id);
  if (read === undefined || token === undefined || token.vendor !== vendor)
    return refusal("invalid-input-response");
  if (read.facts.siteKey !== key.siteKey) return refusal("invalid-input-response");
  const earlier =
    question.idempotencyKey === undefined ? undefined : token.answers.get(question.idempotencyKey);
  if (earlier !== undefined) return earlier as Answer;
  const ageSeconds = (now().getTime() - token.mintedAt.getTime()) / MILLISECONDS_PER_SECOND;
  if (ageSeconds > rules.lifetimeSeconds) return refusal(rules.expiredCode);
  if (token.spent) return refusal(rules.spentCode);
  token.spent = true;
  const answer = pass(vendor, token.mintedAt, read.facts, token.score);
  if (question.idempotencyKey !== undefined) token.answers.set(question.idempotencyKey, answer);
  return answer;
}

/** The score is part of an answer of reCAPTCHA v3, which is what a token with an action comes from. */
function pass(vendor: Vendor, at: Date, facts: TokenFacts, score?: number): Answer {
  const answer: Answer = {
    success: true,
    challenge_ts: at.toISOString(),
    hostname: facts.hostname ?? "",
    "error-codes": [],
  };
  if (vendor === "turnstile") return { ...answer, action: facts.action ?? "", cdata: facts.cdata ?? "" };
  if (vendor === "recaptcha" && facts.action !== undefined) return { ...answer, action: facts.action, score };
  return answer;
}

function refusal(code: string): Answer {
  return { success: false, "error-codes": [code] };
}
