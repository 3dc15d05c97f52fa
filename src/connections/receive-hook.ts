import { ConnectorError, type WebhookHint } from "../../connectors/contract.ts";
import { notFound, Problem } from "../base/error.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { transact } from "../db/tx.ts";
import { receiveEvent } from "../inbox/receive.ts";
import { connectorOf } from "./configured.ts";
import { findByWebhookKey, findConnection } from "./queries.ts";
import { openSecret } from "./secrets.ts";

type Delivery = { rawBody: string; header: (name: string) => string | undefined };

/**
 * Takes a vendor's webhook: checks its signature on the raw body and keeps the event, once. Returns whether it is one that we act
 * on. Throws `not_found` for an address that names no connection, `invalid` for a bad signature.
 */
export async function receiveHook(cx: Context, webhookKey: string, delivery: Delivery): Promise<boolean> {
  const key = await transact(cx.database, (tx) => findByWebhookKey(tx, webhookKey));
  if (!key) throw notFound("webhook");
  const { firmId, connectionId } = key;
  const row = await withFirm(cx.database, firmId, (tx) => findConnection(tx, firmId, connectionId));
  if (!row || row.webhook_secret_sealed === null) throw notFound("webhook");
  const { connector } = connectorOf(cx, row.connector);
  if (!connector.readWebhook) throw notFound("webhook");
  const secret = openSecret(cx.vault, key, "webhook_secret", row.webhook_secret_sealed);
  let hint: WebhookHint;
  try {
    hint = await connector.readWebhook(delivery, secret, cx.now());
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    cx.log.warn("a matter system's webhook was not taken", { connectionId, reason: error.message });
    // It is the vendor's, but of a kind that we do not know: sent again it would be no clearer.
    if (error.kind === "unreadable") return false;
    throw new Problem("invalid", error.message);
  }
  await receiveEvent(cx, firmId, {
    source: "connector",
    externalId: `${connectionId}:${hint.eventId}`,
    type: `${hint.family}.changed`,
    account: row.external_account_id,
    payload: { connectionId, family: hint.family, externalId: hint.externalId },
  });
  return true;
}
