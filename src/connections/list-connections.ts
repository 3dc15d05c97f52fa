import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { type CapabilityLine, describeCapabilities } from "./capabilities.ts";
import { type ConnectionRow, findConnection, listConnectionRows } from "./queries.ts";
import { listLatestRuns, type SyncRunRow } from "./run-queries.ts";
import type { ConnectionState } from "./state.ts";
import { listProblems, type SyncProblemRow } from "./sync-queries.ts";

/** As many unreadable records as the screen names; the counts say how many there are. */
const PROBLEMS_SHOWN = 50;

export type ConnectionSummary = {
  id: string;
  connector: string;
  systemName: string;
  accountName: string;
  state: ConnectionState;
  stateReason: string | null;
  lastSyncedAt: Date | null;
  postingRelease: "automatic" | "manual";
  postedDate: "payment_date" | "posting_date";
  canWrite: boolean;
  capabilities: CapabilityLine[];
  /** The latest reading, under way or ended. */
  run: SyncRunRow | undefined;
  problems: SyncProblemRow[];
};

export type SystemSummary = { key: string; name: string; capabilities: CapabilityLine[] };

/** The firm's connections with their latest reading, and the systems that can be connected. */
export async function listConnections(
  cx: MemberContext,
): Promise<{ connections: ConnectionSummary[]; systems: SystemSummary[] }> {
  demand(cx, "connections.see");
  const { rows, runs, problems } = await withFirm(cx.database, cx.firmId, async (tx) => ({
    rows: await listConnectionRows(tx, cx.firmId),
    runs: await listLatestRuns(tx, cx.firmId),
    problems: await listProblems(tx, cx.firmId, PROBLEMS_SHOWN),
  }));
  return {
    connections: rows.map((row) => summarize(cx, row, runs, problems)),
    systems: [...cx.connectors].map(([key, { connector }]) => ({
      key,
      name: connector.manifest.name,
      capabilities: describeCapabilities(connector.manifest),
    })),
  };
}

/** One connection of the firm; undefined when there is none. */
export async function findConnectionSummary(
  cx: MemberContext,
  id: string,
): Promise<ConnectionSummary | undefined> {
  demand(cx, "connections.see");
  const row = await withFirm(cx.database, cx.firmId, (tx) => findConnection(tx, cx.firmId, id));
  return row && summarize(cx, row, [], []);
}

function summarize(
  cx: MemberContext,
  row: ConnectionRow,
  runs: readonly SyncRunRow[],
  problems: readonly SyncProblemRow[],
): ConnectionSummary {
  const manifest = cx.connectors.get(row.connector)?.connector.manifest;
  return {
    id: row.id,
    connector: row.connector,
    systemName: manifest?.name ?? row.connector,
    accountName: row.account_name,
    state: row.state,
    stateReason: row.state_reason,
    lastSyncedAt: row.last_synced_at,
    postingRelease: row.posting_release,
    postedDate: row.posted_date,
    canWrite: manifest?.capabilities.includes("postPayment") ?? false,
    capabilities: manifest ? describeCapabilities(manifest) : [],
    run: runs.find((run) => run.connection_id === row.id),
    problems: problems.filter((problem) => problem.connection_id === row.id),
  };
}
