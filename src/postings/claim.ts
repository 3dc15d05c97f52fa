import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { eachTogether } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";
import { getFirm } from "../settings/queries.ts";
import type { Hindrance } from "./assess.ts";
import { type DuePosting, findNextTry, listNext } from "./due-queries.ts";
import { findHindrance } from "./hindrance.ts";
import { findHold } from "./hold-queries.ts";
import { hindered, movePosting, recordPosting } from "./move.ts";
import { postedDay } from "./posted-day.ts";
import {
  findLockedPosting,
  findPosting,
  getPayment,
  type PaymentRow,
  type PostingRow,
  updatePosting,
} from "./queries.ts";
import { findTarget, type Target } from "./target-queries.ts";

/** After this time a try that left no outcome is taken for dead, and the next begins with a look-up. */
export const CLAIM_MS = 50_000;
/** What could not even be claimed, by an error of our own, is left alone for so long. */
const BROKEN_MS = 600_000;
/** Where even that cannot be written, such as while somebody holds the row, all of its connection waits for so long. */
const LOCKED_MS = 60_000;

/** One try to write a posting, which nobody else makes meanwhile. */
export type Claim = {
  posting: PostingRow;
  payment: PaymentRow;
  target: Target;
  /** The entry that a reversal undoes. */
  undone: { externalId: string; kind: "payment" | "trust_deposit" } | undefined;
  /** An earlier try may have written it: it must be looked for first. */
  mayBeWritten: boolean;
  /** The date of the entry, by the connection's rule in the firm's zone. */
  postedOn: string;
};

/** What is to be written next through a connection. Where it is over for now, when to look again: at `lookAt`, or never by itself. */
export type Next = { claims: Claim[]; isOver: boolean; lookAt: Date | undefined };

/**
 * Claims the next postings of a connection for one try each, and commits that their outcome is unknown from now on: whatever happens
 * next, they are looked for before they are written again. At most `size`; a reversal goes by itself, because what it may take out of
 * trust depends on those before it. What hinders one gives it to a person.
 */
export async function claimNext(who: FirmContext, connectionId: string, size: number): Promise<Next> {
  const { firmId, database } = who;
  const { due, lookAt } = await withFirm(database, firmId, async (tx) => {
    const held = await findHold(tx, firmId, connectionId, who.now());
    if (held) return { due: [], lookAt: held };
    const found = await listNext(tx, firmId, connectionId, who.now(), size);
    return { due: found, lookAt: found.length > 0 ? undefined : await findNextTry(tx, firmId, connectionId) };
  });
  const batch = upToReversal(due);
  const tried = await eachTogether(database, firmId, batch, (tx, { id }) => claimPosting(tx, who, id));
  const claims: Claim[] = [];
  for (const [index, result] of tried.entries()) {
    if (result.status === "fulfilled") claims.push(...(result.value ? [result.value] : []));
    else if (!(await layAside(who, batch[index]?.id ?? "", result.reason)))
      return { claims, isOver: true, lookAt: new Date(who.now().getTime() + LOCKED_MS) };
  }
  return { claims, isOver: due.length === 0, lookAt };
}

function upToReversal(due: readonly DuePosting[]): readonly DuePosting[] {
  const first = due.findIndex(({ kind }) => kind === "reversal");
  return first === -1 ? due : due.slice(0, Math.max(first, 1));
}

/** Gives undefined when there is nothing to do by now, or not yet: posted already, not released, another try under way. */
async function claimPosting(tx: Tx, who: FirmContext, postingId: string): Promise<Claim | undefined> {
  const posting = await findLockedPosting(tx, who.firmId, postingId);
  // It was reallocated: its amount lies on other parts of its payment.
  if (!posting) return undefined;
  if (posting.state !== "ready" && posting.state !== "posting") return undefined;
  const target = await findTarget(tx, who.firmId, posting.statement_id);
  if (!target) throw new Error(`posting ${posting.id} is ${posting.state} without a statement`);
  if (posting.next_try_at !== null && posting.next_try_at > who.now()) return undefined;
  if (posting.state === "ready" && !isReleased(posting, target)) return undefined;
  const hindrance = await findHindrance(tx, who, posting, target);
  const isCut = target.connectionState === "disconnected" || !who.connectors.has(target.connector);
  if (hindrance && (isCut || !posting.outcome_unknown)) {
    await giveToPerson(tx, who, posting, hindrance);
    return undefined;
  }
  if (target.connectionState !== "authorized") return undefined;
  return await claim(tx, who, posting, target);
}

function isReleased(posting: PostingRow, target: Target): boolean {
  return target.release === "automatic" || posting.released_at !== null;
}

/** A posting with which something is wrong that nobody foresaw harms no other of its connection. Returns whether that could be stored. */
async function layAside(who: FirmContext, postingId: string, reason: unknown): Promise<boolean> {
  who.log.error("a posting could not be claimed", { postingId }, reason);
  const change = { next_try_at: new Date(who.now().getTime() + BROKEN_MS) };
  try {
    await withFirm(who.database, who.firmId, (tx) => updatePosting(tx, who.firmId, postingId, change));
    return true;
  } catch (error) {
    who.log.error("a posting that could not be claimed stays where it is", { postingId }, error);
    return false;
  }
}

async function giveToPerson(
  tx: Tx,
  who: FirmContext,
  posting: PostingRow,
  hindrance: Hindrance,
): Promise<void> {
  const { problem } = hindrance;
  const move = { to: "needs_attention", action: "posting.needsAttention", facts: { problem } } as const;
  await movePosting(tx, who, posting, { ...move, change: hindered(hindrance) });
}

async function claim(tx: Tx, who: FirmContext, posting: PostingRow, target: Target): Promise<Claim> {
  const payment = await getPayment(tx, who.firmId, posting.payment_id);
  const firm = await getFirm(tx, who.firmId);
  const attempt = posting.attempts + 1;
  const change = {
    outcome_unknown: true,
    attempts: attempt,
    next_try_at: new Date(who.now().getTime() + CLAIM_MS),
  };
  const claimed =
    posting.state === "posting"
      ? await updatePosting(tx, who.firmId, posting.id, { ...change, updated_at: who.now() })
      : await movePosting(tx, who, posting, {
          to: "posting",
          action: "posting.started",
          change,
          facts: { attempt },
        });
  if (posting.state === "posting") {
    await recordPosting(tx, who, claimed, { action: "posting.started", facts: { attempt } });
  }
  return {
    posting: claimed,
    payment,
    target,
    undone: await findUndone(tx, posting),
    mayBeWritten: posting.outcome_unknown,
    postedOn: postedDay({ posting, payment, target }, firm.time_zone, who.now()),
  };
}

/** The number of an entry that a member typed is no number to send: it may be that of another entry there. */
async function findUndone(tx: Tx, posting: PostingRow): Promise<Claim["undone"]> {
  if (posting.reverses_posting_id === null) return undefined;
  const original = await findPosting(tx, posting.firm_id, posting.reverses_posting_id);
  if (original?.posted_by !== "api" || original.external_id === null || original.kind === "reversal")
    return undefined;
  return { externalId: original.external_id, kind: original.kind };
}
