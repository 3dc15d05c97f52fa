import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServerType, serve } from "@hono/node-server";
import { Hono } from "hono";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { docket } from "../../connectors/docket/connector.ts";
import { withAccess } from "../../src/connections/access.ts";
import { beginAuthorization } from "../../src/connections/begin-authorization.ts";
import { disconnectConnection } from "../../src/connections/change-state.ts";
import { callbackAddress } from "../../src/connections/configured.ts";
import { endConnection } from "../../src/connections/end.ts";
import { finishAuthorization } from "../../src/connections/finish-authorization.ts";
import { connectorHookRoutes } from "../../src/connections/hook-routes.ts";
import { subscribe } from "../../src/connections/subscribe.ts";
import type { Context, MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { startDocket } from "../../src/sandbox/docket/server.ts";
import type { Running } from "../../src/sandbox/serve.ts";
import { applyHint } from "../../src/statements/hint.ts";
import { syncConnection } from "../../src/statements/sync.ts";
import type { WebEnv } from "../../src/web/env.ts";
import { openBrowser } from "../connectors/docket-browser.ts";
import { useDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";
import { makeFirm, makeMember, testContext } from "../support/world.ts";

const JOB = { attempt: 1, isLastAttempt: false, signal: undefined };
const ADMIN = "usr_ana";
/** More than one page of 500 statements. */
const MATTER_COUNT = 400;

describe("a connection to Docket, over real connections", () => {
  const box = useDatabase();
  let folder: string;
  let vendor: Running;
  let ours: ServerType;
  let admin: MemberContext;
  let connectionId: string;

  beforeAll(async () => {
    const app = new Hono<WebEnv>();
    app.use(async (c, next) => {
      c.set("cx", admin);
      await next();
    });
    app.route("/", connectorHookRoutes);
    ours = await new Promise((resolve) => {
      const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, () => resolve(server));
    });
    const origin = `http://127.0.0.1:${(ours.address() as AddressInfo).port}`;
    const plain = testContext(box);
    const cx: Context = { ...plain, config: { ...plain.config, PUBLIC_ORIGIN: origin } };
    folder = await mkdtemp(join(tmpdir(), "docket-sync-"));
    const client = {
      id: "send-for-payment",
      secret: "secret-of-the-sync-test",
      redirectUris: [callbackAddress(cx, "docket")],
      name: "Send for Payment",
    };
    vendor = await startDocket({ folder, client, matterCount: MATTER_COUNT, webhookRetryDelaysMs: [10] });
    const registration = { origin: vendor.origin, clientId: client.id, clientSecret: client.secret };
    const connectors: Context["connectors"] = new Map([["docket", { connector: docket, registration }]]);
    const { firmId } = await makeFirm(cx);
    admin = await makeMember({ ...cx, connectors }, firmId, "admin");
    ({ connectionId } = await authorize());
  });

  afterAll(async () => {
    await vendor?.close();
    await new Promise((resolve) => ours.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  /** Goes to Docket's sign-in and consent pages and back, as an administrator would. */
  async function authorize() {
    const { url, browserSecret } = await beginAuthorization(admin, { connector: "docket" });
    const browser = openBrowser(vendor.origin);
    let visit = await browser.open(url);
    visit = await browser.submit(`${visit.address}/login`, { user_id: ADMIN });
    visit = await browser.submit(`${visit.address}/consent`, { decision: "allow" });
    return await finishAuthorization(admin, {
      connector: "docket",
      callbackUrl: visit.address,
      browserSecret,
    });
  }
  const key = () => ({ firmId: admin.firmId, connectionId });
  const sync = () => syncConnection(admin, key(), JOB);
  const control = async (path: string, body: unknown) => {
    const answer = await fetch(`${vendor.origin}/control/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`the control door answered ${answer.status}: ${await answer.text()}`);
  };
  const inFirm = async <Row>(text: string) =>
    (await withFirm(admin.database, admin.firmId, (tx) => sql.raw<Row>(text).execute(tx))).rows;
  const latestRun = async () =>
    (
      await inFirm<{
        state: string;
        kind: string;
        records_read: number;
        records_changed: number;
        reason: string | null;
      }>("select * from sync_run order by started_at desc limit 1")
    )[0];
  const connectionState = async () =>
    (await inFirm<{ state: string }>("select state from connection"))[0]?.state;
  const openInvoice = async () => {
    const [row] = await inFirm<{ external_id: string; balance_minor: bigint }>(
      "select external_id, balance_minor from statement where kind = 'invoice' and state = 'open' and deleted_at is null and balance_minor > 1000 order by external_id limit 1",
    );
    if (!row) throw new Error("there is no open invoice");
    return row;
  };
  const statement = async (externalId: string) =>
    (
      await inFirm<{ balance_minor: bigint; deleted_at: Date | null }>(
        `select balance_minor, deleted_at from statement where external_id = '${externalId}'`,
      )
    )[0];

  it("reads everything at first: as many statements as Docket has, with the same balances", async () => {
    await sync();
    expect(await latestRun()).toMatchObject({ kind: "first", state: "done", reason: null });
    let count = 0;
    let balance = 0n;
    let cursor: string | undefined;
    do {
      const page = await withAccess(admin, admin.firmId, connectionId, (connector, access) =>
        connector.read(access, "statements", { cursor }),
      );
      count += page.items.length;
      for (const item of page.items) balance += item.balanceMinor;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(count).toBeGreaterThan(500);
    const [stored] = await inFirm(
      "select count(*)::int as count, sum(balance_minor)::bigint as balance from statement",
    );
    expect(stored).toEqual({ count, balance });
  });

  it("reads only what changed afterwards: an amount, a deletion", async () => {
    const changed = await openInvoice();
    await control("statements", { id: changed.external_id, balance: 1.23 });
    await sync();
    expect((await statement(changed.external_id))?.balance_minor).toBe(123n);
    const deleted = await openInvoice();
    await control("statements", { id: deleted.external_id, deleted: true });
    await sync();
    expect((await statement(deleted.external_id))?.deleted_at).not.toBeNull();
    expect(await latestRun()).toMatchObject({ kind: "incremental", records_changed: 1 });
  });

  it("hears of a change at once through a signed webhook", async () => {
    await subscribe(admin, key());
    const changed = await openInvoice();
    await control("statements", { id: changed.external_id, balance: 4.56 });
    const event = await until(
      "the webhook has come",
      async () =>
        (
          await inFirm<{ id: string }>(
            `select id from inbox_event where payload->>'externalId' = '${changed.external_id}'`,
          )
        )[0],
    );
    await applyHint(admin, { firmId: admin.firmId, inboxEventId: event.id });
    expect((await statement(changed.external_id))?.balance_minor).toBe(456n);
  });

  it("waits as long as Docket asks, and goes on", async () => {
    await control("faults", { kind: "rate_limit", path: "/api/v1/statements", retry_after: 40 });
    await sync();
    expect((await latestRun())?.state).toBe("running");
    const [job] = await inFirm<{ seconds: number }>(
      "select extract(epoch from held_until - now())::float as seconds from sync_run where state = 'running'",
    );
    expect(job?.seconds).toBeGreaterThan(30);
    await inFirm("update sync_run set held_until = now()");
    await sync();
    expect((await latestRun())?.state).toBe("done");
  });

  it("refreshes once for several that need it, and the rotated grant lives on", async () => {
    for (let round = 0; round < 2; round += 1) {
      await inFirm("update connection set token_expires_at = now() - interval '1 minute'");
      const reads = Array.from({ length: 5 }, () =>
        withAccess(admin, admin.firmId, connectionId, (connector, access) =>
          connector.read(access, "clients", {}),
        ),
      );
      expect((await Promise.all(reads)).every((page) => page.items.length > 0)).toBe(true);
    }
    expect(await connectionState()).toBe("authorized");
  });

  it("asks for a new authorization when Docket revoked the grant, and reads again after it", async () => {
    await control("faults", { kind: "revoke_grants" });
    await sync();
    expect(await connectionState()).toBe("needs_authorization");
    expect(await latestRun()).toMatchObject({ state: "failed" });
    expect(await authorize()).toMatchObject({ connectionId, isNew: false });
    await sync();
    expect(await latestRun()).toMatchObject({ state: "done" });
  });

  it("ends its subscription and its grant when it is disconnected", async () => {
    await subscribe(admin, key());
    await disconnectConnection(admin, connectionId);
    await endConnection(admin, key());
    const [row] = await inFirm("select access_token_sealed, webhook_external_id from connection");
    expect(row).toEqual({ access_token_sealed: null, webhook_external_id: null });
  });
});
