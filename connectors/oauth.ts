import * as oauth from "oauth4webapi";
import { type AuthorizationStart, ConnectorError, type Registration, type Tokens } from "./contract.ts";
import { discover, issuerOptions } from "./issuer.ts";
import { callbackRefusal, codeRefusal, refuseFailure, ticketRefusal, translated } from "./oauth-error.ts";
import { requireSafe } from "./transport.ts";

/** The life of an access token whose server does not say how long it lives. */
const DEFAULT_TOKEN_LIFE_SECONDS = 300;

/**
 * Makes the address of the consent page, with `state` and a PKCE challenge (S256); keep the verifier until
 * the browser returns. Throws `ConnectorError` when the server's metadata cannot be had.
 */
export async function startCodeFlow(
  registration: Registration,
  request: { redirectUri: string; state: string; scopes: readonly string[] },
): Promise<AuthorizationStart> {
  const server = await discover(registration);
  if (server.authorization_endpoint === undefined) {
    throw new ConnectorError("unreadable", "The authorization server names no consent page.");
  }
  const codeVerifier = oauth.generateRandomCodeVerifier();
  const url = new URL(server.authorization_endpoint);
  requireSafe(url);
  const parameters = {
    response_type: "code",
    client_id: registration.clientId,
    redirect_uri: request.redirectUri,
    scope: request.scopes.join(" "),
    state: request.state,
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  // https://openid.net/specs/openid-connect-core-1_0.html#OfflineAccess
  if (request.scopes.includes("offline_access")) url.searchParams.set("prompt", "consent");
  return { url: url.href, codeVerifier };
}

/**
 * Checks the callback (`state`, `iss`, an error answer) and trades its code. Gives the tokens and the ID
 * token's claims, whose issuer, audience and expiry are checked; its signature need not be, as it comes
 * straight from the server over TLS. Throws `rejected` when consent was declined (`access_denied`) or the
 * callback is not this request's.
 */
export async function finishCodeFlow(
  registration: Registration,
  request: { callbackUrl: string; redirectUri: string; state: string; codeVerifier: string },
): Promise<{ tokens: Tokens; claims: oauth.IDToken }> {
  const server = await discover(registration);
  const client = { client_id: registration.clientId };
  const startedAt = Date.now();
  return await translated("outage", async () => {
    const parameters = callbackParameters(server, client, request);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.ClientSecretBasic(registration.clientSecret),
      parameters,
      request.redirectUri,
      request.codeVerifier,
      issuerOptions(new URL(registration.origin)),
    );
    refuseFailure(response, "outage");
    const answer = await oauth
      .processAuthorizationCodeResponse(server, client, response, { requireIdToken: true })
      .catch(codeRefusal);
    const claims = oauth.getValidatedIdTokenClaims(answer);
    if (claims === undefined) throw new ConnectorError("unreadable", "The grant came without an ID token.");
    return { tokens: tokensOf(answer, startedAt), claims };
  });
}

/**
 * Trades a refresh token. Throws `auth` when the grant is gone, `outage` when nothing was sent, and, where
 * the token `rotates`, `unclear` when the answer was lost: the old token may be used up already, so trying it
 * again could revoke the grant.
 */
export async function tradeRefreshToken(
  registration: Registration,
  refreshToken: string,
  rotates: boolean,
): Promise<Tokens> {
  const server = await discover(registration);
  const client = { client_id: registration.clientId };
  const whenLost = rotates ? "unclear" : "outage";
  const startedAt = Date.now();
  return await translated(whenLost, async () => {
    const response = await oauth.refreshTokenGrantRequest(
      server,
      client,
      oauth.ClientSecretBasic(registration.clientSecret),
      refreshToken,
      issuerOptions(new URL(registration.origin)),
    );
    refuseFailure(response, whenLost);
    const tokens = tokensOf(await oauth.processRefreshTokenResponse(server, client, response), startedAt);
    // A server that does not rotate leaves the old one out. https://www.rfc-editor.org/rfc/rfc6749#section-6
    return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken };
  });
}

/**
 * Ends a grant at the authorization server: through its refresh token where there is one. May be repeated.
 */
export async function revokeGrant(registration: Registration, tokens: Tokens): Promise<void> {
  const server = await discover(registration);
  const hint = tokens.refreshToken === undefined ? "access_token" : "refresh_token";
  await translated("outage", async () => {
    const response = await oauth.revocationRequest(
      server,
      { client_id: registration.clientId },
      oauth.ClientSecretBasic(registration.clientSecret),
      tokens.refreshToken ?? tokens.accessToken,
      { ...issuerOptions(new URL(registration.origin)), additionalParameters: { token_type_hint: hint } },
    );
    refuseFailure(response, "outage");
    await oauth.processRevocationResponse(response);
  });
}

/**
 * Verifies a JWT (RS256) of the authorization server: signature by its published keys, `iss`, `aud` (our
 * client id) and `exp` as of `now`, within `toleranceSeconds`. Gives the claims; throws `rejected` when it is
 * not good, `outage` when the keys cannot be read.
 */
export async function verifyIssuedJwt(
  registration: Registration,
  jwt: string,
  check: { now: Date; toleranceSeconds: number },
): Promise<Readonly<Record<string, unknown>>> {
  const server = await discover(registration);
  const client = {
    client_id: registration.clientId,
    userinfo_signed_response_alg: "RS256",
    [oauth.clockSkew]: Math.round((check.now.getTime() - Date.now()) / 1000),
    [oauth.clockTolerance]: check.toleranceSeconds,
  };
  // A signed UserInfo answer has the checks that are wanted here; it leaves out what is absent, hence the
  // second look at the claims.
  const carrier = new Response(jwt, { headers: { "content-type": "application/jwt" } });
  try {
    const claims = await oauth.processUserInfoResponse(server, client, oauth.skipSubjectCheck, carrier);
    await oauth.validateApplicationLevelSignature(
      server,
      carrier,
      issuerOptions(new URL(registration.origin)),
    );
    if (claims.iss !== undefined && claims.aud !== undefined && claims.exp !== undefined) return claims;
  } catch (error) {
    throw ticketRefusal(error);
  }
  throw new ConnectorError("rejected", "The ticket does not say who issued it, for whom or until when.");
}

function callbackParameters(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  request: { callbackUrl: string; state: string },
): URLSearchParams {
  try {
    return oauth.validateAuthResponse(server, client, new URL(request.callbackUrl), request.state);
  } catch (error) {
    throw callbackRefusal(error);
  }
}

function tokensOf(answer: oauth.TokenEndpointResponse, startedAt: number): Tokens {
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    expiresAt: new Date(startedAt + (answer.expires_in ?? DEFAULT_TOKEN_LIFE_SECONDS) * 1000),
  };
}
