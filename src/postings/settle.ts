import { resultOf } from "../base/settled.ts";
import type { FirmContext } from "../context.ts";
import { eachTogether } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { systemName } from "./assess.ts";
import type { Claim } from "./claim.ts";
import { endHold, holdConnection } from "./hold-queries.ts";
import { hindered, movePosting, recordPosting, UNHINDERED } from "./move.ts";
import { type Outcome, SETTLING_SECONDS } from "./outcome.ts";
import { lockPosting, type PostingRow, updatePosting } from "./queries.ts";

export type Tried = { claim: Claim; outcome: Outcome };

/**
 * Stores how tries ended. That an entry stands in the matter system is a fact whoever learns it; anything else counts only while the
 * claim is still this try's. Throws what kept one of them from being stored, when the others are.
 */
export async function settle(who: FirmContext, tried: readonly Tried[]): Promise<void> {
  // Who has to wait holds the others, after those that were answered ended an older hold.
  const storeAll = (batch: readonly Tried[]) =>
    eachTogether(who.database, who.firmId, batch, (tx, each) => store(tx, who, each));
  const ended = await storeAll(tried.filter((each) => !isWaiting(each)));
  const waiting = await storeAll(tried.filter(isWaiting));
  for (const result of [...ended, ...waiting]) resultOf(result);
}

function isWaiting({ outcome }: Tried): boolean {
  return outcome.kind === "later" || outcome.kind === "lost";
}

async function store(tx: Tx, who: FirmContext, { claim, outcome }: Tried): Promise<void> {
  const posting = await lockPosting(tx, who.firmId, claim.posting.id);
  if (outcome.kind === "posted" || outcome.kind === "double" || outcome.kind === "person")
    await endHold(tx, who.firmId, claim.target.connectionId);
  if (outcome.kind === "posted") return await adopt(tx, who, claim, posting, outcome.externalId);
  if (posting.state !== "posting" || posting.attempts !== claim.posting.attempts) return;
  if (outcome.kind === "double") return await tellDouble(tx, who, claim, posting, outcome.externalIds);
  if (outcome.kind === "person") return await handOver(tx, who, posting, outcome);
  if (outcome.kind === "untried") return await giveBack(tx, who, claim, posting, outcome.reason);
  return await delay(tx, who, claim, posting, outcome);
}

/** As it was before the claim. */
async function giveBack(
  tx: Tx,
  who: FirmContext,
  claim: Claim,
  posting: PostingRow,
  reason: string,
): Promise<void> {
  const change = { attempts: posting.attempts - 1, next_try_at: null };
  if (claim.mayBeWritten) {
    await updatePosting(tx, who.firmId, posting.id, { ...change, updated_at: who.now() });
    return;
  }
  await movePosting(tx, who, posting, {
    to: "ready",
    action: "posting.delayed",
    change: { ...change, outcome_unknown: false },
    facts: { reason: `It was not sent yet. ${reason}` },
  });
}

async function adopt(
  tx: Tx,
  who: FirmContext,
  claim: Claim,
  posting: PostingRow,
  externalId: string,
): Promise<void> {
  if (
    posting.problem === "double_entry" ||
    (posting.state === "posted" && posting.external_id === externalId)
  )
    return;
  if (posting.state === "posted" || posting.state === "set_aside") {
    // Decided otherwise while this try was thought to be dead.
    const known = posting.external_id === null ? [externalId] : [posting.external_id, externalId];
    return await tellDouble(tx, who, claim, posting, known);
  }
  await movePosting(tx, who, posting, {
    to: "posted",
    action: "posting.posted",
    change: {
      ...UNHINDERED,
      outcome_unknown: false,
      posted_by: "api",
      external_id: externalId,
      posted_on: claim.postedOn,
      posted_at: who.now(),
    },
    facts: { externalId, system: systemName(who, claim.target.connector) },
  });
  await refreshBalances(tx, who.firmId, claim.target.connectionId);
}

async function tellDouble(
  tx: Tx,
  who: FirmContext,
  claim: Claim,
  posting: PostingRow,
  externalIds: string[],
): Promise<void> {
  const system = systemName(who, claim.target.connector);
  const text = `${system} holds this payment more than once: ${externalIds.join(", ")}. Keep one there and remove the others.`;
  await handOver(tx, who, posting, { hindrance: { problem: "double_entry", text }, unknown: true });
}

async function handOver(
  tx: Tx,
  who: FirmContext,
  posting: PostingRow,
  outcome: Pick<Extract<Outcome, { kind: "person" }>, "hindrance" | "unknown">,
): Promise<void> {
  const { hindrance, unknown } = outcome;
  await movePosting(tx, who, posting, {
    to: "needs_attention",
    action: "posting.needsAttention",
    change: { ...hindered(hindrance), outcome_unknown: unknown },
    facts: { problem: hindrance.problem, text: hindrance.text },
  });
  if (posting.connection_id !== null) await refreshBalances(tx, who.firmId, posting.connection_id);
}

/** Certainly not written: ready again. Perhaps written: it stays in posting, and the next try begins with a look-up. */
async function delay(
  tx: Tx,
  who: FirmContext,
  claim: Claim,
  posting: PostingRow,
  outcome: Extract<Outcome, { kind: "later" | "lost" }>,
): Promise<void> {
  const { afterSeconds, reason } = outcome;
  const isLost = outcome.kind === "lost";
  const unknown = isLost || outcome.unknown;
  const runAt = afterSeconds === undefined ? null : new Date(who.now().getTime() + afterSeconds * 1000);
  const change = {
    problem_text: reason,
    next_try_at: runAt,
    outcome_unknown: unknown,
    unclear_writes: unknown ? posting.unclear_writes + (isLost ? 1 : 0) : 0,
  };
  const isNews = posting.problem_text !== reason;
  if (!unknown) {
    await movePosting(tx, who, posting, {
      to: "ready",
      action: "posting.delayed",
      change,
      facts: { reason },
    });
  } else {
    const kept = await updatePosting(tx, who.firmId, posting.id, { ...change, updated_at: who.now() });
    if (isNews) await recordPosting(tx, who, kept, { action: "posting.delayed", facts: { reason } });
  }
  if (runAt === null) return;
  await holdOthers(tx, who, claim, { runAt, reason, isLost });
}

/**
 * What keeps this posting waiting keeps its neighbours waiting: they go after it, in their order, and do not each ask a system that does
 * not answer. An answer that was lost may have to do with this one posting only, so for that they wait just a moment.
 */
async function holdOthers(
  tx: Tx,
  who: FirmContext,
  claim: Claim,
  wait: { runAt: Date; reason: string; isLost: boolean },
): Promise<void> {
  const now = who.now();
  const moment = new Date(now.getTime() + SETTLING_SECONDS * 1000);
  const until = wait.isLost && wait.runAt > moment ? moment : wait.runAt;
  const hold = { until, reason: wait.reason, now };
  await holdConnection(tx, who.firmId, claim.target.connectionId, hold);
}

/** The balances there are others now than the ones that we have read. */
async function refreshBalances(tx: Tx, firmId: string, connectionId: string): Promise<void> {
  const key = `connections.sync:${connectionId}`;
  await enqueue(tx, "connections.sync", { firmId, connectionId }, { key, keyMode: "keep" });
}
