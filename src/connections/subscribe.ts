import { ConnectorError } from "../../connectors/contract.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { withAccess } from "./access.ts";
import { connectorOf, webhookAddress } from "./configured.ts";
import { findConnection, updateConnection } from "./queries.ts";
import { type ConnectionKey, sealSecret } from "./secrets.ts";

/**
 * Has the vendor tell us of changes, where it can: makes the subscription, or replaces it when our address has changed. Nothing to
 * do is a success. Throws ConnectorError when it should be tried again; a vendor that says no is left alone, since reading by the
 * clock finds the changes too.
 */
export async function subscribe(cx: Context, key: ConnectionKey): Promise<void> {
  const { firmId, connectionId } = key;
  const row = await withFirm(cx.database, firmId, (tx) => findConnection(tx, firmId, connectionId));
  if (row?.state !== "authorized" || !connectorOf(cx, row.connector).connector.subscribe) return;
  const callbackUrl = webhookAddress(cx, row.webhook_key);
  if (row.webhook_callback_url === callbackUrl) return;
  try {
    const made = await withAccess(cx, firmId, connectionId, (connector, access) =>
      connector.subscribe ? connector.subscribe(access, callbackUrl) : Promise.resolve(undefined),
    );
    if (!made) return;
    await withFirm(cx.database, firmId, (tx) =>
      updateConnection(tx, firmId, connectionId, {
        webhook_external_id: made.externalId,
        webhook_secret_sealed: sealSecret(cx.vault, key, "webhook_secret", made.secret),
        webhook_callback_url: callbackUrl,
      }),
    );
    if (row.webhook_external_id !== null) await endOld(cx, key, row.webhook_external_id);
  } catch (error) {
    if (!(error instanceof ConnectorError) || !["auth", "rejected"].includes(error.kind)) throw error;
    cx.log.warn("a matter system does not take our webhook", { connectionId, reason: error.message });
  }
}

/** What the old subscription sends fails its signature from now on, so that it stays a while does no harm. */
async function endOld(cx: Context, key: ConnectionKey, externalId: string): Promise<void> {
  await withAccess(cx, key.firmId, key.connectionId, async (connector, access) => {
    await connector.unsubscribe?.(access, externalId);
  });
}
