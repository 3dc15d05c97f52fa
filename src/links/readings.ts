import { formatAgo } from "../base/day.ts";
import { listConnectionRows } from "../connections/queries.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Reading } from "./read-now-view.tsx";

/** The firm's matter systems that are read, with the age of what was read last. */
export async function listReadings(cx: MemberContext): Promise<Reading[]> {
  const rows = await withFirm(cx.database, cx.firmId, (tx) => listConnectionRows(tx, cx.firmId));
  return rows
    .filter((row) => row.state === "authorized")
    .map((row) => ({
      connectionId: row.id,
      systemName: cx.connectors.get(row.connector)?.connector.manifest.name ?? row.connector,
      words: row.last_synced_at ? `read ${formatAgo(row.last_synced_at, cx.now())}` : "not read yet",
    }));
}
