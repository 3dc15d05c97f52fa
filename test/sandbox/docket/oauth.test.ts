import { createPublicKey, type JsonWebKey, verify } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Running } from "../../../src/sandbox/serve.ts";
import { createBrowser, formAction } from "./browser.ts";
import {
  ALL_SCOPES,
  authorizationUrl,
  authorize,
  CLIENT,
  call,
  connect,
  type Failure,
  postAsClient,
  redeem,
  refresh,
  removeFolders,
  SIGN_IN_SCOPE,
  startTestDocket,
  type Tokens,
} from "./harness.ts";

let docket: Running;
beforeAll(async () => {
  docket = await startTestDocket();
});
afterAll(async () => {
  await docket.close();
  removeFolders();
});

const me = (token: string) => call<Failure>(docket, token, "/api/v1/me");

describe("the authorization code flow", () => {
  test("sign-in and consent by plain forms end at the app with a code, the state and the issuer", async () => {
    const { callback, verifier } = await authorize(docket, createBrowser(docket.origin), ALL_SCOPES);
    expect(callback.href.startsWith(CLIENT.redirectUris[0] ?? "")).toBe(true);
    expect(callback.searchParams.get("state")).toBe("a-state");
    expect(callback.searchParams.get("iss")).toBe(docket.origin);
    const tokens = (await (await redeem(docket, callback, verifier)).json()) as Tokens;
    expect(tokens.expires_in).toBe(300);
    expect(tokens.scope.split(" ").sort()).toEqual(ALL_SCOPES.split(" ").sort());
    const answer = await call(docket, tokens.access_token, "/api/v1/me");
    expect(answer.body).toEqual({
      user: { id: "usr_ana", name: "Ana Keane", email: "ana@marlowkeane.example" },
      account: { id: "acc_marlow", name: "Marlow Keane LLP", currency: "USD", web_origin: docket.origin },
    });
  });

  test("the ID token, signed by the published key, and userinfo name the user and the account", async () => {
    const tokens = await connect(docket, SIGN_IN_SCOPE, "usr_dana");
    expect(tokens.refresh_token).toBeUndefined();
    const [header = "", claims = "", signature = ""] = tokens.id_token.split(".");
    const { keys } = (await (await fetch(`${docket.origin}/oauth/jwks`)).json()) as { keys: JsonWebKey[] };
    const key = createPublicKey({ key: keys[0] ?? {}, format: "jwk" });
    expect(
      verify("sha256", Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, "base64url")),
    ).toBe(true);
    const person = {
      sub: "usr_dana",
      email: "dana@marlowkeane.example",
      name: "Dana Whitfield",
      account_id: "acc_marlow",
      account_name: "Marlow Keane LLP",
    };
    const read = JSON.parse(Buffer.from(claims, "base64url").toString());
    expect(read).toMatchObject({ ...person, iss: docket.origin, aud: CLIENT.id, nonce: "a-nonce" });
    const userinfo = await call(docket, tokens.access_token, "/oauth/userinfo");
    expect(userinfo.body).toEqual(person);
  });

  test("the published keys hold nothing private", async () => {
    const { keys } = (await (await fetch(`${docket.origin}/oauth/jwks`)).json()) as { keys: JsonWebKey[] };
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toHaveProperty("d");
  });

  test("a request without PKCE is sent back with an error", async () => {
    const { url } = authorizationUrl(docket, SIGN_IN_SCOPE);
    const bare = new URL(url);
    bare.searchParams.delete("code_challenge");
    bare.searchParams.delete("code_challenge_method");
    const browser = createBrowser(docket.origin);
    const { url: end } = await browser.follow(await browser.get(bare.href));
    expect(new URL(end).searchParams.get("error")).toBe("invalid_request");
  });

  test("a code is not redeemed with another verifier", async () => {
    const { callback } = await authorize(docket, createBrowser(docket.origin), SIGN_IN_SCOPE);
    const response = await redeem(docket, callback, "x".repeat(43));
    expect(response.status).toBe(400);
  });

  test("Deny takes the user back to the app with access_denied", async () => {
    const { callback } = await authorize(docket, createBrowser(docket.origin), ALL_SCOPES, "usr_ana", "deny");
    expect(callback.searchParams.get("error")).toBe("access_denied");
    expect(callback.searchParams.get("code")).toBeNull();
  });

  test("a second sign-in in the same browser asks nothing", async () => {
    const browser = createBrowser(docket.origin);
    await authorize(docket, browser, SIGN_IN_SCOPE, "usr_ben");
    const { url } = authorizationUrl(docket, SIGN_IN_SCOPE);
    const end = await browser.follow(await browser.get(url));
    expect(new URL(end.url).searchParams.get("code")).not.toBeNull();
  });

  test("a sign-in whose code is replayed does not end the connection made in the same browser", async () => {
    const browser = createBrowser(docket.origin);
    const made = await authorize(docket, browser, ALL_SCOPES);
    const tokens = (await (await redeem(docket, made.callback, made.verifier)).json()) as Tokens;
    const signedIn = await authorize(docket, browser, SIGN_IN_SCOPE);
    expect((await redeem(docket, signedIn.callback, signedIn.verifier)).status).toBe(200);
    expect((await redeem(docket, signedIn.callback, signedIn.verifier)).status).toBe(400);
    expect((await me(tokens.access_token)).status).toBe(200);
  });
});

describe("who may allow what", () => {
  async function consentPage(userId: string) {
    const browser = createBrowser(docket.origin);
    const { url } = authorizationUrl(docket, ALL_SCOPES);
    const login = await browser.follow(await browser.get(url));
    const action = formAction((await login.response?.text()) ?? "", "/login");
    const consent = await browser.follow(await browser.post(action, { user_id: userId }));
    return { browser, html: (await consent.response?.text()) ?? "" };
  }

  test("the consent page says in plain words what the app would be able to do", async () => {
    const { html } = await consentPage("usr_ana");
    expect(html).toContain("Read clients, matters, payers, statements and trust balances");
    expect(html).toContain('value="allow"');
  });

  test("someone who is not an administrator is told so and cannot allow it", async () => {
    const { browser, html } = await consentPage("usr_ben");
    expect(html).toContain("Only an administrator of Marlow Keane LLP may allow this");
    expect(html).not.toContain('value="allow"');
    const forced = await browser.post(formAction(html, "/consent"), { decision: "allow" });
    expect(forced.status).toBe(403);
  });

  test("from there one may go on as another user", async () => {
    const { browser, html } = await consentPage("usr_ben");
    const login = await browser.follow(await browser.post(formAction(html, "/switch"), {}));
    const page = (await login.response?.text()) ?? "";
    const consent = await browser.follow(
      await browser.post(formAction(page, "/login"), { user_id: "usr_ana" }),
    );
    const consentHtml = (await consent.response?.text()) ?? "";
    const end = await browser.follow(
      await browser.post(formAction(consentHtml, "/consent"), { decision: "allow" }),
    );
    expect(new URL(end.url).searchParams.get("code")).not.toBeNull();
  });

  test("a prompt for login lets another user take over without a script", async () => {
    const browser = createBrowser(docket.origin);
    await authorize(docket, browser, SIGN_IN_SCOPE, "usr_ben");
    const { url } = authorizationUrl(docket, SIGN_IN_SCOPE, { prompt: "login" });
    const login = await browser.follow(await browser.get(url));
    const action = formAction((await login.response?.text()) ?? "", "/login");
    const consent = await browser.follow(await browser.post(action, { user_id: "usr_dana" }));
    expect(await consent.response?.text()).toContain("as Dana Whitfield");
  });

  test("an interaction that nobody began is answered with a page, not a crash", async () => {
    const response = await fetch(`${docket.origin}/interaction/unknown`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("This request has expired");
  });
});

describe("tokens", () => {
  test("a refresh gives new tokens, and the old refresh token ends the grant when it comes again", async () => {
    const first = await connect(docket);
    const second = (await (await refresh(docket, first.refresh_token)).json()) as Tokens;
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await me(second.access_token)).status).toBe(200);
    const reuse = await refresh(docket, first.refresh_token);
    expect(reuse.status).toBe(400);
    expect(await reuse.json()).toMatchObject({ error: "invalid_grant" });
    expect((await me(second.access_token)).status).toBe(401);
    expect((await refresh(docket, second.refresh_token)).status).toBe(400);
  });

  test("of two refreshes at the same instant at most one wins, and the grant ends", async () => {
    const tokens = await connect(docket);
    const answers = await Promise.all([
      refresh(docket, tokens.refresh_token),
      refresh(docket, tokens.refresh_token),
    ]);
    expect(answers.filter((answer) => answer.status === 200).length).toBeLessThanOrEqual(1);
    expect((await me(tokens.access_token)).status).toBe(401);
  });

  test("a revoked refresh token takes its access tokens with it", async () => {
    const tokens = await connect(docket);
    const answer = await postAsClient(docket, "/oauth/revoke", { token: tokens.refresh_token ?? "" });
    expect(answer.status).toBe(200);
    expect((await me(tokens.access_token)).status).toBe(401);
    expect((await refresh(docket, tokens.refresh_token)).status).toBe(400);
  });

  test("connecting again leaves the earlier connection alone", async () => {
    const browser = createBrowser(docket.origin);
    const grants: Tokens[] = [];
    for (let count = 0; count < 2; count += 1) {
      const { callback, verifier } = await authorize(docket, browser, ALL_SCOPES);
      grants.push((await (await redeem(docket, callback, verifier)).json()) as Tokens);
    }
    await postAsClient(docket, "/oauth/revoke", { token: grants[0]?.refresh_token ?? "" });
    expect((await me(grants[0]?.access_token ?? "")).status).toBe(401);
    expect((await me(grants[1]?.access_token ?? "")).status).toBe(200);
  });

  test("a token without the scope is refused with insufficient_scope", async () => {
    const tokens = await connect(docket, SIGN_IN_SCOPE, "usr_dana");
    const answer = await call<Failure>(docket, tokens.access_token, "/api/v1/matters");
    expect(answer.status).toBe(403);
    expect(answer.body.error.code).toBe("insufficient_scope");
    expect(answer.headers.get("www-authenticate")).toContain('error="insufficient_scope"');
  });

  test("no token, or one that nobody issued, is refused with invalid_token", async () => {
    const answer = await me("nobody-issued-this");
    expect(answer.status).toBe(401);
    expect(answer.body.error.code).toBe("invalid_token");
    expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
    expect((await fetch(`${docket.origin}/api/v1/me`)).status).toBe(401);
  });
});
