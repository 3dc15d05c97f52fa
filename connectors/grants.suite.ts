import nock from "nock";
import { beforeEach, describe, expect, it } from "vitest";
import { withoutAnswer } from "./faults.suite.ts";
import type { ConnectorSetup } from "./setup.suite.ts";
import { errorOf, SECRETS } from "./stage.suite.ts";

const JSON_TYPE = { "content-type": "application/json" };
const STATE = "state-of-this-request";
const CLOCK_SLACK_SECONDS = 10;

/** Authorizing, signing in, refreshing and revoking. */
export function describeGrants(setup: ConnectorSetup): void {
  describe("authorizing", () => {
    beforeEach(() => setup.authorization.stage());
    describeStart(setup);
    describeFinish(setup);
  });
  describe("refreshing and revoking", () => {
    beforeEach(() => setup.authorization.stage());
    describeRefresh(setup);
    describeLostRefresh(setup);
    describeRevoke(setup);
  });
}

function describeStart({ connector, registration, authorization }: ConnectorSetup): void {
  const start = (purpose: "connection" | "signIn") =>
    connector.startAuthorization(registration, {
      redirectUri: authorization.redirectUri,
      state: STATE,
      purpose,
    });

  it("sends the browser to the consent page with state, PKCE and the scopes of its purpose", async () => {
    const connection = new URL((await start("connection")).url);
    expect(connection.origin + connection.pathname).toBe(authorization.consentPage);
    const parameters = Object.fromEntries(connection.searchParams);
    expect(parameters).toMatchObject({
      response_type: "code",
      client_id: registration.clientId,
      redirect_uri: authorization.redirectUri,
      state: STATE,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: "S256",
      scope: connector.manifest.authorization.scopes.join(" "),
    });
    const signIn = new URL((await start("signIn")).url);
    expect(signIn.searchParams.get("scope")).toBe(connector.manifest.authorization.signInScopes.join(" "));
  });

  it("makes a new verifier each time", async () => {
    const [one, other] = [await start("connection"), await start("connection")];
    expect(one.codeVerifier).not.toBe(other.codeVerifier);
    expect(one.url).not.toContain(one.codeVerifier);
  });
}

function describeFinish(setup: ConnectorSetup): void {
  const { connector, registration, authorization } = setup;
  const finish = (parameters: Record<string, string>, purpose: "connection" | "signIn" = "connection") => {
    const url = new URL(authorization.redirectUri);
    const all = { ...authorization.callbackExtras, state: STATE, ...parameters };
    for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
    return connector.finishAuthorization(registration, {
      callbackUrl: url.href,
      redirectUri: authorization.redirectUri,
      state: STATE,
      codeVerifier: "verifier-verifier-verifier-verifier-verifier",
      purpose,
    });
  };
  const code = { code: SECRETS.code };
  const stageToken = (status: number, body: string) =>
    nock(registration.origin).post(authorization.tokenPath).reply(status, body, JSON_TYPE);

  it("trades the code for tokens and learns who granted", async () => {
    stageToken(200, await authorization.codeAnswer("connection"));
    authorization.stageGrantor();
    const { tokens, grantor } = await finish(code);
    expect(tokens).toMatchObject({
      accessToken: SECRETS.nextAccessToken,
      refreshToken: SECRETS.nextRefreshToken,
    });
    expectLife(tokens.expiresAt, authorization.lifeSeconds);
    expect(grantor).toEqual(authorization.grantor);
  });

  it("learns who signs in", async () => {
    stageToken(200, await authorization.codeAnswer("signIn"));
    expect((await finish(code, "signIn")).grantor).toEqual(authorization.signInGrantor);
  });

  it.each([
    { name: "another state", parameters: { ...code, state: "another" } },
    { name: "another issuer", parameters: { ...code, iss: "https://another.test" } },
  ])("refuses a callback with $name before it uses the code", async ({ parameters }) => {
    expect((await errorOf(finish(parameters))).kind).toBe("rejected");
  });

  it("says so when consent was declined", async () => {
    const error = await errorOf(finish({ error: "access_denied" }));
    expect([error.kind, error.vendorCode]).toEqual(["rejected", "access_denied"]);
    expect(error.message).toMatch(/declined/);
  });

  it.each([
    { name: "a code that is used up", status: 400, body: '{"error":"invalid_grant"}', kind: "rejected" },
    { name: "a server that fails", status: 500, body: "{}", kind: "outage" },
    { name: "an answer without tokens", status: 200, body: '{"token_type":"bearer"}', kind: "unreadable" },
  ])("calls $name $kind", async ({ status, body, kind }) => {
    stageToken(status, body);
    expect((await errorOf(finish(code))).kind).toBe(kind);
  });
}

function describeRefresh({ connector, registration, authorization }: ConnectorSetup): void {
  const refresh = () => connector.refresh(registration, SECRETS.refreshToken);
  const token = () => nock(registration.origin).post(authorization.tokenPath, /grant_type=refresh_token/);

  it("gives the new tokens, the rotated refresh token among them", async () => {
    token().reply(200, authorization.refreshAnswer, JSON_TYPE);
    const tokens = await refresh();
    expect(tokens.accessToken).toBe(SECRETS.nextAccessToken);
    const { rotatesRefreshToken } = connector.manifest.authorization;
    expect(tokens.refreshToken).toBe(rotatesRefreshToken ? SECRETS.nextRefreshToken : SECRETS.refreshToken);
    expectLife(tokens.expiresAt, authorization.lifeSeconds);
  });

  it("asks for a new authorization when the grant is gone", async () => {
    token().reply(400, `{"error":"invalid_grant","error_description":"${SECRETS.refreshToken}"}`, JSON_TYPE);
    expect((await errorOf(refresh())).kind).toBe("auth");
  });

  it("does not blame the grant when the client is not accepted", async () => {
    token().reply(401, '{"error":"invalid_client"}', JSON_TYPE);
    const error = await errorOf(refresh());
    expect([error.kind, error.vendorCode]).toEqual(["rejected", "invalid_client"]);
  });

  it("passes a refusal on by its code, without the words that may repeat the token", async () => {
    const refusal = { error: "unauthorized_client", error_description: `No: ${SECRETS.refreshToken}` };
    token().reply(400, refusal, JSON_TYPE);
    const error = await errorOf(refresh());
    expect([error.kind, error.vendorCode]).toEqual(["rejected", "unauthorized_client"]);
  });

  it("comes back later when there were too many", async () => {
    token().reply(429, "{}", { ...JSON_TYPE, "retry-after": "9" });
    const error = await errorOf(refresh());
    expect([error.kind, error.retryAfterSeconds]).toEqual(["rate", 9]);
  });

  it("calls a refused connection an outage: the token is still good", async () => {
    token().replyWithError(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
    expect((await errorOf(refresh())).kind).toBe("outage");
  });
}

function describeLostRefresh({ connector, registration, authorization }: ConnectorSetup): void {
  const lost = connector.manifest.authorization.rotatesRefreshToken ? "unclear" : "outage";
  const refresh = () => connector.refresh(registration, SECRETS.refreshToken);
  const token = () => nock(registration.origin).post(authorization.tokenPath);

  it(`calls a cut connection ${lost}`, async () => {
    token().replyWithError(Object.assign(new Error("cut"), { code: "ECONNRESET" }));
    expect((await errorOf(refresh())).kind).toBe(lost);
  });

  it(`calls a failing server ${lost}`, async () => {
    token().reply(503, "down", { "content-type": "text/plain" });
    expect((await errorOf(refresh())).kind).toBe(lost);
  });

  it(`calls no answer within the time ${lost}`, async () => {
    const outcome = await withoutAnswer(token(), refresh);
    if (outcome.status === "fulfilled") throw new Error("the refresh must fail");
    expect((await errorOf(Promise.reject(outcome.reason))).kind).toBe(lost);
  });

  it.each([
    { name: "that breaks off", body: `{"access_token": "${SECRETS.nextAccessToken}"` },
    {
      name: "that lacks the token's type",
      body: JSON.stringify({
        access_token: SECRETS.nextAccessToken,
        refresh_token: SECRETS.nextRefreshToken,
      }),
    },
  ])("never takes an answer $name for success", async ({ body }) => {
    token().reply(200, body, JSON_TYPE);
    expect((await errorOf(refresh())).kind).toBe(lost === "unclear" ? "unclear" : "unreadable");
  });
}

function describeRevoke({ connector, registration, authorization }: ConnectorSetup): void {
  const tokens = { ...SECRETS, expiresAt: new Date() };
  const revocation = () => nock(registration.origin).post(authorization.revocationPath);

  it("revokes the grant", async () => {
    revocation().reply(200);
    await connector.revoke(registration, tokens);
  });

  it("says when the grant could not be revoked", async () => {
    revocation().reply(503);
    expect((await errorOf(connector.revoke(registration, tokens))).kind).toBe("outage");
  });
}

function expectLife(expiresAt: Date, lifeSeconds: number): void {
  const left = (expiresAt.getTime() - Date.now()) / 1000;
  expect(left).toBeLessThanOrEqual(lifeSeconds);
  expect(left).toBeGreaterThan(lifeSeconds - CLOCK_SLACK_SECONDS);
}
