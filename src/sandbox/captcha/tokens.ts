import { randomBytes } from "node:crypto";
import type { Vendor } from "./vendors.ts";

/** What the browser adds to a fresh token: where it ran, and what for. */
export type TokenFacts = { siteKey?: string; hostname?: string; action?: string; cdata?: string };

/** What the service knows of a token that it has handed out. */
type Token = {
  vendor: Vendor;
  mintedAt: Date;
  /** 0.0 (a machine) to 1.0 (a person). */
  score: number;
  spent: boolean;
  /** The answer by the idempotency key under which it was asked for (Turnstile). */
  answers: Map<string, unknown>;
};

export type Tokens = {
  mint: (token: { vendor: Vendor; mintedAt: Date; score: number }) => string;
  find: (id: string) => Token | undefined;
};

const ID_BYTES = 24;
// A token is of no use after minutes, so the oldest make room without harm.
const MAXIMUM_TOKENS = 10_000;

/**
 * The tokens that were handed out, in memory: they live for minutes, and a restart is as good as their end.
 */
export function createTokens(): Tokens {
  const tokens = new Map<string, Token>();
  return {
    mint: (facts) => {
      const id = randomBytes(ID_BYTES).toString("base64url");
      tokens.set(id, { ...facts, spent: false, answers: new Map() });
      const oldest = tokens.keys().next().value;
      if (tokens.size > MAXIMUM_TOKENS && oldest !== undefined) tokens.delete(oldest);
      return id;
    },
    find: (id) => tokens.get(id),
  };
}

/**
 * The token as it travels: its id, a point, and the browser's facts. The widget's script writes the same
 * form.
 */
export function writeToken(id: string, facts: TokenFacts): string {
  return `${id}.${Buffer.from(JSON.stringify(facts)).toString("base64url")}`;
}

/** Takes a token apart; undefined when it does not have that form. */
export function readToken(text: string): { id: string; facts: TokenFacts } | undefined {
  const [id, encoded] = text.split(".");
  if (id === undefined || encoded === undefined) return undefined;
  try {
    const facts: unknown = JSON.parse(Buffer.from(encoded, "base64url").toString("utf8"));
    return typeof facts === "object" && facts !== null ? { id, facts: textsOf(facts) } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function textsOf(facts: object): TokenFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => typeof value === "string"));
}
