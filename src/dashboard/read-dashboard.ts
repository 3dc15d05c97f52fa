import { dayOf } from "../base/day.ts";
import { may, type Role } from "../base/permission.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { readDifferenceWork } from "../deposits/work.ts";
import { readUndoneWork } from "../payments/work.ts";
import type { QueueItem } from "../ui/work.tsx";
import { sumByAge, sumOutstanding, sumReceivedByWeek, sumRequestedByWeek } from "./figure-queries.ts";
import {
  type ConnectionFacts,
  type Expiring,
  type LinkTrouble,
  listBounced,
  listConnections,
  listDeclined,
  listFirstRuns,
  listPostingTroubles,
  type PostingTrouble,
  readPostingCounts,
  sumExpiring,
} from "./queries.ts";
import { firstMonday, layOutWeeks, type Week } from "./weeks.ts";

const DAYS_MS = 86_400_000;
const EXPIRING_WITHIN_DAYS = 3;
/** A payer who was declined longer ago than this is waited for no more. */
const DECLINED_WITHIN_DAYS = 14;

export type Firm = { id: string; timeZone: string; currency: string };

export type FirstLoad = { system: string; family: string | null; recordsRead: number; unreadable: number };

export type Dashboard = {
  hasConnection: boolean;
  firstLoads: FirstLoad[];
  needAuthorization: { system: string; reason: string | null }[];
  bounced: LinkTrouble[];
  declined: LinkTrouble[];
  /** Only for members who may see postings. */
  postings: { troubles: PostingTrouble[]; attention: number; waiting: number } | undefined;
  /** What the processor, our books and the matter system do not agree on; only for members who may see deposits. */
  differences: { items: QueueItem[]; count: number } | undefined;
  /** Disputes with their deadline and refunds that need a person; only for members who may see postings. */
  undone: { items: QueueItem[]; count: number } | undefined;
  expiring: Expiring[];
  outstanding: { currency: string; count: number; amountMinor: bigint; pastDue: number }[];
  weeks: Week[];
  ageing: { bucket: number; count: number; amountMinor: bigint }[];
};

/** Reads what a member finds on Today: first what needs a person, then the figures, in the firm's currency and zone. */
export function readDashboard(cx: Context, firm: Firm, role: Role): Promise<Dashboard> {
  const now = cx.now();
  return withFirm(cx.database, firm.id, async (tx) => {
    const connections = await listConnections(tx, firm.id);
    return {
      hasConnection: connections.length > 0,
      firstLoads: await readFirstLoads(cx, tx, firm.id, connections),
      needAuthorization: connections
        .filter((connection) => connection.state === "needs_authorization")
        .map(({ connector, reason }) => ({ system: nameOf(cx, connector), reason })),
      bounced: await listBounced(tx, firm.id),
      declined: await listDeclined(tx, firm.id, new Date(now.getTime() - DECLINED_WITHIN_DAYS * DAYS_MS)),
      postings: may(role, "postings.see") ? await readPostings(tx, firm.id) : undefined,
      differences: may(role, "deposits.see") ? await readDifferenceWork(tx, firm.id) : undefined,
      undone: may(role, "postings.see") ? await readUndoneWork(tx, firm, now) : undefined,
      expiring: await sumExpiring(tx, firm.id, now, new Date(now.getTime() + EXPIRING_WITHIN_DAYS * DAYS_MS)),
      ...(await readFigures(tx, firm, dayOf(now, firm.timeZone))),
    };
  });
}

async function readFirstLoads(
  cx: Context,
  tx: Tx,
  firmId: string,
  connections: ConnectionFacts[],
): Promise<FirstLoad[]> {
  const unread = connections.filter(
    ({ state, lastSyncedAt }) => state === "authorized" && lastSyncedAt === null,
  );
  if (unread.length === 0) return [];
  const runs = await listFirstRuns(tx, firmId);
  return unread.map(({ id, connector }) => {
    const run = runs.find((each) => each.connection_id === id);
    return {
      system: nameOf(cx, connector),
      family: run?.family ?? null,
      recordsRead: run?.records_read ?? 0,
      unreadable: run?.unreadable ?? 0,
    };
  });
}

async function readPostings(tx: Tx, firmId: string): Promise<Dashboard["postings"]> {
  const counts = await readPostingCounts(tx, firmId);
  return {
    troubles: await listPostingTroubles(tx, firmId),
    attention: counts.get("needs_attention") ?? 0,
    waiting: (counts.get("ready") ?? 0) + (counts.get("posting") ?? 0),
  };
}

async function readFigures(tx: Tx, firm: Firm, today: string) {
  const { timeZone, currency } = firm;
  const from = { monday: firstMonday(today), timeZone };
  const requested = await sumRequestedByWeek(tx, firm.id, from);
  const received = await sumReceivedByWeek(tx, firm.id, from);
  return {
    outstanding: await sumOutstanding(tx, firm.id, today),
    weeks: layOutWeeks(today, currency, requested, received),
    ageing: await sumByAge(tx, firm.id, { today, timeZone, currency }),
  };
}

function nameOf(cx: Context, connector: string): string {
  return cx.connectors.get(connector)?.connector.manifest.name ?? connector;
}
