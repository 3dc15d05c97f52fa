import { type Access, type Connector, ConnectorError } from "../../connectors/contract.ts";
import type { Context } from "../context.ts";
import { type Grant, loseGrant, readGrant, renewGrant } from "./refresh.ts";
import { openSecret } from "./secrets.ts";

/** A token that ends within this time might end on the way. */
const EXPIRY_MARGIN_MS = 60_000;

/** Runs work with an access token that is good now. */
export type Caller = <Result>(
  work: (connector: Connector, access: Access) => Promise<Result>,
  signal?: AbortSignal,
) => Promise<Result>;

/**
 * A way to call a connection's system many times: its grant is read once and kept for as long as it is good, refreshed first when it is
 * about to end. When the vendor refuses it all the same, it is refreshed once and the work done again, which is safe: `auth` means that
 * nothing was written. Refused again, the connection needs a new authorisation. A call throws `auth` then and for a connection that is
 * not authorised; else what its work throws.
 */
export function accessTo(cx: Context, firmId: string, connectionId: string): Caller {
  let known: Grant | undefined;
  return async (work, signal) => {
    const stored = known ?? (await readGrant(cx, firmId, connectionId));
    // Whatever goes wrong from here, the next call looks again.
    known = undefined;
    const grant = isEnding(cx, stored) ? await renewGrant(cx, stored) : stored;
    try {
      const result = await work(grant.connector, accessOf(cx, grant, signal));
      known = grant;
      return result;
    } catch (error) {
      if (!isAuth(error)) throw error;
    }
    const renewed = await renewGrant(cx, grant);
    try {
      return await work(renewed.connector, accessOf(cx, renewed, signal));
    } catch (error) {
      if (!isAuth(error)) throw error;
      const { name } = renewed.connector.manifest;
      const reason = `${name} no longer accepts our authorization. Authorize again.`;
      await loseGrant(cx, renewed, reason);
      throw new ConnectorError("auth", reason, { cause: error });
    }
  };
}

/** The same for one call. */
export function withAccess<Result>(
  cx: Context,
  firmId: string,
  connectionId: string,
  work: (connector: Connector, access: Access) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  return accessTo(cx, firmId, connectionId)(work, signal);
}

function accessOf(cx: Context, grant: Grant, signal: AbortSignal | undefined): Access {
  const { access_token_sealed: sealed, id } = grant.row;
  if (sealed === null) throw new ConnectorError("auth", "The connection has no authorization.");
  const key = { firmId: grant.firmId, connectionId: id };
  const accessToken = openSecret(cx.vault, key, "access_token", sealed);
  return { registration: grant.registration, accessToken, signal };
}

function isEnding(cx: Context, { row }: Grant): boolean {
  return (
    row.token_expires_at !== null && row.token_expires_at.getTime() - cx.now().getTime() < EXPIRY_MARGIN_MS
  );
}

function isAuth(error: unknown): boolean {
  return error instanceof ConnectorError && error.kind === "auth";
}
