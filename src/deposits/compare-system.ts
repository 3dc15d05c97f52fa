import { withAccess } from "../connections/access.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { WINDOW_MS } from "./compare-processor.ts";
import {
  type AuthorizedConnection,
  listPosted,
  listPostedByIds,
  listStuck,
  listUnposted,
  type PostedEntry,
} from "./compare-queries.ts";
import { type Finding, listOpenObjects } from "./discrepancy-queries.ts";
import type { Outcome } from "./raise.ts";
import { findLook } from "./sweep-queries.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Look-ups of one run and connection: far below what vendors allow in an hour. The next run goes on behind them. */
const LOOK_UPS_PER_RUN = 200;
/** What was written this moment may not be shown there yet. */
const SETTLE_MS = 15 * MINUTE_MS;
/** A payment without postings is prepared within minutes, and an outage of a day is told of by the posting itself. */
const UNPOSTED_AFTER_MS = HOUR_MS;
const STUCK_AFTER_MS = 24 * HOUR_MS;
const BOOKS_WINDOW_MS = 90 * 24 * HOUR_MS;
const FINDINGS_LIMIT = 200;
const OPEN_LIMIT = 100;
const ENTRY_KINDS = ["posting_gone", "posting_double", "posting_differs"] as const;
const BOOK_KINDS = ["payment_unposted", "posting_stuck"] as const;

type SystemOutcome = Outcome & { cursor: string | undefined };

/**
 * Looks in the matter system, by reference, for what we wrote there in the last days, a part at a time, and again for what was not as
 * it should be. A system that cannot be asked is left out: undefined. Throws ConnectorError.
 */
export async function compareConnection(
  cx: Context,
  firmId: string,
  connection: AuthorizedConnection,
): Promise<SystemOutcome | undefined> {
  if (cx.connectors.get(connection.connector)?.connector.lookUp === undefined) return undefined;
  const now = cx.now().getTime();
  const { part, again } = await withFirm(cx.database, firmId, async (tx) => {
    const look = await findLook(tx, firmId, `connection:${connection.id}`);
    const open = await listOpenObjects(tx, firmId, ENTRY_KINDS, { connectionId: connection.id }, OPEN_LIMIT);
    const range = { since: new Date(now - WINDOW_MS), before: new Date(now - SETTLE_MS) };
    const wish = { ...range, after: look?.cursor ?? undefined, limit: LOOK_UPS_PER_RUN };
    const ids = [...new Set(open.map((row) => row.object_id))];
    return {
      part: await listPosted(tx, firmId, connection.id, wish),
      again: { ids, entries: await listPostedByIds(tx, firmId, connection.id, ids) },
    };
  });
  const entries = new Map([...part, ...again.entries].map((entry) => [entry.id, entry]));
  const findings: Finding[] = [];
  for (const entry of entries.values()) {
    const finding = await lookUp(cx, firmId, connection.id, entry);
    if (finding) findings.push(finding);
  }
  // An entry that no longer counts as posted is in a person's hands already.
  const examined = [...new Set([...entries.keys(), ...again.ids])];
  return {
    findings,
    examined: examined.flatMap((objectId) => ENTRY_KINDS.map((kind) => ({ kind, objectId }))),
    cursor: part.length === LOOK_UPS_PER_RUN ? part.at(-1)?.id : undefined,
  };
}

async function lookUp(
  cx: Context,
  firmId: string,
  connectionId: string,
  entry: PostedEntry,
): Promise<Finding | undefined> {
  const found = await withAccess(cx, firmId, connectionId, async (connector, access) =>
    connector.lookUp?.(access, entry.kind, entry.reference),
  );
  if (!found) return undefined;
  const [first, ...more] = found;
  const isSame = first?.externalId === entry.external_id && first.amountMinor === entry.amount_minor;
  if (isSame && more.length === 0) return undefined;
  const kind = !first ? "posting_gone" : more.length > 0 ? "posting_double" : "posting_differs";
  return {
    kind,
    objectId: entry.id,
    connectionId,
    paymentId: entry.payment_id,
    postingId: entry.id,
    facts: {
      ours: entry.external_id,
      theirs: found.map(({ externalId }) => externalId).join(", "),
      amountMinor: String(entry.amount_minor),
      ...(kind === "posting_differs" && first ? { theirsMinor: String(first.amountMinor) } : {}),
    },
  };
}

/** Looks for payments of ours without postings or a reason, and for postings that stand still. */
export async function compareBooks(cx: Context, firmId: string): Promise<Outcome> {
  const now = cx.now().getTime();
  return await withFirm(cx.database, firmId, async (tx) => {
    const range = { since: new Date(now - BOOKS_WINDOW_MS), before: new Date(now - UNPOSTED_AFTER_MS) };
    const unposted = await listUnposted(tx, firmId, { ...range, limit: FINDINGS_LIMIT });
    const stuck = await listStuck(tx, firmId, new Date(now - STUCK_AFTER_MS), FINDINGS_LIMIT);
    const open = await listOpenObjects(tx, firmId, BOOK_KINDS, {}, OPEN_LIMIT);
    return {
      examined: open.map((row) => ({ kind: row.kind, objectId: row.object_id })),
      findings: [
        ...unposted.map((payment) => ({
          kind: "payment_unposted" as const,
          objectId: payment.id,
          accountId: payment.merchantAccountId,
          paymentId: payment.id,
          facts: { oursMinor: String(payment.amountMinor), theirsMinor: String(payment.postedMinor) },
        })),
        ...stuck.map((posting) => ({
          kind: "posting_stuck" as const,
          objectId: posting.id,
          connectionId: posting.connectionId,
          paymentId: posting.paymentId,
          postingId: posting.id,
          facts: { since: posting.since.toISOString() },
        })),
      ],
    };
  });
}
