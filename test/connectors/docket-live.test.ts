import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Access,
  FAMILIES,
  type Family,
  type FamilyRecord,
  type Registration,
  type StatementRecord,
  type Tokens,
} from "../../connectors/contract.ts";
import { docket } from "../../connectors/docket/connector.ts";
import { errorOf } from "../../connectors/stage.suite.ts";
import { startDocket } from "../../src/sandbox/docket/server.ts";
import type { Running } from "../../src/sandbox/serve.ts";
import {
  ADMIN,
  authorize,
  type Browser,
  control,
  openBrowser,
  REDIRECT_URI,
  receiveDelivery,
} from "./docket-browser.ts";

const LAUNCH_URL = "http://127.0.0.1:1/launch";
/** More than one page of 500 statements. */
const MATTER_COUNT = 400;
const PAGES_LIMIT = 50;

let folder: string;
let server: Running;
let registration: Registration;
let browser: Browser;
let tokens: Tokens;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "docket-live-"));
  const client = {
    id: "send-for-payment",
    secret: "secret-of-the-live-test",
    redirectUris: [REDIRECT_URI],
    name: "Send for Payment",
    launchUrl: LAUNCH_URL,
  };
  server = await startDocket({ folder, client, matterCount: MATTER_COUNT, webhookRetryDelaysMs: [10] });
  registration = { origin: server.origin, clientId: client.id, clientSecret: client.secret };
  browser = openBrowser(server.origin);
  tokens = (await authorize(registration, browser, "connection", "allow")).tokens;
});

afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

function access(): Access {
  return { registration, accessToken: tokens.accessToken };
}

async function readAll<F extends Family>(family: F, changedSince?: Date): Promise<FamilyRecord[F][]> {
  const items: FamilyRecord[F][] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < PAGES_LIMIT; pages += 1) {
    const page = await docket.read(access(), family, { cursor, changedSince });
    expect(page.unreadable).toEqual([]);
    items.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === undefined) return items;
  }
  throw new Error(`${family} has no last page`);
}

async function openStatement(kind: StatementRecord["kind"]): Promise<StatementRecord> {
  const found = (await readAll("statements")).find((item) => item.kind === kind && item.state === "open");
  if (found === undefined) throw new Error(`there is no open ${kind}`);
  return found;
}

function postingOn(statement: StatementRecord, reference: string, amountMinor: bigint) {
  return {
    reference,
    receivedOn: "2026-11-20",
    method: "card",
    memo: "Visa 4242",
    payerName: "Someone",
    amountMinor,
    currency: statement.currency,
    matterExternalId: statement.matterExternalId,
    statementExternalId: statement.externalId,
  };
}

describe("Docket, over real connections", () => {
  it("is authorised through its pages, and says who granted", async () => {
    const { grantor, tokens: granted } = await authorize(registration, browser, "connection", "allow");
    expect(grantor).toMatchObject({ userId: ADMIN, webOrigin: server.origin });
    expect(granted.refreshToken).toBeDefined();
    await docket.revoke(registration, granted);
    expect((await errorOf(docket.refresh(registration, granted.refreshToken ?? ""))).kind).toBe("auth");
  });

  it("says so when consent is declined", async () => {
    const error = await errorOf(authorize(registration, browser, "connection", "deny"));
    expect([error.kind, error.vendorCode]).toEqual(["rejected", "access_denied"]);
  });

  it("signs a member in, without a grant to keep", async () => {
    const { grantor, tokens: signedIn } = await authorize(registration, browser, "signIn", "allow");
    expect(grantor.userId).toBe(ADMIN);
    expect(signedIn.refreshToken).toBeUndefined();
  });

  it("rotates the refresh token, and ends the grant when an old one comes again", async () => {
    const { tokens: first } = await authorize(registration, browser, "connection", "allow");
    const second = await docket.refresh(registration, first.refreshToken ?? "");
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect((await errorOf(docket.refresh(registration, first.refreshToken ?? ""))).kind).toBe("auth");
    expect((await errorOf(docket.refresh(registration, second.refreshToken ?? ""))).kind).toBe("auth");
  });

  it("is read to its last page, without a record that cannot be understood or comes twice", async () => {
    for (const family of FAMILIES) {
      const items = await readAll(family);
      expect(items.length).toBeGreaterThan(0);
      expect(new Set(items.map((item) => item.externalId)).size).toBe(items.length);
      const [first] = items;
      expect(await docket.readOne(access(), family, first?.externalId ?? "")).toEqual(first);
    }
    expect((await readAll("statements")).length).toBeGreaterThan(500);
  });

  it("tells of a deleted statement only to who asks for changes", async () => {
    const statement = await openStatement("invoice");
    const before = (await readAll("statements")).length;
    await control(server.origin, "statements", { id: statement.externalId, deleted: true });
    const changed = await readAll("statements", new Date(Date.now() - 60_000));
    expect(changed.find((item) => item.externalId === statement.externalId)?.deleted).toBe(true);
    expect(await readAll("statements")).toHaveLength(before - 1);
    expect(await docket.readOne(access(), "statements", statement.externalId)).toBeUndefined();
  });
});

describe("writing to Docket, over real connections", () => {
  it("posts a payment, finds it by its reference, and reverses a part of it", async () => {
    const statement = await openStatement("invoice");
    const posted = await docket.postPayment(access(), postingOn(statement, "live-1", 129n));
    expect(await docket.lookUp(access(), "payment", "live-1")).toEqual([{ ...posted, amountMinor: 129n }]);
    expect(await docket.lookUp(access(), "trust_deposit", "live-1")).toEqual([]);
    const balance = async () =>
      (await docket.readOne(access(), "statements", statement.externalId))?.balanceMinor;
    expect(await balance()).toBe(statement.balanceMinor - 129n);
    const reversed = await docket.reverse(access(), {
      reference: "live-1-back",
      entryExternalId: posted.externalId,
      entryKind: "payment",
      reversedOn: "2026-11-21",
      reason: "Refund",
      amountMinor: 29n,
      currency: statement.currency,
      statementExternalId: statement.externalId,
    });
    expect(await docket.lookUp(access(), "reversal", "live-1-back")).toMatchObject([reversed]);
    expect(await balance()).toBe(statement.balanceMinor - 100n);
  });

  it("posts a trust deposit on a request and reverses it", async () => {
    const request = await openStatement("trust_request");
    const posted = await docket.postTrustDeposit(access(), postingOn(request, "live-2", 100n));
    const matter = await docket.readOne(access(), "matters", request.matterExternalId);
    await docket.reverse(access(), {
      reference: "live-2-back",
      entryExternalId: posted.externalId,
      entryKind: "trust_deposit",
      reversedOn: "2026-11-21",
      reason: "Bank return",
      amountMinor: 100n,
      currency: request.currency,
      statementExternalId: request.externalId,
    });
    const after = await docket.readOne(access(), "matters", request.matterExternalId);
    expect((matter?.trustBalanceMinor ?? 0n) - (after?.trustBalanceMinor ?? 0n)).toBe(100n);
  });

  it("passes on the vendor's words when a payment is above the balance", async () => {
    const statement = await openStatement("invoice");
    const posting = postingOn(statement, "live-3", statement.balanceMinor + 1n);
    const error = await errorOf(docket.postPayment(access(), posting));
    expect([error.kind, error.vendorCode]).toEqual(["rejected", "allocation_exceeds_balance"]);
    expect(await docket.lookUp(access(), "payment", "live-3")).toEqual([]);
  });

  it("finds by its reference what was written although the answer was lost", async () => {
    const posting = postingOn(await openStatement("invoice"), "live-4", 100n);
    await control(server.origin, "faults", { kind: "drop_answer", path: "/api/v1/payments" });
    expect((await errorOf(docket.postPayment(access(), posting))).kind).toBe("unclear");
    expect(await docket.lookUp(access(), "payment", "live-4")).toHaveLength(1);
  });

  it("finds nothing where the vendor failed before it wrote", async () => {
    const posting = postingOn(await openStatement("invoice"), "live-5", 100n);
    await control(server.origin, "faults", { kind: "error", path: "/api/v1/payments" });
    expect((await errorOf(docket.postPayment(access(), posting))).kind).toBe("unclear");
    expect(await docket.lookUp(access(), "payment", "live-5")).toEqual([]);
  });

  it("comes back when the vendor says so", async () => {
    await control(server.origin, "faults", {
      kind: "rate_limit",
      path: "/api/v1/statements",
      retry_after: 7,
    });
    const error = await errorOf(docket.read(access(), "statements", {}));
    expect([error.kind, error.retryAfterSeconds]).toEqual(["rate", 7]);
  });
});

describe("Docket's calls to us, over real connections", () => {
  it("delivers signed webhooks for what is changed", async () => {
    const receiver = await receiveDelivery();
    const subscription = await docket.subscribe(access(), receiver.url);
    const statement = await openStatement("invoice");
    await control(server.origin, "statements", { id: statement.externalId, due_on: "2027-01-31" });
    const { rawBody, signature } = await receiver.delivery;
    const header = (name: string) => (name === "docket-signature" ? signature : undefined);
    const hint = await docket.readWebhook({ rawBody, header }, subscription.secret, new Date());
    expect(hint).toMatchObject({ family: "statements", externalId: statement.externalId });
    const forged = docket.readWebhook({ rawBody, header }, "another secret", new Date());
    expect((await errorOf(forged)).kind).toBe("rejected");
    const again = await docket.subscribe(access(), receiver.url);
    expect(again.externalId).not.toBe(subscription.externalId);
    await docket.unsubscribe(access(), subscription.externalId);
    await docket.unsubscribe(access(), again.externalId);
    await receiver.close();
  });

  it("opens the panel on a matter with a ticket that can be verified", async () => {
    const [matter] = await readAll("matters");
    const url = docket.matterUrl(registration, matter?.externalId ?? "");
    expect((await browser.open(url)).text).toContain(matter?.number);
    const { text } = await browser.submit(`${url}/launch`, {});
    const ticket = /name="ticket" value="([^"]+)"/.exec(text)?.[1] ?? "";
    const launch = await docket.verifyLaunch(registration, ticket, new Date());
    expect(launch).toMatchObject({ userId: ADMIN, matterExternalId: matter?.externalId });
    const late = docket.verifyLaunch(registration, ticket, new Date(Date.now() + 90_000));
    expect((await errorOf(late)).kind).toBe("rejected");
  });
});
