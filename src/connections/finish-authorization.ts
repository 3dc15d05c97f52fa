import { ConnectorError, type Grantor, type Tokens } from "../../connectors/contract.ts";
import { record } from "../audit/record.ts";
import { conflict, Problem } from "../base/error.ts";
import { newId, newSecret } from "../base/id.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { lockName, type Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { hashSecret } from "../vault/hash.ts";
import { demand } from "../web/env.ts";
import { consumePending, findPending, type PendingAuthorization } from "./authorization-queries.ts";
import { verifierPlace } from "./begin-authorization.ts";
import { type Configured, callbackAddress, requireConnector } from "./configured.ts";
import {
  type ConnectionRow,
  insertConnection,
  lockConnectionOfAccount,
  updateConnection,
} from "./queries.ts";
import { sealTokens } from "./secrets.ts";
import { afterMove } from "./state.ts";

type Granted = { tokens: Tokens; grantor: Grantor };
type Authorized = { connectionId: string; accountName: string; isNew: boolean };

/**
 * Ends a round trip: checks that it was begun here, by this member in this browser, trades the code and stores the grant, on the
 * connection to the granted account or on a new one. Then the first read and the webhooks begin. `callbackUrl` is the whole address
 * that the browser came back to. Throws `forbidden` (not begun here), `expired`, `conflict` (used, declined, another account than
 * the one to renew) or `unavailable`, each with words for the member.
 */
export async function finishAuthorization(
  cx: MemberContext,
  input: { connector: string; callbackUrl: string; browserSecret: string | undefined },
): Promise<Authorized> {
  demand(cx, "connections.manage");
  const configured = requireConnector(cx, input.connector);
  const state = new URL(input.callbackUrl).searchParams.get("state") ?? "";
  const pending = await takePending(cx, input.connector, state, input.browserSecret ?? "");
  const granted = await trade(cx, configured, pending, { callbackUrl: input.callbackUrl, state });
  const stored = await withFirm(cx.database, cx.firmId, (tx) => store(tx, cx, pending, granted));
  if (stored !== "another_account") return stored;
  await revokeUnused(cx, configured, granted.tokens);
  const { name } = configured.connector.manifest;
  throw conflict(
    `You signed in to ${granted.grantor.accountName} at ${name}, which is another account than the one of this connection. ` +
      `Nothing was changed. Sign out at ${name}, then authorize again with the right account.`,
  );
}

async function takePending(
  cx: MemberContext,
  connector: string,
  state: string,
  browserSecret: string,
): Promise<PendingAuthorization> {
  const claim = {
    stateHash: hashSecret(state),
    browserHash: hashSecret(browserSecret),
    connector,
    firmId: cx.firmId,
    memberId: cx.actor.id,
    now: cx.now(),
  };
  const { taken, found } = await withFirm(cx.database, cx.firmId, async (tx) => ({
    taken: await consumePending(tx, claim),
    found: await findPending(tx, claim.stateHash),
  }));
  if (taken) return taken;
  const isOurs =
    found?.member_id === cx.actor.id &&
    found.firm_id === cx.firmId &&
    found.browser_hash.equals(claim.browserHash);
  if (isOurs && found.used_at !== null) throw conflict("This authorization was used already. Start again.");
  if (isOurs && found.expires_at <= claim.now) {
    throw new Problem("expired", "The authorization took longer than ten minutes. Start again.");
  }
  cx.log.warn("an authorization came back that was not begun here", { connector });
  throw new Problem(
    "forbidden",
    "This answer does not belong to an authorization that you began in this browser. Nothing was changed.",
  );
}

/** The code flow's second half, at the vendor. */
async function trade(
  cx: MemberContext,
  { connector, registration }: Configured,
  pending: PendingAuthorization,
  answer: { callbackUrl: string; state: string },
): Promise<Granted> {
  const { name } = connector.manifest;
  try {
    return await connector.finishAuthorization(registration, {
      ...answer,
      redirectUri: callbackAddress(cx, pending.connector),
      codeVerifier: cx.vault.open(pending.code_verifier_sealed, verifierPlace(cx.firmId, pending.state_hash)),
      purpose: "connection",
    });
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    cx.log.warn("an authorization was not completed", {
      connector: pending.connector,
      reason: error.message,
    });
    if (error.vendorCode === "access_denied") {
      throw conflict(`Access was declined at ${name}. Nothing was changed.`);
    }
    if (error.kind === "rejected")
      throw conflict(`${name} did not complete the authorization. ${error.message}`);
    throw new Problem("unavailable", `${name} did not answer as it should. Start again in a few minutes.`);
  }
}

async function store(
  tx: Tx,
  cx: MemberContext,
  pending: PendingAuthorization,
  { tokens, grantor }: Granted,
): Promise<Authorized | "another_account"> {
  const account = { connector: pending.connector, externalAccountId: grantor.accountId };
  await lockName(tx, `connection:${cx.firmId}:${account.connector}:${account.externalAccountId}`);
  const present = await lockConnectionOfAccount(tx, cx.firmId, account);
  if (pending.connection_id !== null && present === undefined) return "another_account";
  const id = present?.id ?? newId();
  const granted = {
    account_name: grantor.accountName,
    web_origin: new URL(grantor.webOrigin).origin,
    state_reason: null,
    authorized_by: cx.actor.id,
    authorized_at: cx.now(),
    // Subscriptions may hang on the grant: with a new one they are made anew.
    webhook_callback_url: null,
    ...sealTokens(cx.vault, { firmId: cx.firmId, connectionId: id }, tokens),
  };
  if (present) {
    await updateConnection(tx, cx.firmId, id, { ...granted, state: afterMove(present.state, "authorize") });
  } else {
    await insertConnection(tx, {
      ...granted,
      firm_id: cx.firmId,
      id,
      connector: account.connector,
      external_account_id: account.externalAccountId,
      state: "authorized",
      webhook_key: newSecret(),
    });
  }
  await recordAuthorized(tx, cx, id, present, grantor);
  await enqueue(
    tx,
    "connections.sync",
    { firmId: cx.firmId, connectionId: id },
    { key: `connections.sync:${id}` },
  );
  await enqueue(tx, "connections.subscribe", { firmId: cx.firmId, connectionId: id });
  // Postings that waited for the grant go out now, not with the next minute.
  await enqueue(tx, "postings.sweepAll", {});
  return { connectionId: id, accountName: grantor.accountName, isNew: present === undefined };
}

function recordAuthorized(
  tx: Tx,
  cx: MemberContext,
  id: string,
  present: ConnectionRow | undefined,
  grantor: Grantor,
): Promise<void> {
  return record(tx, cx, {
    action: "connection.authorized",
    objectKind: "connection",
    objectId: id,
    before: present && { state: present.state },
    after: { state: "authorized", account: grantor.accountName, grantedBy: grantor.userName },
  });
}

/** A grant that nobody will use should not stay open; when it cannot be ended now, it runs out by itself. */
async function revokeUnused(cx: MemberContext, configured: Configured, tokens: Tokens): Promise<void> {
  try {
    await configured.connector.revoke(configured.registration, tokens);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    cx.log.warn("an unused grant could not be revoked", { reason: error.message });
  }
}
