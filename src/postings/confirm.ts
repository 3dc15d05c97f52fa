import { ConnectorError, type Entry } from "../../connectors/contract.ts";
import { withAccess } from "../connections/access.ts";
import { findConnection } from "../connections/queries.ts";
import type { Context, FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { listUnconfirmed } from "./due-queries.ts";
import { hindered, movePosting, systemContext } from "./move.ts";
import { lockPosting, type PostingRow, updatePosting } from "./queries.ts";

/** Look-ups of one run: a firm's postings of a day, and far below what vendors allow in a minute. */
const LOOK_UPS_PER_RUN = 50;
/** An entry that is not shown is looked for again after this time, so that it does not stand in the way of others. */
const NEXT_LOOK_MS = 86_400_000;

/**
 * Looks in the matter system for what was posted there and notes what is confirmed. An entry that is there twice goes to a person.
 * Stops at the first failure: the next sync asks again.
 */
export async function confirmPostings(
  cx: Context,
  input: { firmId: string; connectionId: string },
): Promise<void> {
  const who = systemContext(cx, input.firmId);
  const { connectionId } = input;
  const postings = await withFirm(cx.database, who.firmId, async (tx) => {
    const connection = await findConnection(tx, who.firmId, connectionId);
    if (!connection || !canLookUp(cx, connection.connector)) return [];
    return await listUnconfirmed(tx, who.firmId, connectionId, cx.now(), LOOK_UPS_PER_RUN);
  });
  try {
    for (const posting of postings) await confirmPosting(who, connectionId, posting);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    cx.log.info("postings could not be confirmed", { connectionId, kind: error.kind });
  }
}

function canLookUp(cx: Context, connector: string): boolean {
  return cx.connectors.get(connector)?.connector.lookUp !== undefined;
}

async function confirmPosting(who: FirmContext, connectionId: string, posting: PostingRow): Promise<void> {
  const found = await withAccess(who, who.firmId, connectionId, async (connector, access) => {
    return await connector.lookUp?.(access, posting.kind, posting.reference);
  });
  if (!found) return;
  await withFirm(who.database, who.firmId, async (tx) => {
    const now = await lockPosting(tx, who.firmId, posting.id);
    if (now.state !== "posted" || now.confirmed_at !== null) return;
    if (found.length > 1) return void (await movePosting(tx, who, now, doubled(found)));
    const [only] = found;
    const change =
      only?.externalId === now.external_id && only.amountMinor === now.amount_minor
        ? { confirmed_at: who.now(), next_try_at: null }
        : { next_try_at: new Date(who.now().getTime() + NEXT_LOOK_MS) };
    await updatePosting(tx, who.firmId, now.id, { ...change, updated_at: who.now() });
  });
}

function doubled(entries: readonly Entry[]) {
  const externalIds = entries.map(({ externalId }) => externalId);
  const text = `This payment stands there more than once: ${externalIds.join(", ")}. Keep one and remove the others.`;
  return {
    to: "needs_attention",
    action: "posting.needsAttention",
    change: { ...hindered({ problem: "double_entry", text }), outcome_unknown: true },
    facts: { problem: "double_entry", externalIds },
  } as const;
}
