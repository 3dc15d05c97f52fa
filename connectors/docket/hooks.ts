import { createHmac, timingSafeEqual } from "node:crypto";
import {
  type Access,
  ConnectorError,
  type WebhookDelivery,
  type WebhookHint,
  type WebhookSubscription,
} from "../contract.ts";
import { request, type VendorRequest } from "../http.ts";
import { event, eventTypes, list, readWords, webhook, webhookAddress } from "./wire.ts";

const WEBHOOKS = "/api/v1/webhooks";
const SIGNATURE_HEADER = "docket-signature";
const SIGNATURE = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/;
/** Older could be a copy sent again. */
const OLDEST_SECONDS = 300;
/** How far the vendor's clock may be ahead of ours. */
const FUTURE_TOLERANCE_SECONDS = 60;

/**
 * Subscribes an address to changes. An earlier subscription of the same address is ended first: its secret is
 * shown only once, so after a lost answer it would stay behind, signing with a secret that no one holds.
 */
export async function subscribe(access: Access, callbackUrl: string): Promise<WebhookSubscription> {
  const present = list.safeParse(await ask(access, "GET", WEBHOOKS));
  const addresses = webhookAddress.array().safeParse(present.data?.data);
  if (!addresses.success) throw new ConnectorError("unreadable", "The list of webhooks cannot be read.");
  for (const address of addresses.data) {
    if (address.url === callbackUrl) await unsubscribe(access, address.id);
  }
  const made = webhook.safeParse(
    await ask(access, "POST", WEBHOOKS, { url: callbackUrl, events: eventTypes }),
  );
  if (made.success) return { externalId: made.data.id, secret: made.data.secret };
  throw new ConnectorError("unclear", "The webhook was made, but the answer does not hold its secret.");
}

/** Ends a subscription; one that is gone already is as good. */
export async function unsubscribe(access: Access, externalId: string): Promise<void> {
  try {
    await ask(access, "DELETE", `${WEBHOOKS}/${encodeURIComponent(externalId)}`);
  } catch (error) {
    if (!(error instanceof ConnectorError && error.kind === "missing")) throw error;
  }
}

/**
 * Checks `Docket-Signature` (HMAC-SHA256 of "t.body") and its age as of `now`. Throws `rejected`;
 * `unreadable` for an unknown event.
 */
export async function readWebhook(
  delivery: WebhookDelivery,
  secret: string,
  now: Date,
): Promise<WebhookHint> {
  const match = SIGNATURE.exec(delivery.header(SIGNATURE_HEADER) ?? "");
  if (match?.[1] === undefined || match[2] === undefined) throw refused("has no signature");
  const expected = createHmac("sha256", secret).update(`${match[1]}.${delivery.rawBody}`).digest();
  if (!timingSafeEqual(expected, Buffer.from(match[2], "hex"))) throw refused("has a wrong signature");
  const ageSeconds = now.getTime() / 1000 - Number(match[1]);
  if (ageSeconds > OLDEST_SECONDS) throw refused("is too old");
  if (ageSeconds < -FUTURE_TOLERANCE_SECONDS) throw refused("is from the future");
  const hint = event.safeParse(parsed(delivery.rawBody));
  if (hint.success) return hint.data;
  throw new ConnectorError("unreadable", "The webhook is signed, but is no event that was subscribed to.");
}

function refused(fault: string): ConnectorError {
  return new ConnectorError("rejected", `The webhook ${fault}.`);
}

function parsed(rawBody: string): unknown {
  try {
    return JSON.parse(rawBody);
  } catch {
    // The parser's message quotes the body; that it is no event is said by the caller.
    return undefined;
  }
}

function ask(
  access: Access,
  method: VendorRequest["method"],
  path: string,
  body?: unknown,
): Promise<unknown> {
  return request({
    method,
    origin: access.registration.origin,
    path,
    accessToken: access.accessToken,
    signal: access.signal,
    body,
    readWords,
  });
}
