import {
  type AuthorizationStart,
  type Connector,
  ConnectorError,
  type Grantor,
  type Registration,
  type Tokens,
} from "../contract.ts";
import { request } from "../http.ts";
import { finishCodeFlow, revokeGrant, startCodeFlow, tradeRefreshToken } from "../oauth.ts";
import { manifest } from "./manifest.ts";
import { identity, me, readWords } from "./wire.ts";

/** Makes the address of Docket's consent page: all rights for a connection, only the person for a sign-in. */
export async function startAuthorization(
  registration: Registration,
  start: Parameters<Connector["startAuthorization"]>[1],
): Promise<AuthorizationStart> {
  const { scopes, signInScopes } = manifest.authorization;
  return await startCodeFlow(registration, {
    redirectUri: start.redirectUri,
    state: start.state,
    scopes: start.purpose === "signIn" ? signInScopes : scopes,
  });
}

/** Trades the callback's code and finds out who granted, for which account. */
export async function finishAuthorization(
  registration: Registration,
  finish: Parameters<Connector["finishAuthorization"]>[1],
): Promise<{ tokens: Tokens; grantor: Grantor }> {
  const { tokens, claims } = await finishCodeFlow(registration, finish);
  const grantor = await (finish.purpose === "signIn"
    ? grantorOfClaims(registration, claims)
    : readGrantor(registration, tokens.accessToken));
  return { tokens, grantor };
}

/**
 * Trades the refresh token, which ends it. Throws `unclear` when the answer is lost: the grant may be gone
 * with it.
 */
export async function refresh(registration: Registration, refreshToken: string): Promise<Tokens> {
  return await tradeRefreshToken(registration, refreshToken, manifest.authorization.rotatesRefreshToken);
}

/** Ends the grant at Docket. */
export async function revoke(registration: Registration, tokens: Tokens): Promise<void> {
  await revokeGrant(registration, tokens);
}

async function readGrantor(registration: Registration, accessToken: string): Promise<Grantor> {
  const answer = me.safeParse(
    await request({ method: "GET", origin: registration.origin, path: "/api/v1/me", accessToken, readWords }),
  );
  if (!answer.success) throw new ConnectorError("unreadable", "Docket does not say whose account this is.");
  const { user, account } = answer.data;
  return {
    accountId: account.id,
    accountName: account.name,
    userId: user.id,
    userName: user.name,
    email: user.email,
    webOrigin: new URL(account.web_origin).origin,
  };
}

/**
 * A sign-in has no right to call the API, so the ID token says who it is; the account's own address is not in
 * it.
 */
function grantorOfClaims(registration: Registration, claims: unknown): Grantor {
  const person = identity.safeParse(claims);
  if (!person.success) throw new ConnectorError("unreadable", "Docket does not say who signed in.");
  return {
    accountId: person.data.account_id,
    accountName: person.data.account_name,
    userId: person.data.sub,
    userName: person.data.name,
    email: person.data.email,
    webOrigin: new URL(registration.origin).origin,
  };
}
