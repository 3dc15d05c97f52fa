import { Hono } from "hono";
import { beforeEach, describe, expect, it } from "vitest";
import { ConnectorError } from "../../connectors/contract.ts";
import { connectorHookRoutes } from "../../src/connections/hook-routes.ts";
import { subscribe } from "../../src/connections/subscribe.ts";
import type { Context } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { applyHint } from "../../src/statements/hint.ts";
import type { WebEnv } from "../../src/web/env.ts";
import {
  connect,
  connectorsOf,
  makeReadingSystem,
  type ReadingSystem,
} from "../connections/reading-system.ts";
import { clientRecord, matterRecord, statementRecord } from "../connections/records.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import { keepingLog, makeFirm, testContext, waitingJobs } from "../support/world.ts";

describe("a matter system's webhook", () => {
  const box = useDatabase();
  const log = keepingLog();
  let system: ReadingSystem;
  let cx: Context;
  let firmId: string;
  let connectionId: string;

  beforeEach(async () => {
    system = makeReadingSystem();
    system.clients = [clientRecord("c1")];
    system.matters = [matterRecord("m1", "c1")];
    system.statements = [statementRecord("s1", "m1")];
    cx = testContext(box, { connectors: connectorsOf(system), log });
    ({ firmId } = await makeFirm(cx));
    connectionId = await connect(cx, firmId, system);
    await subscribe(cx, { firmId, connectionId });
    await asOwner(box, "delete from graphile_worker._private_jobs");
  });

  const deliver = async (body: string, signature = "secret of hook_1", key = `key-${connectionId}`) => {
    const app = new Hono<WebEnv>();
    app.use(async (c, next) => {
      c.set("cx", cx);
      await next();
    });
    app.route("/", connectorHookRoutes);
    return await app.request(`/hooks/connector/${key}`, {
      method: "POST",
      body,
      headers: { "x-signature": signature },
    });
  };
  const receive = async (body: string) => {
    await deliver(body);
    const [job] = (await waitingJobs(box)).filter(({ name }) => name === "connections.onHint");
    return { firmId, inboxEventId: String(job?.payload.inboxEventId) };
  };
  const event = () =>
    withFirm(cx.database, firmId, (tx) => tx.selectFrom("inbox_event").selectAll().executeTakeFirstOrThrow());
  const statements = () =>
    withFirm(cx.database, firmId, (tx) => tx.selectFrom("statement").selectAll().execute());

  it("is kept once with the job that acts on it, however often it comes", async () => {
    const answer = await deliver("evt_1 statements s1");
    expect([answer.status, await answer.json()]).toEqual([200, { received: true }]);
    expect((await deliver("evt_1 statements s1")).status).toBe(200);
    expect((await waitingJobs(box)).map((job) => job.name)).toEqual(["connections.onHint"]);
    expect(await event()).toMatchObject({
      source: "connector",
      type: "statements.changed",
      account: "acc_1",
    });
  });

  it("is refused with a bad signature, with a message and a line in the log, and leaves nothing", async () => {
    const answer = await deliver("evt_1 statements s1", "forged");
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: "The webhook has a wrong signature." },
    ]);
    expect(log.lines.at(-1)).toContain("wrong signature");
    expect(await waitingJobs(box)).toEqual([]);
  });

  it("is refused at an address that names no connection, and after it was disconnected", async () => {
    expect((await deliver("evt_1 statements s1", "secret of hook_1", "unknown")).status).toBe(404);
    await withFirm(cx.database, firmId, (tx) =>
      tx.updateTable("connection").set({ state: "disconnected" }).execute(),
    );
    expect((await deliver("evt_1 statements s1")).status).toBe(404);
  });

  it("is confirmed but not kept when it is of a kind that nobody asked for", async () => {
    const answer = await deliver("evt_1 parties p1");
    expect([answer.status, await answer.json()]).toEqual([200, { received: false }]);
    expect(await waitingJobs(box)).toEqual([]);
  });

  it("has the one record read, with the parents that are not there yet; twice changes nothing", async () => {
    const target = await receive("evt_1 statements s1");
    await applyHint(cx, target);
    expect(system.calls.filter((call) => call.startsWith("read"))).toEqual([
      "readOne statements s1",
      "readOne matters m1",
      "readOne clients c1",
    ]);
    expect(await statements()).toMatchObject([{ external_id: "s1", balance_minor: 90_000n }]);
    expect(await event()).toMatchObject({ outcome: "changed" });
    expect((await waitingJobs(box)).map((job) => job.name)).toContain("postings.confirm");
    system.calls = [];
    await applyHint(cx, target);
    expect(system.calls).toEqual([]);
  });

  it("marks a record that is gone as deleted", async () => {
    await applyHint(cx, await receive("evt_1 statements s1"));
    system.statements = [];
    await asOwner(box, "delete from graphile_worker._private_jobs");
    await applyHint(cx, await receive("evt_2 statements s1"));
    expect((await statements())[0]?.deleted_at).not.toBeNull();
  });

  it("keeps the reason why a record cannot be read", async () => {
    system.unreadable.statements = [{ externalId: "s1", reason: "" }];
    await applyHint(cx, await receive("evt_1 statements s1"));
    expect(await event()).toMatchObject({ outcome: "unreadable" });
    const problems = await withFirm(cx.database, firmId, (tx) =>
      tx.selectFrom("sync_problem").selectAll().execute(),
    );
    expect(problems).toMatchObject([{ family: "statements", external_id: "s1" }]);
  });

  it("waits when the vendor asks to, and is tried again when it is down", async () => {
    const target = await receive("evt_1 statements s1");
    system.before = () => {
      throw new ConnectorError("rate", "Too many requests.", { retryAfterSeconds: 30 });
    };
    await applyHint(cx, target);
    expect((await waitingJobs(box)).filter((job) => job.name === "connections.onHint")).toHaveLength(2);
    system.before = () => {
      throw new ConnectorError("outage", "Docket cannot be reached.");
    };
    await expect(applyHint(cx, target)).rejects.toMatchObject({ kind: "outage" });
    expect((await event()).handled_at).toBeNull();
  });

  it("is left to the next sync while the connection is not authorised", async () => {
    const target = await receive("evt_1 statements s1");
    await withFirm(cx.database, firmId, (tx) =>
      tx.updateTable("connection").set({ state: "paused" }).execute(),
    );
    await applyHint(cx, target);
    expect(await event()).toMatchObject({ outcome: "left to the next sync" });
  });
});
