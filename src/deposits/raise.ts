import { record } from "../audit/record.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { closeAgreeing, type Examined, type Finding, upsertFinding } from "./discrepancy-queries.ts";

/** What was looked at, and what of it does not agree. */
export type Outcome = { examined: readonly Examined[]; findings: readonly Finding[] };

/**
 * Raises what does not agree, each once, and closes by itself what was looked at and agrees again, in the caller's transaction. What
 * was not looked at stays as it is. Returns how many were opened.
 */
export async function settleFindings(tx: Tx, who: FirmContext, outcome: Outcome): Promise<number> {
  let opened = 0;
  for (const finding of outcome.findings) {
    const id = await upsertFinding(tx, who.firmId, finding, who.now());
    if (id === undefined) continue;
    opened += 1;
    await record(tx, who, {
      action: "difference.found",
      objectKind: "discrepancy",
      objectId: id,
      after: { kind: finding.kind, object: finding.objectId, ...finding.facts },
    });
  }
  const found = new Set(outcome.findings.map(keyOf));
  const agreeing = outcome.examined.filter((each) => !found.has(keyOf(each)));
  for (const closed of await closeAgreeing(tx, who.firmId, agreeing, who.now())) {
    await record(tx, who, {
      action: "difference.agrees",
      objectKind: "discrepancy",
      objectId: closed.id,
      after: { kind: closed.kind, object: closed.object_id },
    });
  }
  return opened;
}

function keyOf({ kind, objectId }: Examined): string {
  return `${kind} ${objectId}`;
}
