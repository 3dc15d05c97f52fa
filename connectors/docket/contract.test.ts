import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import nock from "nock";
import { describeConnector } from "../contract.suite.ts";
import type { Family, FamilyRecord, PostRequest } from "../contract.ts";
import { newSigningKey, signJwt } from "../jwt.suite.ts";
import type {
  AuthorizationCase,
  LaunchCase,
  LookUpCase,
  ReadCase,
  WebhookCase,
  WriteCase,
} from "../setup.suite.ts";
import { registrationAt, SECRETS } from "../stage.suite.ts";
import { docket } from "./connector.ts";

const ORIGIN = "https://docket.test";
const JSON_TYPE = { "content-type": "application/json" };
const LIMIT = "500";
const LIFE_SECONDS = 300;

const registration = registrationAt(ORIGIN);
const key = await newSigningKey("docket-1");
/** The same id, another key: what a forger would send. */
const foreignKey = await newSigningKey("docket-1");

function fixture(name: string): string {
  return readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), "utf8");
}

function readCase<F extends Family>(
  family: F,
  facts: {
    firstCursor: string;
    items: [FamilyRecord[F], FamilyRecord[F]];
    changed: FamilyRecord[F];
    broken: string;
  },
): ReadCase<F> {
  const [first] = facts.items;
  const since = new Date("2026-11-15T00:00:00Z");
  return {
    path: `/api/v1/${family}`,
    pages: [
      { query: { limit: LIMIT }, body: fixture(`${family}-1`) },
      { query: { limit: LIMIT, cursor: facts.firstCursor }, body: fixture(`${family}-2`) },
    ],
    items: facts.items,
    changes: {
      since,
      query: { limit: LIMIT, updated_since: since.toISOString() },
      body: fixture(`${family}-changed`),
      items: [facts.changed],
    },
    broken: { body: fixture(`${family}-broken`), readable: 1, externalId: facts.broken },
    one: {
      path: `/api/v1/${family}/${first.externalId}`,
      body: JSON.stringify(JSON.parse(fixture(`${family}-1`)).data[0]),
      item: first,
    },
  };
}

const ana: FamilyRecord["clients"] = {
  externalId: "cl_2",
  number: "C-1002",
  name: "Ana Ferreira",
  email: undefined,
  changedAt: new Date("2026-11-03T10:00:00Z"),
  deleted: false,
};

const lease: FamilyRecord["matters"] = {
  externalId: "mt_2",
  number: "2026-015",
  description: "Lease renewal",
  clientExternalId: "cl_2",
  open: false,
  responsible: undefined,
  office: undefined,
  trustBalanceMinor: 0n,
  payers: [],
  changedAt: new Date("2026-11-05T12:00:00Z"),
  deleted: false,
};

const invoice: FamilyRecord["statements"] = {
  externalId: "st_1",
  number: "INV-2041",
  matterExternalId: "mt_1",
  kind: "invoice",
  state: "open",
  issuedOn: "2026-10-01",
  dueOn: "2026-10-31",
  currency: "USD",
  totalMinor: 125_010n,
  balanceMinor: 29n,
  changedAt: new Date("2026-11-06T12:00:00Z"),
  deleted: false,
};

const clients = readCase("clients", {
  firstCursor: "clients-after-cl_1",
  items: [
    {
      externalId: "cl_1",
      number: "C-1001",
      name: "Marlow Shipping Ltd",
      email: "accounts@marlow.example",
      changedAt: new Date("2026-11-02T09:15:00Z"),
      deleted: false,
    },
    ana,
  ],
  changed: { ...ana, changedAt: new Date("2026-11-20T08:00:00Z"), deleted: true },
  broken: "cl_9",
});

const matters = readCase("matters", {
  firstCursor: "matters-after-mt_1",
  items: [
    {
      externalId: "mt_1",
      number: "2026-014",
      description: "Charter dispute",
      clientExternalId: "cl_1",
      open: true,
      responsible: "R. Okafor",
      office: "Boston",
      trustBalanceMinor: 250_050n,
      payers: [
        { externalId: "co_1", name: "Marlow Shipping Ltd", email: "accounts@marlow.example", assigned: true },
        { externalId: "co_2", name: "Northern P&I", email: undefined, assigned: false },
      ],
      changedAt: new Date("2026-11-04T12:00:00Z"),
      deleted: false,
    },
    lease,
  ],
  changed: { ...lease, changedAt: new Date("2026-11-21T12:00:00Z"), deleted: true },
  broken: "mt_9",
});

const statements = readCase("statements", {
  firstCursor: "statements-after-st_1",
  items: [
    invoice,
    {
      ...invoice,
      externalId: "st_2",
      number: "TR-77",
      kind: "trust_request",
      state: "paid",
      issuedOn: "2026-10-05",
      dueOn: undefined,
      // More digits than a float holds.
      totalMinor: 9_007_199_254_740_993n,
      balanceMinor: 0n,
      changedAt: new Date("2026-11-07T12:00:00Z"),
    },
  ],
  changed: {
    ...invoice,
    state: "void",
    balanceMinor: -1_250n,
    changedAt: new Date("2026-11-22T12:00:00Z"),
    deleted: true,
  },
  broken: "st_9",
});

const payment: PostRequest = {
  reference: "SFP-PAYMENT-1",
  receivedOn: "2026-11-20",
  method: "card",
  memo: "Visa 4242",
  payerName: "Marlow Shipping Ltd",
  amountMinor: 125_010n,
  currency: "USD",
  matterExternalId: "mt_1",
  statementExternalId: "st_1",
};

const deposit: PostRequest = {
  ...payment,
  reference: "SFP-TRUST-1",
  amountMinor: 50_000n,
  statementExternalId: "st_2",
};

const reversal = {
  reference: "SFP-REVERSAL-1",
  reversedOn: "2026-11-21",
  reason: "Refund",
  amountMinor: 29n,
  currency: "USD",
};

const receipt =
  '"received_on":"2026-11-20","method":"card","memo":"Visa 4242","payer_name":"Marlow Shipping Ltd"';

const writes: WriteCase[] = [
  {
    name: "a payment",
    capability: "postPayment",
    path: "/api/v1/payments",
    run: (access) => docket.postPayment(access, payment),
    sent: `{"reference":"SFP-PAYMENT-1",${receipt},"amount":1250.10,"allocations":[{"statement_id":"st_1","amount":1250.10}]}`,
    answer: fixture("payment"),
    externalId: "pm_1",
  },
  {
    name: "a trust deposit on a request",
    capability: "postTrustDeposit",
    path: "/api/v1/trust-deposits",
    run: (access) => docket.postTrustDeposit(access, deposit),
    sent: `{"reference":"SFP-TRUST-1",${receipt},"amount":500.00,"matter_id":"mt_1","statement_id":"st_2"}`,
    answer: fixture("trust-deposit"),
    externalId: "td_1",
  },
  {
    name: "a trust deposit without a request",
    capability: "postTrustDeposit",
    path: "/api/v1/trust-deposits",
    run: (access) => docket.postTrustDeposit(access, { ...deposit, statementExternalId: undefined }),
    sent: `{"reference":"SFP-TRUST-1",${receipt},"amount":500.00,"matter_id":"mt_1","statement_id":null}`,
    answer: fixture("trust-deposit"),
    externalId: "td_1",
  },
  {
    name: "a reversal of a payment",
    capability: "reverse",
    path: "/api/v1/payments/pm_1/reversals",
    run: (access) =>
      docket.reverse(access, {
        ...reversal,
        entryExternalId: "pm_1",
        entryKind: "payment",
        statementExternalId: "st_1",
      }),
    sent: '{"reference":"SFP-REVERSAL-1","reversed_on":"2026-11-21","reason":"Refund","amount":0.29,"allocations":[{"statement_id":"st_1","amount":0.29}]}',
    answer: fixture("reversal"),
    externalId: "rv_1",
  },
  {
    name: "a reversal of a trust deposit",
    capability: "reverse",
    path: "/api/v1/trust-deposits/td_1/reversals",
    run: (access) =>
      docket.reverse(access, {
        ...reversal,
        entryExternalId: "td_1",
        entryKind: "trust_deposit",
        statementExternalId: "st_2",
      }),
    sent: '{"reference":"SFP-REVERSAL-1","reversed_on":"2026-11-21","reason":"Refund","amount":0.29}',
    answer: fixture("reversal"),
    externalId: "rv_1",
  },
];

function lookUpCase(kind: LookUpCase["kind"], path: string, reference: string): LookUpCase {
  const entries = (...ids: string[]) =>
    JSON.stringify({ data: ids.map((id) => ({ id, reference, amount: 1 })), next_cursor: null });
  return {
    kind,
    reference,
    path,
    query: { reference },
    none: entries(),
    one: entries("en_1"),
    two: entries("en_1", "en_2"),
    found: ["en_1", "en_2"],
  };
}

const lookUps = [
  lookUpCase("payment", "/api/v1/payments", "SFP-PAYMENT-1"),
  lookUpCase("trust_deposit", "/api/v1/trust-deposits", "SFP-TRUST-1"),
  lookUpCase("reversal", "/api/v1/reversals", "SFP-REVERSAL-1"),
];

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
  rawBody:
    '{"id":"ev_1","type":"statement.changed","created_at":"2026-11-20T10:00:00Z","account_id":"ac_1","data":{"id":"st_1"}}',
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
