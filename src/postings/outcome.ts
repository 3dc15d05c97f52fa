import { ConnectorError } from "../../connectors/contract.ts";
import { balanceChanged, type Hindrance, statementClosed } from "./assess.ts";
import type { Claim } from "./claim.ts";
import type { PostingRow } from "./queries.ts";

/** How one try ended. `unknown` says whether the entry may stand in the matter system all the same. */
export type Outcome =
  | { kind: "posted"; externalId: string }
  | { kind: "double"; externalIds: string[] }
  /** Another try may help: after some seconds, or, without them, once the connection is authorized again. */
  | { kind: "later"; reason: string; afterSeconds: number | undefined; unknown: boolean }
  /** A write was sent and its answer lost: it is looked for once the system has had time to finish it. */
  | { kind: "lost"; reason: string; afterSeconds: number }
  /** Claimed, and not begun: one before it has to wait. */
  | { kind: "untried"; reason: string }
  /** Nothing more happens without a person. */
  | { kind: "person"; hindrance: Hindrance; unknown: boolean };

const FIRST_PAUSE_SECONDS = 10;
const LONGEST_PAUSE_SECONDS = 600;
/** A write whose answer was lost may still be at work there for this long. */
export const SETTLING_SECONDS = 15;
/** After so many writes in a row without a clear answer a person is told. */
const UNCLEAR_WRITES_LIMIT = 8;

/** The pause after try number `attempt` while the system cannot be reached: 10 seconds, doubled each time, 10 minutes at most. */
export function pauseSeconds(attempt: number): number {
  return Math.min(FIRST_PAUSE_SECONDS * 2 ** Math.min(attempt - 1, 10), LONGEST_PAUSE_SECONDS);
}

/** What a failed look-up means: we know as little as before, so the outcome stays unknown. */
export function afterFailedLookUp(error: unknown, attempt: number, system: string): Outcome {
  const later = delayOf(error, attempt, system, true);
  if (later) return later;
  if (!(error instanceof ConnectorError)) {
    const reason = `${system} could not be asked whether it holds this entry.`;
    return { kind: "later", reason, afterSeconds: pauseSeconds(attempt), unknown: true };
  }
  const text = `${system} may or may not hold this entry, and cannot be asked: ${error.message}`;
  return { kind: "person", hindrance: { problem: "unclear", text }, unknown: true };
}

type Tried = Pick<PostingRow, "attempts" | "unclear_writes">;

/**
 * What a failed write means. Everything that is not certainly a failure, an error of our own included, leaves the outcome unknown.
 * `rejected` and `missing` are looked into by the caller, who can read the statement again.
 */
export function afterFailedWrite(error: unknown, posting: Tried, system: string): Outcome {
  const later = delayOf(error, posting.attempts, system, false);
  if (later) return later;
  const words = error instanceof ConnectorError ? error : undefined;
  if (words?.kind === "rejected" || words?.kind === "missing") {
    const text = `${system} refused it: ${words.message}`;
    return { kind: "person", hindrance: { problem: "rejected", text }, unknown: false };
  }
  const lost = posting.unclear_writes + 1;
  if (lost < UNCLEAR_WRITES_LIMIT) {
    const reason = `The answer of ${system} was lost. We look there before anything is written again.`;
    return { kind: "lost", reason, afterSeconds: Math.max(SETTLING_SECONDS, pauseSeconds(lost)) };
  }
  const text = `${system} gave no clear answer to ${lost} writes in a row. Try again: we look there first.`;
  return { kind: "person", hindrance: { problem: "unclear", text }, unknown: true };
}

/** The statement as the matter system shows it after it refused an entry; undefined when it is gone. */
export type FreshStatement =
  | { state: "open" | "paid" | "void"; balanceMinor: bigint; deleted: boolean }
  | undefined;

/** Why an entry was refused, seen from the statement itself; undefined when the statement does not explain it. */
export function explainRefusal(claim: Claim, fresh: FreshStatement): Hindrance | undefined {
  const { posting, target } = claim;
  if (posting.kind === "reversal") return undefined;
  if (!fresh || fresh.deleted) return statementClosed({ ...target, isDeleted: true });
  if (fresh.state !== "open") return statementClosed({ ...target, state: fresh.state, isDeleted: false });
  if (fresh.balanceMinor < posting.amount_minor) {
    return balanceChanged(posting, { number: target.number, balanceMinor: fresh.balanceMinor });
  }
  return undefined;
}

/** For a system that can neither be searched nor sees a repetition: only a person can look there. */
export function askPerson(claim: Claim, system: string): Outcome {
  const { reference } = claim.posting;
  const text = `The answer of ${system} was lost. Look there for the reference ${reference} on statement ${claim.target.number}.`;
  return { kind: "person", hindrance: { problem: "unclear", text }, unknown: true };
}

function delayOf(error: unknown, attempt: number, system: string, unknown: boolean): Outcome | undefined {
  if (!(error instanceof ConnectorError)) return undefined;
  switch (error.kind) {
    case "rate": {
      const reason = `${system} asks us to wait.`;
      return {
        kind: "later",
        reason,
        afterSeconds: error.retryAfterSeconds ?? pauseSeconds(attempt),
        unknown,
      };
    }
    case "auth":
      return {
        kind: "later",
        reason: `${system} must be authorized again.`,
        afterSeconds: undefined,
        unknown,
      };
    case "outage": {
      const reason = `${system} cannot be reached.`;
      return { kind: "later", reason, afterSeconds: pauseSeconds(attempt), unknown };
    }
    default:
      return undefined;
  }
}
