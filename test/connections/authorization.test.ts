import { beforeEach, describe, expect, it } from "vitest";
import { beginAuthorization } from "../../src/connections/begin-authorization.ts";
import { finishAuthorization } from "../../src/connections/finish-authorization.ts";
import type { MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import { makeFirm, makeMember, TEST_ORIGIN, testContext, waitingJobs } from "../support/world.ts";
import { connect, connectorsOf, makeReadingSystem, type ReadingSystem } from "./reading-system.ts";

describe("authorising a connection", () => {
  const box = useDatabase();
  let system: ReadingSystem;
  let admin: MemberContext;

  beforeEach(async () => {
    await asOwner(box, "delete from graphile_worker._private_jobs");
    system = makeReadingSystem();
    const cx = testContext(box, { connectors: connectorsOf(system) });
    admin = await makeMember(cx, (await makeFirm(cx)).firmId, "admin");
  });

  const begin = async (connectionId?: string) => {
    const { url, browserSecret } = await beginAuthorization(admin, { connector: "docket", connectionId });
    return { state: new URL(url).searchParams.get("state") ?? "", browserSecret };
  };
  const finish = (trip: { state: string; browserSecret: string | undefined }, as = admin, query = "code=1") =>
    finishAuthorization(as, {
      connector: "docket",
      callbackUrl: `${TEST_ORIGIN}/connections/callback/docket?state=${trip.state}&${query}`,
      browserSecret: trip.browserSecret,
    });
  const rows = () =>
    withFirm(admin.database, admin.firmId, (tx) =>
      tx
        .selectFrom("connection")
        .selectAll()
        .where("firm_id", "=", admin.firmId)
        .orderBy("created_at")
        .execute(),
    );
  const trades = () => system.calls.filter((call) => call.startsWith("finishAuthorization"));

  it("stores the grant sealed, with the system's own origin, and begins to read and to listen", async () => {
    const done = await finish(await begin());
    expect(done).toMatchObject({ accountName: "Firm acc_1", isNew: true });
    const [row] = await rows();
    expect(row).toMatchObject({
      id: done.connectionId,
      state: "authorized",
      external_account_id: "acc_1",
      web_origin: "https://web.reading.example",
      authorized_by: admin.actor.id,
    });
    expect(JSON.stringify(row)).not.toMatch(/access-2|refresh-2/);
    expect(trades()).toEqual(["finishAuthorization verifier-1"]);
    const payload = { firmId: admin.firmId, connectionId: done.connectionId };
    expect(await waitingJobs(box)).toEqual([
      { name: "connections.sync", payload },
      { name: "connections.subscribe", payload },
      { name: "postings.sweepAll", payload: {} },
    ]);
    const audit = await withFirm(admin.database, admin.firmId, (tx) =>
      tx.selectFrom("audit_event").select(["action", "actor_id"]).execute(),
    );
    expect(audit).toEqual([{ action: "connection.authorized", actor_id: admin.actor.id }]);
  });

  it("keeps neither state nor verifier nor browser secret readable", async () => {
    const trip = await begin();
    const [row] = await asOwner(box, "select * from authorization_state where firm_id = $1", [admin.firmId]);
    expect(JSON.stringify(row)).not.toContain(trip.state);
    expect(JSON.stringify(row)).not.toContain(trip.browserSecret);
    expect(JSON.stringify(row)).not.toContain("verifier-1");
  });

  it("takes an answer once", async () => {
    const trip = await begin();
    const answers = await Promise.allSettled([finish(trip), finish(trip), finish(trip)]);
    expect(answers.filter((answer) => answer.status === "fulfilled")).toHaveLength(1);
    await expect(finish(trip)).rejects.toMatchObject({ code: "conflict" });
    expect(trades()).toHaveLength(1);
  });

  it("refuses an answer that was not begun here, in this browser, by this member, in this firm", async () => {
    const trip = await begin();
    const colleague = await makeMember(admin, admin.firmId, "admin");
    const stranger = await makeMember(admin, (await makeFirm(admin, "Other LLP")).firmId, "admin");
    await expect(finish({ ...trip, state: "forged" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(finish({ ...trip, browserSecret: undefined })).rejects.toMatchObject({ code: "forbidden" });
    await expect(finish({ ...trip, browserSecret: "other" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(finish(trip, colleague)).rejects.toMatchObject({ code: "forbidden" });
    await expect(finish(trip, stranger)).rejects.toMatchObject({ code: "forbidden" });
    expect(trades()).toEqual([]);
    await expect(finish(trip)).resolves.toMatchObject({ isNew: true });
  });

  it("refuses an answer that comes too late", async () => {
    const trip = await begin();
    const later = { ...admin, now: () => new Date(Date.now() + 601_000) };
    await expect(finish(trip, later)).rejects.toMatchObject({ code: "expired" });
    expect(trades()).toEqual([]);
  });

  it("says that access was declined", async () => {
    await expect(finish(await begin(), admin, "error=access_denied")).rejects.toThrow(
      "Access was declined at Docket",
    );
    expect(await rows()).toEqual([]);
  });

  it("renews the connection that there is to the same account, and replaces its grant", async () => {
    const connectionId = await connect(admin, admin.firmId, system);
    await withFirm(admin.database, admin.firmId, (tx) =>
      tx
        .updateTable("connection")
        .set({ state: "needs_authorization", state_reason: "Docket no longer accepts our authorization." })
        .where("id", "=", connectionId)
        .execute(),
    );
    const [before] = await rows();
    expect(await finish(await begin())).toMatchObject({ connectionId, isNew: false });
    const [after, ...others] = await rows();
    expect(others).toEqual([]);
    expect(after).toMatchObject({ state: "authorized", state_reason: null });
    expect(after?.access_token_sealed).not.toBe(before?.access_token_sealed);
  });

  it("renews the account's own connection when another was meant, and no other changes", async () => {
    const meant = await connect(admin, admin.firmId, system);
    system.accountId = "acc_2";
    const present = await connect(admin, admin.firmId, system);
    expect(await finish(await begin(meant))).toMatchObject({ connectionId: present, isNew: false });
  });

  it("refuses an account that is not the one to renew, ends the new grant and changes nothing", async () => {
    const meant = await connect(admin, admin.firmId, system);
    const before = await rows();
    system.accountId = "acc_2";
    await expect(finish(await begin(meant))).rejects.toThrow(
      "Firm acc_2 at Docket, which is another account",
    );
    expect(await rows()).toEqual(before);
    expect(system.calls.at(-1)).toBe("revoke refresh-2");
  });

  it("lets only administrators begin and finish", async () => {
    const trip = await begin();
    for (const role of ["staff", "bookkeeper"] as const) {
      const weaker: MemberContext = { ...admin, actor: { ...admin.actor, role } };
      await expect(beginAuthorization(weaker, { connector: "docket" })).rejects.toMatchObject({
        code: "forbidden",
      });
      await expect(finish(trip, weaker)).rejects.toMatchObject({ code: "forbidden" });
    }
  });

  it("does not renew another firm's connection, nor one of a system that is not there", async () => {
    const other = await makeFirm(admin, "Other LLP");
    const foreign = await connect(admin, other.firmId, system);
    await expect(begin(foreign)).rejects.toMatchObject({ code: "not_found" });
    await expect(begin("nonsense")).rejects.toMatchObject({ code: "not_found" });
    await expect(beginAuthorization(admin, { connector: "unknown" })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});
