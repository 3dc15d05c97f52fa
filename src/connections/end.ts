import { type Connector, ConnectorError, type Registration } from "../../connectors/contract.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { connectorOf } from "./configured.ts";
import { type ConnectionRow, findConnection, updateWithGrant } from "./queries.ts";
import { type ConnectionKey, openSecret } from "./secrets.ts";

/** What a vendor may answer when the grant is gone already: then there is nothing left to end. */
const GONE = new Set(["auth", "missing", "rejected"]);

/**
 * Ends a disconnected connection at the vendor: its webhooks, then its grant; then forgets the secrets. A connection that was
 * authorised again meanwhile is left alone. Throws ConnectorError when the vendor cannot be reached, to be tried again.
 */
export async function endConnection(cx: Context, key: ConnectionKey): Promise<void> {
  const { firmId, connectionId } = key;
  const row = await withFirm(cx.database, firmId, (tx) => findConnection(tx, firmId, connectionId));
  if (row?.state !== "disconnected" || row.access_token_sealed === null) return;
  const { connector, registration } = connectorOf(cx, row.connector);
  await unlessGone(() => endSubscription(cx, key, row, connector, registration));
  await unlessGone(() => revokeGrant(cx, key, row, connector, registration));
  await withFirm(cx.database, firmId, (tx) =>
    updateWithGrant(tx, firmId, row, {
      access_token_sealed: null,
      refresh_token_sealed: null,
      token_expires_at: null,
      webhook_external_id: null,
      webhook_secret_sealed: null,
      webhook_callback_url: null,
    }),
  );
}

/** With the token as it is: when it has run out, ending the grant ends the subscription at most vendors. */
async function endSubscription(
  cx: Context,
  key: ConnectionKey,
  row: ConnectionRow,
  connector: Connector,
  registration: Registration,
): Promise<void> {
  if (row.webhook_external_id === null || row.access_token_sealed === null) return;
  const accessToken = openSecret(cx.vault, key, "access_token", row.access_token_sealed);
  await connector.unsubscribe?.({ registration, accessToken }, row.webhook_external_id);
}

async function revokeGrant(
  cx: Context,
  key: ConnectionKey,
  row: ConnectionRow,
  connector: Connector,
  registration: Registration,
): Promise<void> {
  if (row.access_token_sealed === null) return;
  const { refresh_token_sealed: refreshSealed } = row;
  await connector.revoke(registration, {
    accessToken: openSecret(cx.vault, key, "access_token", row.access_token_sealed),
    refreshToken:
      refreshSealed === null ? undefined : openSecret(cx.vault, key, "refresh_token", refreshSealed),
    expiresAt: row.token_expires_at ?? cx.now(),
  });
}

async function unlessGone(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ConnectorError) || !GONE.has(error.kind)) throw error;
  }
}
