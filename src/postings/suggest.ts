import type { Tx } from "../db/tx.ts";
import { type Candidate, listCandidates, readClues } from "./suggestion-queries.ts";
import type { Target } from "./target-queries.ts";

/** What a payment says about the statement that it is for. */
export type Clues = {
  kind: "invoice" | "trust_request";
  currency: string;
  amountMinor: bigint;
  /** The number that the link named, or the words that it was sent with. */
  number: string;
  names: string[];
  emails: string[];
};

/** Which clues point to a statement. */
export type Signs = { number: boolean; amount: boolean; email: boolean; name: boolean };

export type Suggestion = {
  target: Target;
  why: string[] /** How much of the posting it takes, in minor units. */;
  takesMinor: bigint;
};

const SHOWN = 8;
const WEIGHTS: Record<keyof Signs, number> = { number: 8, email: 4, amount: 3, name: 3 };
const NUMBERS_LIMIT = 20;
const WORDS_LIMIT = 6;
/** Words of names that stand in every other one. */
const COMMON_WORDS = new Set([
  "inc",
  "llc",
  "llp",
  "ltd",
  "co",
  "corp",
  "the",
  "and",
  "of",
  "mr",
  "mrs",
  "ms",
  "dr",
]);

/** The open statements that a posting is most likely for, the likeliest first, each with why. */
export async function suggestTargets(
  tx: Tx,
  firmId: string,
  posting: { payment_id: string; kind: string; amount_minor: bigint; currency: string },
): Promise<Suggestion[]> {
  const clues = await readClues(tx, firmId, posting);
  const names = clues.names.map(wordsOf).filter((words) => words.length > 0);
  const candidates = await listCandidates(tx, firmId, clues, numbersIn(clues.number), names);
  return rank(clues, candidates);
}

/** Orders candidates by how much speaks for them; those that the money cannot go to are left out. */
export function rank(clues: Clues, candidates: readonly Candidate[]): Suggestion[] {
  return candidates
    .filter(({ target }) => fits(clues, target))
    .map((candidate) => ({ ...candidate, score: scoreOf(candidate.signs) }))
    .sort(
      (a, b) =>
        b.score - a.score ||
        byRoom(clues, a.target) - byRoom(clues, b.target) ||
        (a.target.dueOn ?? "9999").localeCompare(b.target.dueOn ?? "9999") ||
        a.target.statementId.localeCompare(b.target.statementId),
    )
    .slice(0, SHOWN)
    .map(({ target, signs }) => ({
      target,
      why: whyOf(signs),
      takesMinor: target.balanceMinor < clues.amountMinor ? target.balanceMinor : clues.amountMinor,
    }));
}

/** The numbers that people may mean by a text such as `Invoice #20391` or `inv 20391, 20392`: as it is, and each part with a digit. */
export function numbersIn(text: string): string[] {
  const whole = text.trim();
  if (whole === "") return [];
  const parts = whole.split(/[\s,;:#/()]+/).filter((part) => /\d/.test(part));
  const bare = parts.map((part) => part.replace(/^(?:invoice|inv|no|nr)[.-]*(?=\d)/i, ""));
  const all = [whole, ...parts, ...bare];
  return [...new Set([...all, ...all.map((each) => each.toUpperCase())])].slice(0, NUMBERS_LIMIT);
}

/** The words of a name that tell it from others, in lower case. */
export function wordsOf(name: string): string[] {
  return name
    .toLowerCase()
    .split(/[\s,.()&]+/)
    .filter((word) => word.length > 1 && !COMMON_WORDS.has(word))
    .slice(0, WORDS_LIMIT);
}

function fits(clues: Clues, target: Target): boolean {
  return (
    target.kind === clues.kind &&
    target.currency === clues.currency &&
    target.state === "open" &&
    !target.isDeleted &&
    target.balanceMinor > 0n &&
    target.connectionState !== "disconnected"
  );
}

function scoreOf(signs: Signs): number {
  const given = Object.keys(WEIGHTS).filter((sign): sign is keyof Signs => signs[sign as keyof Signs]);
  return given.reduce((sum, sign) => sum + WEIGHTS[sign], 0);
}

function byRoom(clues: Clues, target: Target): number {
  return target.balanceMinor >= clues.amountMinor ? 0 : 1;
}

function whyOf(signs: Signs): string[] {
  const why: string[] = [];
  if (signs.number) why.push("The request named its number.");
  if (signs.email) why.push("The payer’s email address stands on its matter.");
  if (signs.name) why.push("The payer is named on its matter.");
  if (signs.amount) why.push("Its balance is exactly this amount.");
  return why;
}
