import { describe, expect, it } from "vitest";
import { ConnectorError } from "../../connectors/contract.ts";
import { asOwner } from "../support/database.ts";
import { waitingJobs } from "../support/world.ts";
import { useSyncDesk } from "./sync-desk.ts";

describe("reading a connection when something goes wrong", () => {
  const desk = useSyncDesk();

  it("goes on at the page where it was cut off", async () => {
    desk.fail("read statements 2", () => new TypeError("the process was killed"));
    await expect(desk.sync()).rejects.toThrow("killed");
    expect(await desk.statements()).toHaveLength(2);
    desk.system.calls = [];
    await desk.sync();
    expect(desk.system.calls.filter((call) => call.startsWith("read statements"))).toEqual([
      "read statements 2 -",
      "read statements 4 -",
    ]);
    expect(await desk.statements()).toHaveLength(5);
    expect(await desk.runs()).toMatchObject([{ state: "done", kind: "first" }]);
  });

  it("stores a page and its place together: what was killed between them is read again", async () => {
    await asOwner(
      desk.box,
      "create function boom() returns trigger language plpgsql as $$ begin raise exception 'killed'; end $$",
    );
    await asOwner(
      desk.box,
      "create trigger boom before insert on sync_cursor for each row when (new.family = 'statements') execute function boom()",
    );
    await expect(desk.sync()).rejects.toThrow("killed");
    expect(await desk.statements()).toHaveLength(0);
    await asOwner(desk.box, "drop trigger boom on sync_cursor; drop function boom()");
    await desk.sync();
    expect(await desk.statements()).toHaveLength(5);
  });

  it("leaves a run alone that another process does, and comes back after it", async () => {
    await desk.inFirm(
      `insert into sync_run (firm_id, id, connection_id, kind, state, holder, held_until)
       values ('${desk.firmId}', gen_random_uuid(), '${desk.connectionId}', 'first', 'running', gen_random_uuid(),
         now() + interval '1 minute')`,
    );
    await desk.sync();
    expect(desk.system.calls).toEqual([]);
    expect(await waitingJobs(desk.box)).toEqual([{ name: "connections.sync", payload: desk.key() }]);
  });

  it("takes over a run whose process is gone, and the process, if it lives after all, stores nothing more", async () => {
    let takenOver = false;
    desk.system.before = async (call) => {
      if (call !== "read statements 2 -" || takenOver) return;
      takenOver = true;
      await desk.inFirm("update sync_run set held_until = now() - interval '1 second'");
      await desk.sync();
    };
    await desk.sync();
    expect(await desk.runs()).toMatchObject([{ state: "done", records_read: 11 }]);
    expect(await desk.statements()).toHaveLength(5);
  });

  it("rests as long as the vendor asks, and goes on then", async () => {
    desk.fail(
      "read statements 2",
      () => new ConnectorError("rate", "Too many requests.", { retryAfterSeconds: 30 }),
    );
    await desk.sync();
    expect(await desk.runs()).toMatchObject([{ state: "running", reason: "Too many requests." }]);
    const [job] = await asOwner<{ wait: number }>(
      desk.box,
      "select extract(epoch from run_at - now())::float as wait from graphile_worker.jobs where task_identifier = 'connections.sync'",
    );
    expect(job?.wait).toBeGreaterThan(25);
    await desk.sync();
    expect(await desk.statements()).toHaveLength(2);
    await desk.inFirm("update sync_run set held_until = now()");
    await desk.sync();
    expect(await desk.statements()).toHaveLength(5);
    expect(await desk.runs()).toMatchObject([{ state: "done" }]);
  });

  it("has the queue try again when the vendor cannot be reached, and says so after the last try", async () => {
    desk.fail("read matters", () => new ConnectorError("outage", "Docket cannot be reached."), 2);
    await expect(desk.sync()).rejects.toThrow("cannot be reached");
    expect(await desk.runs()).toMatchObject([{ state: "running", reason: "Docket cannot be reached." }]);
    await expect(desk.sync({ isLastAttempt: true })).rejects.toThrow("cannot be reached");
    expect(await desk.runs()).toMatchObject([{ state: "failed", reason: "Docket cannot be reached." }]);
    expect((await desk.connection()).state).toBe("authorized");
  });

  it("asks for a new authorization when the grant was revoked, and reads nothing until then", async () => {
    desk.fail("read", () => new ConnectorError("auth", "The token is not accepted."), 100);
    await desk.sync();
    expect(await desk.connection()).toMatchObject({
      state: "needs_authorization",
      state_reason: "Docket no longer accepts our authorization. Authorize again.",
    });
    expect(await desk.runs()).toMatchObject([{ state: "failed" }]);
    desk.system.calls = [];
    await desk.sync();
    expect(desk.system.calls).toEqual([]);
  });

  it("begins a pass anew when the vendor no longer knows the saved place", async () => {
    desk.fail("read statements 2", () => new TypeError("killed"));
    await expect(desk.sync()).rejects.toThrow("killed");
    desk.fail("read statements 2", () => new ConnectorError("rejected", "Unknown cursor."));
    await desk.sync();
    expect(await desk.statements()).toHaveLength(5);
    expect(await desk.runs()).toMatchObject([{ state: "done" }]);
  });

  it("stops between pages when the runner must stop, and hands the rest back", async () => {
    const stop = new AbortController();
    desk.system.before = (call) => {
      if (call.startsWith("read matters")) stop.abort();
    };
    await expect(desk.sync({ signal: stop.signal })).rejects.toThrow();
    desk.system.before = () => undefined;
    await desk.sync();
    expect(await desk.runs()).toMatchObject([{ state: "done" }]);
  });

  it("reads nothing of a paused connection", async () => {
    await desk.inFirm("update connection set state = 'paused'");
    await desk.sync();
    expect(desk.system.calls).toEqual([]);
  });
});
