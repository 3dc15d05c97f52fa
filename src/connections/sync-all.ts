import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { transact } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { webhookAddress } from "./configured.ts";
import { listConnectionRows, listFirmIds } from "./queries.ts";

/**
 * Has every authorised connection of every firm read. A read that waits already stays as it is due. Where our own address has
 * changed since the webhooks were made, they are made anew.
 */
export async function syncAll(cx: Context): Promise<void> {
  const firmIds = await transact(cx.database, listFirmIds);
  for (const firmId of firmIds) {
    await withFirm(cx.database, firmId, async (tx) => {
      const rows = await listConnectionRows(tx, firmId);
      for (const row of rows.filter(
        ({ state, connector }) => state === "authorized" && cx.connectors.has(connector),
      )) {
        const payload = { firmId, connectionId: row.id };
        const key = `connections.sync:${row.id}`;
        await enqueue(tx, "connections.sync", payload, { key, keyMode: "keep" });
        if (
          row.webhook_callback_url !== null &&
          row.webhook_callback_url !== webhookAddress(cx, row.webhook_key)
        ) {
          await enqueue(tx, "connections.subscribe", payload, { key: `connections.subscribe:${row.id}` });
        }
      }
    });
  }
}
