import { describe, expect, it } from "vitest";
import { clientRecord, matterRecord, statementRecord } from "../connections/records.ts";
import { waitingJobs } from "../support/world.ts";
import { useSyncDesk } from "./sync-desk.ts";

const LATER = new Date("2026-11-20T10:00:00Z");

describe("reading a connection", () => {
  const desk = useSyncDesk();

  it("reads everything at first, page by page, with amounts exact and a text to search", async () => {
    desk.system.statements[0] = statementRecord("s1", "m1", {
      totalMinor: 900_719_925_474_099_301n,
      dueOn: undefined,
    });
    await desk.sync();
    const rows = await desk.statements();
    expect(rows).toHaveLength(5);
    expect(rows[0]).toMatchObject({
      total_minor: 900_719_925_474_099_301n,
      balance_minor: 90_000n,
      due_on: null,
    });
    expect(rows[0]?.search_text).toBe("client c1 n-c1 m-m1 matter m1 s-s1 payer m1");
    expect((await desk.connection()).last_synced_at).not.toBeNull();
    expect(await desk.runs()).toMatchObject([
      { kind: "first", state: "done", records_read: 11, records_changed: 11, unreadable: 0 },
    ]);
    expect(await waitingJobs(desk.box)).toEqual([{ name: "postings.confirm", payload: desk.key() }]);
  });

  it("writes nothing when nothing changed", async () => {
    await desk.sync();
    const before = await desk.rowVersions();
    expect(before).toHaveLength(14);
    await desk.inFirm("delete from sync_cursor");
    await desk.sync();
    expect(await desk.rowVersions()).toEqual(before);
    expect((await desk.runs()).at(-1)).toMatchObject({
      kind: "incremental",
      records_read: 11,
      records_changed: 0,
    });
  });

  it("asks the next time only for what changed since a minute before this time", async () => {
    desk.cx = { ...desk.cx, now: () => LATER };
    await desk.sync();
    desk.system.calls = [];
    await desk.sync();
    expect(desk.system.calls).toEqual([
      "read clients - 2026-11-20T09:59:00.000Z",
      "read matters - 2026-11-20T09:59:00.000Z",
      "read statements - 2026-11-20T09:59:00.000Z",
    ]);
  });

  it("takes over changes, closed and deleted statements, and what comes back", async () => {
    await desk.sync();
    desk.system.statements = [
      statementRecord("s1", "m1", { changedAt: new Date(), balanceMinor: 12_345n }),
      statementRecord("s2", "m2", { changedAt: new Date(), state: "paid", balanceMinor: 0n }),
      statementRecord("s3", "m3", { changedAt: new Date(), deleted: true }),
    ];
    await desk.sync();
    const [s1, s2, s3, s4] = await desk.statements();
    expect(s1?.balance_minor).toBe(12_345n);
    expect(s2?.state).toBe("paid");
    expect(s3?.deleted_at).not.toBeNull();
    expect(s4?.deleted_at).toBeNull();
    desk.system.statements = [statementRecord("s3", "m3", { changedAt: new Date(Date.now() + 1000) })];
    await desk.sync();
    expect((await desk.statements())[2]?.deleted_at).toBeNull();
  });

  it("does not let an older page overwrite what is newer", async () => {
    const now = new Date();
    desk.system.statements = [statementRecord("s1", "m1", { changedAt: now, balanceMinor: 5n })];
    await desk.sync();
    desk.system.statements = [statementRecord("s1", "m1", { balanceMinor: 90_000n })];
    await desk.inFirm("delete from sync_cursor");
    await desk.sync();
    expect((await desk.statements())[0]?.balance_minor).toBe(5n);
  });

  it("keeps the text to search right when a client, a matter or a payer changes its name", async () => {
    await desk.sync();
    const changedAt = new Date();
    desk.system.clients = [clientRecord("c1", { name: "ÉTOILE Shipping", changedAt })];
    desk.system.matters = [
      matterRecord("m2", "c2", {
        changedAt,
        description: "Fleet",
        payers: [{ externalId: "other", name: "Accounts Payable", email: undefined, assigned: true }],
      }),
    ];
    desk.system.statements = [];
    await desk.sync();
    const rows = await desk.statements();
    expect(rows[0]?.search_text).toBe("étoile shipping n-c1 m-m1 matter m1 s-s1 payer m1");
    expect(rows[1]?.search_text).toBe("client c2 n-c2 m-m2 fleet s-s2 accounts payable");
    expect(rows[2]?.search_text).toBe("client c3 n-c3 m-m3 matter m3 s-s3 payer m3");
  });

  it("keeps what it cannot read with the reason, and clears it when it can", async () => {
    desk.system.unreadable.statements = [
      { externalId: "s2", reason: "balance: not a number" },
      { externalId: undefined, reason: "record: no id" },
    ];
    await desk.sync();
    expect(await desk.problems()).toEqual([
      { family: "statements", external_id: "s2", reason: "balance: not a number" },
      { family: "statements", external_id: "", reason: "record: no id" },
    ]);
    expect(await desk.runs()).toMatchObject([{ state: "done", unreadable: 2 }]);
    desk.system.unreadable.statements = [];
    desk.system.statements = [statementRecord("s2", "m2", { changedAt: new Date() })];
    await desk.sync();
    expect(await desk.problems()).toEqual([]);
    expect(await desk.statements()).toHaveLength(5);
  });

  it("reads a client or a matter first when it is not there yet", async () => {
    desk.system.before = (call) => {
      if (call !== "read statements - -") return;
      desk.system.clients.push(clientRecord("c9"));
      desk.system.matters.push(matterRecord("m9", "c9"));
      desk.system.statements.unshift(statementRecord("s9", "m9"));
    };
    await desk.sync();
    expect(desk.system.calls.filter((call) => call.startsWith("readOne"))).toEqual([
      "readOne matters m9",
      "readOne clients c9",
    ]);
    expect((await desk.statements()).at(-1)?.search_text).toBe("client c9 n-c9 m-m9 matter m9 s-s9 payer m9");
  });

  it("names a statement whose matter cannot be had", async () => {
    desk.system.statements.push(statementRecord("s9", "nowhere"));
    await desk.sync();
    expect(await desk.problems()).toEqual([
      { family: "statements", external_id: "s9", reason: "Its matter is not there." },
    ]);
    expect(await desk.statements()).toHaveLength(5);
  });

  it("survives characters that the database cannot hold, and a record that comes twice on a page", async () => {
    desk.system.statements = [
      statementRecord("s1", "m1"),
      statementRecord("s1", "m1", { number: "S\0 1\ud800" }),
    ];
    await desk.sync();
    expect((await desk.statements()).map((row) => row.number)).toEqual(["S 1\ufffd"]);
  });

  it("loads thousands of statements in pages of hundreds", async () => {
    desk.system.pageSize = 500;
    desk.system.statements = Array.from({ length: 3000 }, (_, index) =>
      statementRecord(`s${index}`, `m${(index % 3) + 1}`),
    );
    await desk.sync();
    expect(await desk.statements()).toHaveLength(3000);
    expect(desk.system.calls).toHaveLength(8);
  });
});
