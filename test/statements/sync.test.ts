import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { ConnectorError } from "../../connectors/contract.ts";
import type { Context } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import type { JobFacts } from "../../src/queue/handler.ts";
import { syncConnection } from "../../src/statements/sync.ts";
import {
  clientRecord,
  connect,
  connectorsOf,
  makeReadingSystem,
  matterRecord,
  type ReadingSystem,
  statementRecord,
} from "../connections/reading-system.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import { makeFirm, testContext, waitingJobs } from "../support/world.ts";

const JOB = { attempt: 1, isLastAttempt: false, signal: undefined };
const LATER = new Date("2026-11-20T10:00:00Z");

describe("reading a connection", () => {
  const box = useDatabase();
  let system: ReadingSystem;
  let cx: Context;
  let firmId: string;
  let connectionId: string;

  beforeEach(async () => {
    await asOwner(box, "delete from graphile_worker._private_jobs");
    system = makeReadingSystem();
    system.clients = ["c1", "c2", "c3"].map((id) => clientRecord(id));
    system.matters = ["m1", "m2", "m3"].map((id, index) => matterRecord(id, `c${index + 1}`));
    system.statements = ["s1", "s2", "s3", "s4", "s5"].map((id, index) =>
      statementRecord(id, `m${(index % 3) + 1}`),
    );
    cx = testContext(box, { connectors: connectorsOf(system) });
    ({ firmId } = await makeFirm(cx));
    connectionId = await connect(cx, firmId, system);
  });

  const sync = (job: Partial<JobFacts> = {}) =>
    syncConnection(cx, { firmId, connectionId }, { ...JOB, ...job });
  const statements = () =>
    withFirm(cx.database, firmId, (tx) =>
      tx.selectFrom("statement").selectAll().where("firm_id", "=", firmId).orderBy("external_id").execute(),
    );
  const connection = () =>
    withFirm(cx.database, firmId, (tx) =>
      tx.selectFrom("connection").selectAll().where("id", "=", connectionId).executeTakeFirstOrThrow(),
    );
  const runs = () =>
    withFirm(cx.database, firmId, (tx) =>
      tx.selectFrom("sync_run").selectAll().where("firm_id", "=", firmId).orderBy("started_at").execute(),
    );
  const problems = () =>
    withFirm(cx.database, firmId, (tx) =>
      tx
        .selectFrom("sync_problem")
        .select(["family", "external_id", "reason"])
        .where("firm_id", "=", firmId)
        .execute(),
    );
  const inFirm = (text: string) => withFirm(cx.database, firmId, (tx) => sql.raw(text).execute(tx));
  const rowVersions = async () =>
    (
      await inFirm(
        `select id::text, xmin::text as version from statement union all select id::text, xmin::text from matter
         union all select id::text, xmin::text from client union all select id::text, xmin::text from payer order by 1`,
      )
    ).rows;
  const fail = (when: string, error: () => Error, times = 1) => {
    let left = times;
    system.before = (call) => {
      if (!call.startsWith(when) || left === 0) return;
      left -= 1;
      throw error();
    };
  };

  it("reads everything at first, page by page, with amounts exact and a text to search", async () => {
    system.statements[0] = statementRecord("s1", "m1", {
      totalMinor: 900_719_925_474_099_301n,
      dueOn: undefined,
    });
    await sync();
    const rows = await statements();
    expect(rows).toHaveLength(5);
    expect(rows[0]).toMatchObject({
      total_minor: 900_719_925_474_099_301n,
      balance_minor: 90_000n,
      due_on: null,
    });
    expect(rows[0]?.search_text).toBe("client c1 n-c1 m-m1 matter m1 s-s1 payer m1");
    expect((await connection()).last_synced_at).not.toBeNull();
    expect(await runs()).toMatchObject([
      { kind: "first", state: "done", records_read: 11, records_changed: 11, unreadable: 0 },
    ]);
    expect(await waitingJobs(box)).toEqual([{ name: "postings.confirm", payload: { firmId, connectionId } }]);
  });

  it("writes nothing when nothing changed", async () => {
    await sync();
    const before = await rowVersions();
    expect(before).toHaveLength(14);
    await inFirm("delete from sync_cursor");
    await sync();
    expect(await rowVersions()).toEqual(before);
    expect((await runs()).at(-1)).toMatchObject({
      kind: "incremental",
      records_read: 11,
      records_changed: 0,
    });
  });

  it("asks the next time only for what changed since a minute before this time", async () => {
    cx = { ...cx, now: () => LATER };
    await sync();
    system.calls = [];
    await sync();
    expect(system.calls).toEqual([
      "read clients - 2026-11-20T09:59:00.000Z",
      "read matters - 2026-11-20T09:59:00.000Z",
      "read statements - 2026-11-20T09:59:00.000Z",
    ]);
  });

  it("takes over changes, closed and deleted statements, and what comes back", async () => {
    await sync();
    system.statements = [
      statementRecord("s1", "m1", { changedAt: new Date(), balanceMinor: 12_345n }),
      statementRecord("s2", "m2", { changedAt: new Date(), state: "paid", balanceMinor: 0n }),
      statementRecord("s3", "m3", { changedAt: new Date(), deleted: true }),
    ];
    await sync();
    const [s1, s2, s3, s4] = await statements();
    expect(s1?.balance_minor).toBe(12_345n);
    expect(s2?.state).toBe("paid");
    expect(s3?.deleted_at).not.toBeNull();
    expect(s4?.deleted_at).toBeNull();
    system.statements = [statementRecord("s3", "m3", { changedAt: new Date(Date.now() + 1000) })];
    await sync();
    expect((await statements())[2]?.deleted_at).toBeNull();
  });

  it("does not let an older page overwrite what is newer", async () => {
    const now = new Date();
    system.statements = [statementRecord("s1", "m1", { changedAt: now, balanceMinor: 5n })];
    await sync();
    system.statements = [statementRecord("s1", "m1", { balanceMinor: 90_000n })];
    await inFirm("delete from sync_cursor");
    await sync();
    expect((await statements())[0]?.balance_minor).toBe(5n);
  });

  it("keeps the text to search right when a client, a matter or a payer changes its name", async () => {
    await sync();
    const changedAt = new Date();
    system.clients = [clientRecord("c1", { name: "ÉTOILE Shipping", changedAt })];
    system.matters = [
      matterRecord("m2", "c2", {
        changedAt,
        description: "Fleet",
        payers: [{ externalId: "other", name: "Accounts Payable", email: undefined, assigned: true }],
      }),
    ];
    system.statements = [];
    await sync();
    const rows = await statements();
    expect(rows[0]?.search_text).toBe("étoile shipping n-c1 m-m1 matter m1 s-s1 payer m1");
    expect(rows[1]?.search_text).toBe("client c2 n-c2 m-m2 fleet s-s2 accounts payable");
    expect(rows[2]?.search_text).toBe("client c3 n-c3 m-m3 matter m3 s-s3 payer m3");
  });

  it("goes on at the page where it was cut off", async () => {
    fail("read statements 2", () => new TypeError("the process was killed"));
    await expect(sync()).rejects.toThrow("killed");
    expect(await statements()).toHaveLength(2);
    system.calls = [];
    await sync();
    expect(system.calls.filter((call) => call.startsWith("read statements"))).toEqual([
      "read statements 2 -",
      "read statements 4 -",
    ]);
    expect(await statements()).toHaveLength(5);
    expect(await runs()).toMatchObject([{ state: "done", kind: "first" }]);
  });

  it("stores a page and its place together: what was killed between them is read again", async () => {
    await asOwner(
      box,
      "create function boom() returns trigger language plpgsql as $$ begin raise exception 'killed'; end $$",
    );
    await asOwner(
      box,
      "create trigger boom before insert on sync_cursor for each row when (new.family = 'statements') execute function boom()",
    );
    await expect(sync()).rejects.toThrow("killed");
    expect(await statements()).toHaveLength(0);
    await asOwner(box, "drop trigger boom on sync_cursor; drop function boom()");
    await sync();
    expect(await statements()).toHaveLength(5);
  });

  it("leaves a run alone that another process does, and comes back after it", async () => {
    await inFirm(
      `insert into sync_run (firm_id, id, connection_id, kind, state, holder, held_until)
       values ('${firmId}', gen_random_uuid(), '${connectionId}', 'first', 'running', gen_random_uuid(),
         now() + interval '1 minute')`,
    );
    await sync();
    expect(system.calls).toEqual([]);
    expect(await waitingJobs(box)).toEqual([{ name: "connections.sync", payload: { firmId, connectionId } }]);
  });

  it("takes over a run whose process is gone, and the process, if it lives after all, stores nothing more", async () => {
    let takenOver = false;
    system.before = async (call) => {
      if (call !== "read statements 2 -" || takenOver) return;
      takenOver = true;
      await inFirm("update sync_run set held_until = now() - interval '1 second'");
      await sync();
    };
    await sync();
    expect(await runs()).toMatchObject([{ state: "done", records_read: 11 }]);
    expect(await statements()).toHaveLength(5);
  });

  it("rests as long as the vendor asks, and goes on then", async () => {
    fail(
      "read statements 2",
      () => new ConnectorError("rate", "Too many requests.", { retryAfterSeconds: 30 }),
    );
    await sync();
    expect(await runs()).toMatchObject([{ state: "running", reason: "Too many requests." }]);
    const [job] = await asOwner<{ wait: number }>(
      box,
      "select extract(epoch from run_at - now())::float as wait from graphile_worker.jobs where task_identifier = 'connections.sync'",
    );
    expect(job?.wait).toBeGreaterThan(25);
    await sync();
    expect(await statements()).toHaveLength(2);
    await inFirm("update sync_run set held_until = now()");
    await sync();
    expect(await statements()).toHaveLength(5);
    expect(await runs()).toMatchObject([{ state: "done" }]);
  });

  it("has the queue try again when the vendor cannot be reached, and says so after the last try", async () => {
    fail("read matters", () => new ConnectorError("outage", "Docket cannot be reached."), 2);
    await expect(sync()).rejects.toThrow("cannot be reached");
    expect(await runs()).toMatchObject([{ state: "running", reason: "Docket cannot be reached." }]);
    await expect(sync({ isLastAttempt: true })).rejects.toThrow("cannot be reached");
    expect(await runs()).toMatchObject([{ state: "failed", reason: "Docket cannot be reached." }]);
    expect((await connection()).state).toBe("authorized");
  });

  it("asks for a new authorization when the grant was revoked, and reads nothing until then", async () => {
    fail("read", () => new ConnectorError("auth", "The token is not accepted."), 100);
    await sync();
    expect(await connection()).toMatchObject({
      state: "needs_authorization",
      state_reason: "Docket no longer accepts our authorization. Authorize again.",
    });
    expect(await runs()).toMatchObject([{ state: "failed" }]);
    system.calls = [];
    await sync();
    expect(system.calls).toEqual([]);
  });

  it("begins a pass anew when the vendor no longer knows the saved place", async () => {
    fail("read statements 2", () => new TypeError("killed"));
    await expect(sync()).rejects.toThrow("killed");
    fail("read statements 2", () => new ConnectorError("rejected", "Unknown cursor."));
    await sync();
    expect(await statements()).toHaveLength(5);
    expect(await runs()).toMatchObject([{ state: "done" }]);
  });

  it("keeps what it cannot read with the reason, and clears it when it can", async () => {
    system.unreadable.statements = [
      { externalId: "s2", reason: "balance: not a number" },
      { externalId: undefined, reason: "record: no id" },
    ];
    await sync();
    expect(await problems()).toEqual([
      { family: "statements", external_id: "s2", reason: "balance: not a number" },
      { family: "statements", external_id: "", reason: "record: no id" },
    ]);
    expect(await runs()).toMatchObject([{ state: "done", unreadable: 2 }]);
    system.unreadable.statements = [];
    system.statements = [statementRecord("s2", "m2", { changedAt: new Date() })];
    await sync();
    expect(await problems()).toEqual([]);
    expect(await statements()).toHaveLength(5);
  });

  it("reads a client or a matter first when it is not there yet", async () => {
    system.before = (call) => {
      if (call !== "read statements - -") return;
      system.clients.push(clientRecord("c9"));
      system.matters.push(matterRecord("m9", "c9"));
      system.statements.unshift(statementRecord("s9", "m9"));
    };
    await sync();
    expect(system.calls.filter((call) => call.startsWith("readOne"))).toEqual([
      "readOne matters m9",
      "readOne clients c9",
    ]);
    expect((await statements()).at(-1)?.search_text).toBe("client c9 n-c9 m-m9 matter m9 s-s9 payer m9");
  });

  it("names a statement whose matter cannot be had", async () => {
    system.statements.push(statementRecord("s9", "nowhere"));
    await sync();
    expect(await problems()).toEqual([
      { family: "statements", external_id: "s9", reason: "Its matter is not there." },
    ]);
    expect(await statements()).toHaveLength(5);
  });

  it("survives characters that the database cannot hold, and a record that comes twice on a page", async () => {
    system.statements = [statementRecord("s1", "m1"), statementRecord("s1", "m1", { number: "S\0 1\ud800" })];
    await sync();
    expect((await statements()).map((row) => row.number)).toEqual(["S 1\ufffd"]);
  });

  it("stops between pages when the runner must stop, and hands the rest back", async () => {
    const stop = new AbortController();
    system.before = (call) => {
      if (call.startsWith("read matters")) stop.abort();
    };
    await expect(sync({ signal: stop.signal })).rejects.toThrow();
    system.before = () => undefined;
    await sync();
    expect(await runs()).toMatchObject([{ state: "done" }]);
  });

  it("reads nothing of a paused connection", async () => {
    await inFirm("update connection set state = 'paused'");
    await sync();
    expect(system.calls).toEqual([]);
  });

  it("loads thousands of statements in pages of hundreds", async () => {
    system.pageSize = 500;
    system.statements = Array.from({ length: 3000 }, (_, index) =>
      statementRecord(`s${index}`, `m${(index % 3) + 1}`),
    );
    await sync();
    expect(await statements()).toHaveLength(3000);
    expect(system.calls).toHaveLength(8);
  });
});
