import { ConnectorError } from "../../connectors/contract.ts";
import { notFound, Problem } from "../base/error.ts";
import { isId, newSecret } from "../base/id.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { hashSecret } from "../vault/hash.ts";
import { demand } from "../web/env.ts";
import { insertPending } from "./authorization-queries.ts";
import { callbackAddress, requireConnector } from "./configured.ts";
import { findConnection } from "./queries.ts";

/** A member has this long on the vendor's pages. */
export const AUTHORIZATION_LIFETIME_MS = 600_000;

/**
 * Begins a round trip to a matter system's consent page. `connectionId` is the connection to authorise again; without it a new one
 * is made, or the one that there is to the same account. Gives the address to go to and the secret that the browser must bring back.
 * Throws `not_found` for an unknown system or connection, `unavailable` when the system cannot be reached.
 */
export async function beginAuthorization(
  cx: MemberContext,
  input: { connector: string; connectionId?: string | undefined },
): Promise<{ url: string; browserSecret: string }> {
  demand(cx, "connections.manage");
  const { connector, registration } = requireConnector(cx, input.connector);
  const connectionId = input.connectionId ?? null;
  if (connectionId !== null) await requireConnection(cx, connectionId, input.connector);
  const state = newSecret();
  const browserSecret = newSecret();
  const redirectUri = callbackAddress(cx, input.connector);
  const start = await connector
    .startAuthorization(registration, { redirectUri, state, purpose: "connection" })
    .catch((error: unknown) => {
      if (!(error instanceof ConnectorError)) throw error;
      cx.log.warn("an authorization could not begin", { connector: input.connector, reason: error.message });
      throw new Problem(
        "unavailable",
        `${connector.manifest.name} cannot be reached now. Try again in a few minutes.`,
      );
    });
  const stateHash = hashSecret(state);
  await withFirm(cx.database, cx.firmId, (tx) =>
    insertPending(tx, {
      state_hash: stateHash,
      purpose: "connection",
      connector: input.connector,
      firm_id: cx.firmId,
      member_id: cx.actor.id,
      connection_id: connectionId,
      code_verifier_sealed: cx.vault.seal(start.codeVerifier, verifierPlace(cx.firmId, stateHash)),
      browser_hash: hashSecret(browserSecret),
      next_path: "/settings/connections",
      expires_at: new Date(cx.now().getTime() + AUTHORIZATION_LIFETIME_MS),
    }),
  );
  return { url: start.url, browserSecret };
}

/** Where a round trip's code verifier is sealed. */
export function verifierPlace(firmId: string, stateHash: Buffer): string {
  return `authorization_state.code_verifier:${firmId}:${stateHash.toString("hex")}`;
}

async function requireConnection(cx: MemberContext, id: string, connector: string): Promise<void> {
  const row = isId(id)
    ? await withFirm(cx.database, cx.firmId, (tx) => findConnection(tx, cx.firmId, id))
    : undefined;
  if (row?.connector !== connector) throw notFound("connection");
}
