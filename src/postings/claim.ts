import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { getFirm } from "../settings/queries.ts";
import { assess } from "./assess.ts";
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
import { scheduleWrite } from "./schedule.ts";
import { findTarget, type Target } from "./target-queries.ts";

/** The whole try must be over within this time: getting access, looking up, writing. */
export const TRY_MS = 30_000;
/** After this time a try that left no outcome is taken for dead, and the next begins with a look-up. */
export const CLAIM_MS = 50_000;

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

/**
 * Claims a posting for one try, and commits that its outcome is unknown from now on: whatever happens next, it is looked for before
 * it is written again. Gives undefined when there is nothing to do, or not yet: posted already, not released, another try under way,
 * a connection that is not authorized.
 */
export function claimPosting(who: FirmContext, postingId: string): Promise<Claim | undefined> {
  return withFirm(who.database, who.firmId, async (tx) => {
    const posting = await findLockedPosting(tx, who.firmId, postingId);
    // It was reallocated: its amount lies on other parts of its payment.
    if (!posting) return undefined;
    if (posting.state !== "ready" && posting.state !== "posting") return undefined;
    const target = await findTarget(tx, who.firmId, posting.statement_id);
    if (!target) throw new Error(`posting ${posting.id} is ${posting.state} without a statement`);
    if (await isTooEarly(tx, who, posting, target)) return undefined;
    if (posting.state === "ready" && !isReleased(posting, target)) return undefined;
    const hindrance = posting.outcome_unknown ? undefined : assess(who, posting, target);
    if (hindrance || target.connectionState === "disconnected" || !who.connectors.has(target.connector)) {
      await giveToPerson(tx, who, posting, target);
      return undefined;
    }
    if (target.connectionState !== "authorized") return undefined;
    return await claim(tx, who, posting, target);
  });
}

function isReleased(posting: PostingRow, target: Target): boolean {
  return target.release === "automatic" || posting.released_at !== null;
}

/**
 * Whether another try is under way, the next is due later, or its system is waited for; then it is asked for at that time. Who waits
 * for the system asks in turn, so that the order of the connection is kept.
 */
async function isTooEarly(tx: Tx, who: FirmContext, posting: PostingRow, target: Target): Promise<boolean> {
  const { next_try_at: nextTry } = posting;
  const held = await findHold(tx, who.firmId, target.connectionId, who.now());
  const runAt = nextTry !== null && nextTry > who.now() ? nextTry : held;
  if (runAt === undefined) return false;
  const write = { firmId: who.firmId, postingId: posting.id, connectionId: target.connectionId };
  await scheduleWrite(tx, write, { runAt });
  return true;
}

async function giveToPerson(tx: Tx, who: FirmContext, posting: PostingRow, target: Target): Promise<void> {
  const hindrance = assess(who, posting, target);
  if (!hindrance) return;
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

async function findUndone(tx: Tx, posting: PostingRow): Promise<Claim["undone"]> {
  if (posting.reverses_posting_id === null) return undefined;
  const original = await findPosting(tx, posting.firm_id, posting.reverses_posting_id);
  if (!original || original.external_id === null || original.kind === "reversal") return undefined;
  return { externalId: original.external_id, kind: original.kind };
}
