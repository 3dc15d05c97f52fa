import { type Access, type Connector, ConnectorError } from "../../connectors/contract.ts";
import { accessTo, type Caller } from "../connections/access.ts";
import { findConnection } from "../connections/queries.ts";
import type { Context, FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { JobFacts } from "../queue/handler.ts";
import { systemName } from "./assess.ts";
import { type Claim, claimNext } from "./claim.ts";
import { findHold } from "./hold-queries.ts";
import { systemContext } from "./move.ts";
import {
  afterFailedLookUp,
  afterFailedWrite,
  askPerson,
  explainRefusal,
  type FreshStatement,
  type Outcome,
} from "./outcome.ts";
import { nextSize } from "./pace.ts";
import { scheduleWrites } from "./schedule.ts";
import { sendPosting } from "./send.ts";
import { settle, type Tried } from "./settle.ts";

/** One job writes for so long, then asks for the next: so many connections share few workers. */
const SHIFT_MS = 20_000;
/** A claimed posting is not begun later than this after its claim, and ends within TRY_MS: long before the claim runs out. */
const BEGIN_MS = 10_000;
/** One try must be over within this time: getting access, looking up, writing. */
const TRY_MS = 30_000;
/** Outcomes wait this long for others, to be stored together. */
const STORE_MS = 500;

/**
 * Writes what may go of a connection's postings into its matter system, one after the other, each once in all: claim, look for what an
 * earlier try may have left, write, store the outcome. Any number of runs, at once or one after the other, killed at any point, leave
 * one entry of each. No transaction is open during a call. What has to wait is asked for at its time.
 */
export async function writePostings(
  cx: Context,
  input: { firmId: string; connectionId: string },
  job: Pick<JobFacts, "signal">,
): Promise<void> {
  const { firmId, connectionId } = input;
  const who = systemContext(cx, firmId);
  const call = accessTo(cx, firmId, connectionId);
  const startedAt = performance.now();
  const largest = await largestBatch(who, connectionId);
  for (let size = 1; ; ) {
    const claimedAt = performance.now();
    const next = await claimNext(who, connectionId, Math.min(size, largest));
    const begunAt = performance.now();
    const end = await writeClaims(who, { ...next, claimedAt }, call, job.signal);
    if (end === "waits") return await askAgain(who, connectionId, await whenToWrite(who, connectionId));
    if (next.isOver) return await askAgain(who, connectionId, next.lookAt);
    size = nextSize(size, performance.now() - begunAt);
    if (job.signal?.aborted || performance.now() - startedAt > SHIFT_MS)
      return await askAgain(who, connectionId, who.now());
  }
}

/** Where an answer that was lost can only be asked of a person, no more than one may be lost at a time. */
async function largestBatch(who: FirmContext, connectionId: string): Promise<number> {
  const row = await withFirm(who.database, who.firmId, (tx) => findConnection(tx, who.firmId, connectionId));
  const connector = row && who.connectors.get(row.connector)?.connector;
  return connector?.lookUp || connector?.manifest.duplicates === "vendorKey" ? Number.POSITIVE_INFINITY : 1;
}

/** When a system that has to be waited for is tried again. Where nobody knows, such as without an authorization, the sweep looks. */
function whenToWrite(who: FirmContext, connectionId: string): Promise<Date | undefined> {
  return withFirm(who.database, who.firmId, (tx) => findHold(tx, who.firmId, connectionId, who.now()));
}

async function askAgain(who: FirmContext, connectionId: string, lookAt: Date | undefined): Promise<void> {
  if (lookAt === undefined) return;
  await withFirm(who.database, who.firmId, (tx) => scheduleWrites(tx, who.firmId, connectionId, lookAt));
}

/** Tries claimed postings in their order until one has to wait; the rest is given back untried. `claimedAt`: not claimed before that. */
async function writeClaims(
  who: FirmContext,
  { claims, claimedAt }: { claims: readonly Claim[]; claimedAt: number },
  call: Caller,
  signal: AbortSignal | undefined,
): Promise<"went" | "waits"> {
  let tried: Tried[] = [];
  let storedAt = performance.now();
  let waitsFor: string | undefined;
  for (const claim of claims) {
    const reason = waitsFor ?? whyNotNow(claimedAt, signal);
    const outcome: Outcome =
      reason === undefined ? await tryOnce(who, claim, call) : { kind: "untried", reason };
    if (outcome.kind === "later" || outcome.kind === "lost") waitsFor = outcome.reason;
    tried.push({ claim, outcome });
    if (performance.now() - storedAt < STORE_MS) continue;
    await settle(who, tried);
    tried = [];
    storedAt = performance.now();
  }
  await settle(who, tried);
  return waitsFor === undefined ? "went" : "waits";
}

function whyNotNow(claimedAt: number, signal: AbortSignal | undefined): string | undefined {
  if (signal?.aborted) return "The service is about to stop.";
  return performance.now() - claimedAt > BEGIN_MS ? "Those before it took long." : undefined;
}

async function tryOnce(who: FirmContext, claim: Claim, anyCall: Caller): Promise<Outcome> {
  const system = systemName(who, claim.target.connector);
  const call = withinTry(anyCall);
  if (claim.mayBeWritten) {
    try {
      const found = await call((connector, access) => lookFor(connector, access, claim, system));
      if (found) return found;
    } catch (error) {
      logFailure(who, claim, error);
      return afterFailedLookUp(error, claim.posting.attempts, system);
    }
  }
  try {
    const posted = await call((connector, access) => sendPosting(connector, access, claim));
    return { kind: "posted", externalId: posted.externalId };
  } catch (error) {
    logFailure(who, claim, error);
    const outcome = afterFailedWrite(error, claim.posting, system);
    if (outcome.kind !== "person" || outcome.unknown) return outcome;
    return { ...outcome, hindrance: (await explain(who, claim, call)) ?? outcome.hindrance };
  }
}

/** Calls within the time of one try: after it, somebody else may make the next. */
function withinTry(call: Caller): Caller {
  const signal = AbortSignal.timeout(TRY_MS);
  return (work) =>
    call(async (connector, access) => {
      if (signal.aborted)
        throw new ConnectorError("outage", "The time for this try ran out before the call.");
      return await work(connector, access);
    }, signal);
}

/** What an earlier try left in the matter system; undefined when nothing did, or when a repetition is harmless there. */
async function lookFor(
  connector: Connector,
  access: Access,
  claim: Claim,
  system: string,
): Promise<Outcome | undefined> {
  const { kind, reference } = claim.posting;
  if (!connector.lookUp) {
    return connector.manifest.duplicates === "vendorKey" ? undefined : askPerson(claim, system);
  }
  const [first, ...more] = await connector.lookUp(access, kind, reference);
  if (!first) return undefined;
  if (more.length === 0) return { kind: "posted", externalId: first.externalId };
  return { kind: "double", externalIds: [first, ...more].map((entry) => entry.externalId) };
}

/** Reads the statement again, to say in plain words why it was refused. */
async function explain(who: FirmContext, claim: Claim, call: Caller) {
  try {
    const fresh: FreshStatement = await call((connector, access) =>
      connector.readOne(access, "statements", claim.target.externalId),
    );
    return explainRefusal(claim, fresh);
  } catch (error) {
    // The vendor's own words are enough.
    logFailure(who, claim, error);
    return undefined;
  }
}

function logFailure(who: FirmContext, claim: Claim, error: unknown): void {
  const known = error instanceof ConnectorError ? error : undefined;
  const facts = {
    postingId: claim.posting.id,
    attempt: claim.posting.attempts,
    kind: known?.kind ?? "unforeseen",
    vendorCode: known?.vendorCode,
  };
  if (known) who.log.warn("a posting could not be written", facts);
  else who.log.error("a posting could not be written", facts, error);
}
