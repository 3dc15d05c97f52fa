import { ConnectorError, type Tokens } from "../../connectors/contract.ts";
import { record } from "../audit/record.ts";
import { newId } from "../base/id.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { type Configured, connectorOf } from "./configured.ts";
import {
  type ConnectionRow,
  claimRefresh,
  findConnection,
  lockConnection,
  releaseRefresh,
  updateConnection,
  updateWithGrant,
} from "./queries.ts";
import { openSecret, sealTokens } from "./secrets.ts";
import { afterMove, stateWords } from "./state.ts";

/** Longer than the longest refresh: reading the server's metadata and the trade itself, 20 seconds each at most. */
const CLAIM_SECONDS = 60;
/** Waiting for another process: a little longer than its claim. */
const WAIT_STEP_MS = 150;
const WAIT_STEPS_LIMIT = 450;

/** A connection that has a grant, with the code and registration for its kind. */
export type Grant = Configured & { firmId: string; row: ConnectionRow };

/** Reads the grant as it stands. Throws `auth` when the connection is not authorised, so that its work waits. */
export async function readGrant(cx: Context, firmId: string, connectionId: string): Promise<Grant> {
  const row = await withFirm(cx.database, firmId, (tx) => findConnection(tx, firmId, connectionId));
  if (row?.state !== "authorized") {
    const words = row ? stateWords(row.state) : "not there";
    throw new ConnectorError("auth", row?.state_reason ?? `The connection is ${words}.`);
  }
  return { firmId, row, ...connectorOf(cx, row.connector) };
}

/**
 * Trades the refresh token of a grant that is used up, and gives the grant that is good now. One process at a time may do so:
 * a used refresh token that comes again looks stolen, and many vendors then end the grant. Who may is claimed in the row, for a
 * time, in a transaction of its own: a row lock would have to outlast the call to the vendor, and a session lock needs a
 * database connection that nobody shares, which a pooler between us and PostgreSQL does not give. The others wait and then use
 * what was stored. The claim of a process that died runs out; the next tries with the token that is stored, since without its
 * answer there is nothing to lose.
 */
export async function renewGrant(cx: Context, used: Grant): Promise<Grant> {
  for (let step = 0; step < WAIT_STEPS_LIMIT; step += 1) {
    const grant = await readGrant(cx, used.firmId, used.row.id);
    if (grant.row.access_token_sealed !== used.row.access_token_sealed) return grant;
    const holder = newId();
    const claimed = await withFirm(cx.database, grant.firmId, (tx) =>
      claimRefresh(tx, grant.firmId, grant.row, { holder, seconds: CLAIM_SECONDS }),
    );
    if (claimed) return await trade(cx, grant, holder);
    await new Promise((resolve) => setTimeout(resolve, WAIT_STEP_MS));
  }
  throw new ConnectorError("outage", "The authorization is still being renewed elsewhere.");
}

/** Notes that the firm must authorise again, unless it has done so meanwhile. */
export async function loseGrant(cx: Context, grant: Grant, reason: string): Promise<void> {
  const { firmId, row } = grant;
  const lost = await withFirm(cx.database, firmId, async (tx) => {
    const now = await lockConnection(tx, firmId, row.id);
    if (now?.state !== "authorized" || now.access_token_sealed !== row.access_token_sealed) return false;
    const state = afterMove(now.state, "lose");
    const change = { state, state_reason: reason, refresh_holder: null, refresh_held_until: null };
    await updateConnection(tx, firmId, row.id, change);
    const who = {
      firmId,
      actor: { kind: "system", name: grant.connector.manifest.name },
      requestId: newId(),
    } as const;
    await record(tx, who, {
      action: "connection.authorization_lost",
      objectKind: "connection",
      objectId: row.id,
      before: { state: row.state },
      after: { state, reason },
    });
    return true;
  });
  if (lost) cx.log.warn("a connection needs a new authorization", { connectionId: row.id, firmId });
}

async function trade(cx: Context, grant: Grant, holder: string): Promise<Grant> {
  const { firmId, row, registration, connector } = grant;
  const key = { firmId, connectionId: row.id };
  const { name } = connector.manifest;
  if (row.refresh_token_sealed === null) {
    return await giveUp(cx, grant, `The authorization at ${name} has run out. Authorize again.`);
  }
  const refreshToken = openSecret(cx.vault, key, "refresh_token", row.refresh_token_sealed);
  let tokens: Tokens;
  try {
    tokens = await connector.refresh(registration, refreshToken);
  } catch (error) {
    const kind = error instanceof ConnectorError ? error.kind : undefined;
    if (kind === "auth") {
      return await giveUp(cx, grant, `${name} no longer accepts our authorization. Authorize again.`);
    }
    if (kind === "unclear") {
      // The token may be used up, and the new one is lost with the answer: trying it again could end the grant for good.
      return await giveUp(cx, grant, `The authorization at ${name} was lost on its way. Authorize again.`);
    }
    await withFirm(cx.database, firmId, (tx) => releaseRefresh(tx, firmId, row.id, holder));
    throw error;
  }
  const change = { ...sealTokens(cx.vault, key, tokens), refresh_holder: null, refresh_held_until: null };
  await withFirm(cx.database, firmId, (tx) => updateWithGrant(tx, firmId, row, change));
  // Read again, not assumed: when a member authorised anew meanwhile, their grant stands.
  return await readGrant(cx, firmId, row.id);
}

async function giveUp(cx: Context, grant: Grant, reason: string): Promise<never> {
  await loseGrant(cx, grant, reason);
  throw new ConnectorError("auth", reason);
}
