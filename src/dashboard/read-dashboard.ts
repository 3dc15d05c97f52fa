import { may, type Role } from "../base/permission.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { readDifferenceWork } from "../deposits/work.ts";
import type { AGES } from "../links/list-filter.ts";
import type { Scope } from "../links/list-filter-queries.ts";
import { listScope } from "../links/sent-scope.ts";
import { readUndoneWork } from "../payments/work.ts";
import type { QueueItem } from "../ui/work.tsx";
import {
  type FigureFilter,
  type Sums,
  sumLinks,
  sumReceivedByWeek,
  sumRequestedByWeek,
} from "./figure-queries.ts";
import type { WorkKind } from "./kinds.ts";
import { type Month, type Period, periodOf, shownMonths } from "./months.ts";
import { type Pace, readPace, readWritten, type Written } from "./pace-queries.ts";
import {
  type ConnectionFacts,
  listAskedFresh,
  listBounced,
  listConnections,
  listDeclined,
  listFirstRuns,
  listPostingTroubles,
  type PostingTrouble,
  readCaptchaTrouble,
  readPostingCounts,
  type Troubles,
} from "./queries.ts";
import { firstMonday, layOutWeeks, type Week } from "./weeks.ts";

const DAYS_MS = 86_400_000;
/** So many of each kind are named one by one, and so many when one kind is looked at alone; the rest is counted. */
const NAMED_LIMIT = 3;
const NAMED_ALONE_LIMIT = 100;
const ASKED_WITHIN_DAYS = 30;

const OPEN: FigureFilter = { state: "outstanding" };
/** The youngest first; an object would put the key that is a whole number before all others. */
const AGE_KEYS: readonly (keyof typeof AGES)[] = ["0-30", "31-60", "61-90", "91"];
/** The figures of open links, and the filter of Sent Pages that opens the list behind each. */
export const PAST_DUE: FigureFilter = { ...OPEN, overdue: "1" };
export const EXPIRING: FigureFilter = { ...OPEN, expiresWithinDays: 3 };

export type Firm = { id: string; timeZone: string; currency: string };

export type FirstLoad = { system: string; family: string | null; recordsRead: number; unreadable: number };

export type Dashboard = {
  hasConnection: boolean;
  firstLoads: FirstLoad[];
  needAuthorization: { system: string; reason: string | null }[];
  bounced: Troubles;
  declined: Troubles;
  /** Payers of expired links who asked for a fresh one. */
  askedFresh: Troubles;
  /** Why no payer can pass the captcha. */
  captchaTrouble: string | undefined;
  /** Only for members who may see postings. */
  postings:
    | { troubles: PostingTrouble[]; attention: number; ready: number; underWay: number; written: Written[] }
    | undefined;
  /** What the processor, our books and the matter system do not agree on; only for members who may see deposits. */
  differences: { items: QueueItem[]; count: number } | undefined;
  /** Disputes with their deadline and refunds that need a person; only for members who may see postings. */
  undone: { items: QueueItem[]; count: number } | undefined;
  outstanding: Sums;
  pastDue: Sums;
  expiring: Sums;
  /** Open links by days since they were made, the youngest first. */
  ageing: { filter: FigureFilter; sums: Sums }[];
  weeks: Week[];
  months: { current: Month; previous: Month };
  /** How long payers took, of those months that had payments. */
  pace: Pace[];
};

/**
 * Reads what a member finds on Today: first what needs a person, then the figures, in the firm's currency and zone. `kind` is what the
 * member looks at alone; more of it is named then.
 */
export function readDashboard(
  cx: Context,
  firm: Firm,
  role: Role,
  kind: WorkKind | undefined,
): Promise<Dashboard> {
  const scope = listScope(cx, firm.id, firm.timeZone);
  const limit = kind === undefined ? NAMED_LIMIT : NAMED_ALONE_LIMIT;
  const askedSince = new Date(scope.now.getTime() - ASKED_WITHIN_DAYS * DAYS_MS);
  return withFirm(cx.database, firm.id, async (tx) => {
    const connections = await listConnections(tx, firm.id);
    const months = shownMonths(scope.today);
    const period = periodOf(months.previous, months.current, firm.timeZone);
    return {
      hasConnection: connections.length > 0,
      firstLoads: await readFirstLoads(cx, tx, firm.id, connections),
      needAuthorization: connections
        .filter((connection) => connection.state === "needs_authorization")
        .map(({ connector, reason }) => ({ system: systemName(cx, connector), reason })),
      captchaTrouble: await readCaptchaTrouble(tx, firm.id),
      postings: may(role, "postings.see") ? await readPostings(tx, firm.id, limit, period) : undefined,
      differences: may(role, "deposits.see") ? await readDifferenceWork(tx, firm.id) : undefined,
      undone: may(role, "postings.see") ? await readUndoneWork(tx, firm, scope.now) : undefined,
      declined: await listDeclined(tx, scope, limit),
      askedFresh: await listAskedFresh(tx, scope, askedSince, limit),
      bounced: await listBounced(tx, scope, limit),
      ...(await readFigures(tx, scope)),
      weeks: await readWeeks(tx, scope, firm.currency),
      months,
      pace: await readPace(tx, firm.id, period),
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
      system: systemName(cx, connector),
      family: run?.family ?? null,
      recordsRead: run?.records_read ?? 0,
      unreadable: run?.unreadable ?? 0,
    };
  });
}

async function readPostings(
  tx: Tx,
  firmId: string,
  limit: number,
  period: Period,
): Promise<Dashboard["postings"]> {
  const counts = await readPostingCounts(tx, firmId);
  return {
    troubles: await listPostingTroubles(tx, firmId, limit),
    attention: counts.get("needs_attention") ?? 0,
    ready: counts.get("ready") ?? 0,
    underWay: counts.get("posting") ?? 0,
    written: await readWritten(tx, firmId, period),
  };
}

async function readFigures(tx: Tx, scope: Scope) {
  const ages: FigureFilter[] = AGE_KEYS.map((age) => ({ ...OPEN, age }));
  const [outstanding = [], pastDue = [], expiring = [], ...aged] = await sumLinks(tx, scope, OPEN, [
    OPEN,
    PAST_DUE,
    EXPIRING,
    ...ages,
  ]);
  return {
    outstanding,
    pastDue,
    expiring,
    ageing: ages.map((filter, index) => ({ filter, sums: aged[index] ?? [] })),
  };
}

async function readWeeks(tx: Tx, { firmId, timeZone, today }: Scope, currency: string): Promise<Week[]> {
  const from = { monday: firstMonday(today), timeZone };
  const requested = await sumRequestedByWeek(tx, firmId, from);
  const received = await sumReceivedByWeek(tx, firmId, from);
  return layOutWeeks(today, currency, requested, received);
}

/** What a matter system is called; nothing where there is none. */
export function systemName(cx: Context, connector: string | null): string {
  return cx.connectors.get(connector ?? "")?.connector.manifest.name ?? connector ?? "";
}
