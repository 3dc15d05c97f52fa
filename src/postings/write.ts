import { type Access, type Connector, ConnectorError } from "../../connectors/contract.ts";
import { withAccess } from "../connections/access.ts";
import type { Context, FirmContext } from "../context.ts";
import { systemName } from "./assess.ts";
import { type Claim, claimPosting, TRY_MS } from "./claim.ts";
import { systemContext } from "./move.ts";
import {
  afterFailedLookUp,
  afterFailedWrite,
  askPerson,
  explainRefusal,
  type FreshStatement,
  type Outcome,
} from "./outcome.ts";
import { sendPosting } from "./send.ts";
import { settle } from "./settle.ts";

/**
 * Writes a posting into the matter system, once in all: claim, look for what an earlier try may have left, write, store the outcome.
 * Any number of runs, at once or one after the other, killed at any point, leave one entry. No transaction is open during a call.
 */
export async function writePosting(cx: Context, input: { firmId: string; postingId: string }): Promise<void> {
  const who = systemContext(cx, input.firmId);
  const claim = await claimPosting(who, input.postingId);
  if (!claim) return;
  await settle(who, claim, await tryOnce(who, claim));
}

async function tryOnce(who: FirmContext, claim: Claim): Promise<Outcome> {
  const system = systemName(who, claim.target.connector);
  const call = caller(who, claim);
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

type Call = <Result>(work: (connector: Connector, access: Access) => Promise<Result>) => Promise<Result>;

/** Calls with the connection's access, all within the time of one try: after it, somebody else may make the next. */
function caller(who: FirmContext, claim: Claim): Call {
  const signal = AbortSignal.timeout(TRY_MS);
  return (work) =>
    withAccess(
      who,
      who.firmId,
      claim.target.connectionId,
      async (connector, access) => {
        if (signal.aborted)
          throw new ConnectorError("outage", "The time for this try ran out before the call.");
        return await work(connector, access);
      },
      signal,
    );
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
async function explain(who: FirmContext, claim: Claim, call: Call) {
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
