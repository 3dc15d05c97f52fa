import { sumMinor } from "../base/money.ts";
import { causeOf, isDisputed, PAYMENT_CAUSE, type UndoingKind, undoingIdOf } from "./cause.ts";
import type { PostingRow } from "./queries.ts";
import { isOpen } from "./state.ts";

/** A posting of one part of a payment, as far as it matters here. */
export type Entry = Pick<
  PostingRow,
  | "id"
  | "kind"
  | "cause"
  | "state"
  | "amount_minor"
  | "reverses_posting_id"
  | "restores_posting_id"
  | "outcome_unknown"
  | "is_undone"
  | "is_unapplied"
  | "problem"
  | "file_id"
>;

/** How much of one part a refund or dispute undid. After an odd number of turns its money is gone, after an even one it is back. */
export type Undoing = { kind: UndoingKind; id: string; turn: number; amountMinor: bigint; movedAt: Date };

export type Step =
  /** Not written, and not to be: its money is not there. */
  | { act: "setAside"; entryId: string; undoing: Undoing }
  | { act: "putBack"; entryId: string }
  /** The same where a person may have entered it already: that person says whether it stands there. */
  | { act: "callBack"; entryId: string }
  /** What was called back is to be entered again after all. */
  | { act: "askAgain"; entryId: string }
  /** Nothing hinders it but that nobody asked for its writing yet. */
  | { act: "go"; entryId: string }
  | { act: "reverse"; entryId: string; cause: string; amountMinor: bigint; undoing: Undoing }
  | { act: "restore"; reversalId: string; cause: string; amountMinor: bigint; undoing: Undoing };

/**
 * What must be done so that the postings of one part of a payment say what its refunds and disputes say. A part that is wholly undone
 * before it was posted is not posted; of all else the payment is posted in full first, and then reversed, each refund and dispute by
 * itself. What came back is posted anew, or its reversal is left when it was not written yet. What is on its way, or may stand in the
 * matter system, is waited for; what a person may have entered there waits for that person's word. What a person set aside stays so.
 * Asked again after the steps were taken, it asks for nothing.
 */
export function planSteps(
  amountMinor: bigint,
  entries: readonly Entry[],
  undoings: readonly Undoing[],
): Step[] {
  const first = entries.find((entry) => entry.kind !== "reversal" && entry.cause === PAYMENT_CAUSE);
  if (!first) return [];
  const gone = undoings.filter(({ turn }) => turn % 2 === 1);
  const isWhole = sumMinor(gone.map((undoing) => undoing.amountMinor)) >= amountMinor;
  const last = gone.at(-1);
  if (first.state === "posted") return followAll(entries, undoings);
  if (first.state === "set_aside" && first.is_undone)
    return isWhole ? [] : [{ act: "putBack", entryId: first.id }];
  if (first.outcome_unknown || first.state === "posting") return [];
  if (first.state === "set_aside" && !first.is_unapplied) return [];
  if (mayBeEntered(first)) return first.is_undone === isWhole ? [] : [turnedOver(first)];
  if (isWhole && last) return [{ act: "setAside", entryId: first.id, undoing: last }];
  return first.state === "ready" ? [{ act: "go", entryId: first.id }] : [];
}

/**
 * Whether a person may have entered it before anybody told us: it was to be entered by hand, or stands in a file to import. What is
 * to be taken out of trust is taken out by hand too, save for disputes, which never are.
 */
function mayBeEntered(entry: Entry): boolean {
  if (!isOpen(entry.state) || entry.outcome_unknown) return false;
  if (entry.is_undone || entry.file_id !== null || entry.problem === "unsupported") return true;
  return entry.problem === "trust_guard" && !isDisputed(entry.cause);
}

function turnedOver(entry: Entry): Step {
  return { act: entry.is_undone ? "askAgain" : "callBack", entryId: entry.id };
}

function followAll(entries: readonly Entry[], undoings: readonly Undoing[]): Step[] {
  const steps: Step[] = [];
  for (const undoing of undoings) steps.push(...follow(entries, undoing, steps));
  return steps;
}

/** `before` are the steps for earlier refunds and disputes of this part: what they take is not free any more. */
function follow(entries: readonly Entry[], undoing: Undoing, before: readonly Step[]): Step[] {
  const mine = entries.filter(
    (entry) => entry.kind === "reversal" && undoingIdOf(entry.cause) === undoing.id && !isLeft(entry),
  );
  const standing = mine.filter((reversal) => !isRestored(entries, reversal));
  return undoing.turn % 2 === 1
    ? takeOut(entries, standing, undoing, before)
    : putIn(entries, standing, undoing);
}

/** Whether a reversal was set aside by itself, since its money came back before it was written. */
function isLeft(reversal: Entry): boolean {
  return reversal.state === "set_aside" && reversal.is_undone;
}

function isRestored(entries: readonly Entry[], reversal: Entry): boolean {
  return entries.some((entry) => entry.restores_posting_id === reversal.id);
}

/** Reverses what stands in the matter system, the latest entry first, each up to what is left of it. */
function takeOut(
  entries: readonly Entry[],
  standing: readonly Entry[],
  undoing: Undoing,
  before: readonly Step[],
): Step[] {
  let left = undoing.amountMinor - sumMinor(standing.map((reversal) => reversal.amount_minor));
  const steps = standing.filter((reversal) => mayBeEntered(reversal) && reversal.is_undone).map(turnedOver);
  for (const entry of entries.toReversed()) {
    if (left <= 0n) break;
    if (entry.kind === "reversal" || entry.state !== "posted" || entry.outcome_unknown) continue;
    const free = entry.amount_minor - reversedOf(entries, entry) - plannedOf(before, entry);
    if (free <= 0n) continue;
    const amountMinor = free < left ? free : left;
    const cause = causeOf(undoing, reversalsOf(entries, entry, undoing));
    steps.push({ act: "reverse", entryId: entry.id, cause, amountMinor, undoing });
    left -= amountMinor;
  }
  return steps;
}

function reversedOf(entries: readonly Entry[], entry: Entry): bigint {
  const reversals = entries.filter(
    (each) => each.reverses_posting_id === entry.id && each.state !== "set_aside",
  );
  return sumMinor(reversals.map((each) => each.amount_minor));
}

function plannedOf(before: readonly Step[], entry: Entry): bigint {
  return sumMinor(
    before.map((step) => (step.act === "reverse" && step.entryId === entry.id ? step.amountMinor : 0n)),
  );
}

function putIn(entries: readonly Entry[], standing: readonly Entry[], undoing: Undoing): Step[] {
  const steps: Step[] = [];
  let index = restoresOf(entries, undoing);
  for (const reversal of standing) {
    if (reversal.state === "posted") {
      const cause = causeOf(undoing, index++);
      const { id, amount_minor: amountMinor } = reversal;
      steps.push({ act: "restore", reversalId: id, cause, amountMinor, undoing });
    } else if (mayBeEntered(reversal)) {
      if (!reversal.is_undone) steps.push(turnedOver(reversal));
    } else if (isOpen(reversal.state) && !reversal.outcome_unknown) {
      steps.push({ act: "setAside", entryId: reversal.id, undoing });
    }
  }
  return steps;
}

/** How many postings make good already what came back at this turn: the next has the cause of none of them. */
function restoresOf(entries: readonly Entry[], undoing: Undoing): number {
  return entries.filter(({ cause }) => isOfTurn(cause, undoing)).length;
}

/** How many reversals of an entry follow this turn already: more of it may be free later than was at first. */
function reversalsOf(entries: readonly Entry[], entry: Entry, undoing: Undoing): number {
  return entries.filter((each) => each.reverses_posting_id === entry.id && isOfTurn(each.cause, undoing))
    .length;
}

function isOfTurn(cause: string, undoing: Undoing): boolean {
  const first = causeOf(undoing);
  return cause === first || cause.startsWith(`${first}:part`);
}
