import { createHmac } from "node:crypto";
import nock from "nock";
import { describeConnector } from "../contract.suite.ts";
import { newSigningKey, signJwt } from "../jwt.suite.ts";
import type { AuthorizationCase, LaunchCase, WebhookCase } from "../setup.suite.ts";
import { registrationAt, SECRETS } from "../stage.suite.ts";
import { docket } from "./connector.ts";
import { fixture } from "./fixture.suite.ts";
import { clients, matters, statements } from "./reads.suite.ts";
import { lookUps, writes } from "./writes.suite.ts";

const ORIGIN = "https://docket.test";
const JSON_TYPE = { "content-type": "application/json" };
const LIFE_SECONDS = 300;

const registration = registrationAt(ORIGIN);
const key = await newSigningKey("docket-1");
/** The same id, another key: what a forger would send. */
const foreignKey = await newSigningKey("docket-1");

const tokenAnswer = {
  access_token: SECRETS.nextAccessToken,
  refresh_token: SECRETS.nextRefreshToken,
  token_type: "Bearer",
  expires_in: LIFE_SECONDS,
};

const person = {
  sub: "us_1",
  email: "dana@whitfield.example",
  name: "Dana Whitfield",
  account_id: "ac_1",
  account_name: "Whitfield & Lowe LLP",
};

const grantor = {
  accountId: "ac_1",
  accountName: "Whitfield & Lowe LLP",
  userId: "us_1",
  userName: "Dana Whitfield",
  email: "dana@whitfield.example",
  webOrigin: ORIGIN,
};

function claimsAt(now: Date, lifeSeconds: number): Record<string, unknown> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  return { iss: ORIGIN, aud: registration.clientId, iat: issuedAt, exp: issuedAt + lifeSeconds, ...person };
}

const authorization: AuthorizationCase = {
  stage() {
    const metadata = {
      issuer: ORIGIN,
      authorization_endpoint: `${ORIGIN}/auth`,
      token_endpoint: `${ORIGIN}/token`,
      revocation_endpoint: `${ORIGIN}/token/revocation`,
      jwks_uri: `${ORIGIN}/jwks`,
      authorization_response_iss_parameter_supported: true,
      id_token_signing_alg_values_supported: ["RS256"],
    };
    nock(ORIGIN).get("/.well-known/openid-configuration").optionally().reply(200, metadata, JSON_TYPE);
    nock(ORIGIN)
      .get("/jwks")
      .optionally()
      .reply(200, { keys: [key.publicJwk] }, JSON_TYPE);
  },
  consentPage: `${ORIGIN}/auth`,
  tokenPath: "/token",
  revocationPath: "/token/revocation",
  redirectUri: "https://pay.test/oauth/cb/docket",
  callbackExtras: { iss: ORIGIN },
  async codeAnswer(purpose) {
    const { refresh_token, ...withoutRefresh } = tokenAnswer;
    const id_token = await signJwt(key, claimsAt(new Date(), 3600));
    return JSON.stringify({
      ...withoutRefresh,
      id_token,
      ...(purpose === "connection" ? { refresh_token } : {}),
    });
  },
  stageGrantor() {
    nock(ORIGIN).get("/api/v1/me").reply(200, fixture("me"), JSON_TYPE);
  },
  grantor,
  signInGrantor: grantor,
  refreshAnswer: JSON.stringify(tokenAnswer),
  lifeSeconds: LIFE_SECONDS,
};

const webhooks: WebhookCase = {
  secret: "webhook-secret-for-tests",
  rawBody: JSON.stringify({
    id: "ev_1",
    type: "statement.changed",
    created_at: "2026-11-20T10:00:00Z",
    account_id: "ac_1",
    data: { id: "st_1" },
  }),
  headers(rawBody, at, secret) {
    const seconds = Math.floor(at.getTime() / 1000);
    const signature = createHmac("sha256", secret).update(`${seconds}.${rawBody}`).digest("hex");
    return { "docket-signature": `t=${seconds},v1=${signature}` };
  },
  hint: { eventId: "ev_1", family: "statements", externalId: "st_1" },
  callbackUrl: "https://pay.test/hooks/docket/1",
  stageSubscribe() {
    const events = ["client.changed", "matter.changed", "statement.changed"];
    const present = [
      { id: "wh_0", url: "https://pay.test/hooks/docket/1", events },
      { id: "wh_9", url: "https://other.test/hook", events },
    ];
    nock(ORIGIN).get("/api/v1/webhooks").reply(200, { data: present, next_cursor: null }, JSON_TYPE);
    nock(ORIGIN).delete("/api/v1/webhooks/wh_0").reply(204);
    const made = { id: "wh_1", url: "https://pay.test/hooks/docket/1", events, secret: "shown-once" };
    nock(ORIGIN)
      .post("/api/v1/webhooks", { url: "https://pay.test/hooks/docket/1", events })
      .reply(201, made, JSON_TYPE);
    return { externalId: "wh_1", secret: "shown-once" };
  },
  unsubscribePath: "/api/v1/webhooks/wh_1",
};

const launches: LaunchCase = {
  async ticket(now, change = {}) {
    const claims = {
      ...claimsAt(now, change.expiresInSeconds ?? 60),
      matter_id: "mt_1",
      jti: "id" in change ? undefined : "launch-1",
    };
    return await signJwt(change.key === "foreign" ? foreignKey : key, {
      ...claims,
      iss: change.issuer ?? ORIGIN,
      aud: change.audience ?? registration.clientId,
    });
  },
  launch: {
    id: "launch-1",
    accountId: "ac_1",
    userId: "us_1",
    email: "dana@whitfield.example",
    name: "Dana Whitfield",
    matterExternalId: "mt_1",
  },
};

describeConnector("Docket", {
  connector: docket,
  registration,
  refusal: (code, message) => JSON.stringify({ error: { code, message } }),
  reads: { clients, matters, statements },
  authorization,
  writes,
  lookUps,
  webhooks,
  launches,
});
