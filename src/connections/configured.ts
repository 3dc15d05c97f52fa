import type { Connector, Registration } from "../../connectors/contract.ts";
import { notFound, Problem } from "../base/error.ts";
import type { Context } from "../context.ts";

/** The code for one kind of matter system, and our registration there. */
export type Configured = { connector: Connector; registration: Registration };

/** The connector of a stored connection. Throws `unavailable` when it is no longer configured. */
export function connectorOf(cx: Context, key: string): Configured {
  const configured = cx.connectors.get(key);
  if (configured) return configured;
  throw new Problem("unavailable", `The connector ${key} is not configured in this installation.`);
}

/** The connector that an address names. Throws `not_found`. */
export function requireConnector(cx: Context, key: string): Configured {
  const configured = cx.connectors.get(key);
  if (configured) return configured;
  throw notFound("matter system");
}

/** Where the vendor sends the browser back to. Registered at the vendor, so it never changes. */
export function callbackAddress(cx: Context, connector: string): string {
  return `${cx.config.PUBLIC_ORIGIN}/connections/callback/${connector}`;
}

/** Where the vendor sends its webhooks for one connection. */
export function webhookAddress(cx: Context, webhookKey: string): string {
  return `${cx.config.PUBLIC_ORIGIN}/hooks/connector/${webhookKey}`;
}
