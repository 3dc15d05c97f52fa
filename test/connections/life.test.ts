import { beforeEach, describe, expect, it } from "vitest";
import { ConnectorError } from "../../connectors/contract.ts";
import {
  disconnectConnection,
  pauseConnection,
  resumeConnection,
} from "../../src/connections/change-state.ts";
import { choosePosting } from "../../src/connections/choose-posting.ts";
import { endConnection } from "../../src/connections/end.ts";
import { requestSync } from "../../src/connections/request-sync.ts";
import {
  afterMove,
  type ConnectionMove,
  type ConnectionState,
  canMove,
} from "../../src/connections/state.ts";
import { subscribe } from "../../src/connections/subscribe.ts";
import { syncAll } from "../../src/connections/sync-all.ts";
import type { MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import { makeFirm, makeMember, TEST_ORIGIN, testContext, waitingJobs } from "../support/world.ts";
import { connect, connectorsOf, makeReadingSystem, type ReadingSystem } from "./reading-system.ts";

const VERBS = {
  pause: pauseConnection,
  resume: resumeConnection,
  disconnect: disconnectConnection,
  sync: requestSync,
  posting: (cx: MemberContext, connectionId: string) =>
    choosePosting(cx, { connectionId, release: "manual", postedDate: "posting_date" }),
};

describe("the states of a connection", () => {
  it("moves only along its table", () => {
    const states: ConnectionState[] = ["authorized", "needs_authorization", "paused", "disconnected"];
    const moves: ConnectionMove[] = ["authorize", "lose", "pause", "resume", "disconnect"];
    const allowed = moves.map((move) => [move, states.filter((state) => canMove(state, move))]);
    expect(Object.fromEntries(allowed)).toEqual({
      authorize: states,
      lose: ["authorized"],
      pause: ["authorized"],
      resume: ["paused"],
      disconnect: ["authorized", "needs_authorization", "paused"],
    });
    expect(() => afterMove("disconnected", "pause")).toThrow("disconnected meanwhile");
  });
});

describe("the life of a connection", () => {
  const box = useDatabase();
  let system: ReadingSystem;
  let admin: MemberContext;
  let connectionId: string;
  let key: { firmId: string; connectionId: string };

  beforeEach(async () => {
    await asOwner(box, "delete from graphile_worker._private_jobs");
    system = makeReadingSystem();
    const cx = testContext(box, { connectors: connectorsOf(system) });
    const { firmId } = await makeFirm(cx);
    admin = await makeMember(cx, firmId, "admin");
    connectionId = await connect(cx, firmId, system);
    key = { firmId, connectionId };
  });

  const row = () =>
    withFirm(admin.database, admin.firmId, (tx) =>
      tx.selectFrom("connection").selectAll().where("id", "=", connectionId).executeTakeFirstOrThrow(),
    );

  it("is paused and resumed, and read again at once", async () => {
    await pauseConnection(admin, connectionId);
    expect((await row()).state).toBe("paused");
    await expect(requestSync(admin, connectionId)).rejects.toMatchObject({ code: "conflict" });
    await expect(pauseConnection(admin, connectionId)).rejects.toMatchObject({ code: "conflict" });
    await resumeConnection(admin, connectionId);
    expect((await row()).state).toBe("authorized");
    expect(await waitingJobs(box)).toEqual([{ name: "connections.sync", payload: key }]);
  });

  it("is read once however often somebody asks", async () => {
    const staff: MemberContext = { ...admin, actor: { ...admin.actor, role: "staff" } };
    await requestSync(staff, connectionId);
    await requestSync(staff, connectionId);
    expect(await waitingJobs(box)).toEqual([{ name: "connections.sync", payload: key }]);
  });

  it("takes the choice of how payments are written, and puts it on record", async () => {
    await choosePosting(admin, { connectionId, release: "manual", postedDate: "posting_date" });
    expect(await row()).toMatchObject({ posting_release: "manual", posted_date: "posting_date" });
    await expect(
      choosePosting(admin, { connectionId, release: "sometimes", postedDate: "posting_date" }),
    ).rejects.toMatchObject({ code: "invalid", fields: { release: "Choose when payments are written" } });
    const audit = await withFirm(admin.database, admin.firmId, (tx) =>
      tx.selectFrom("audit_event").select(["action", "before", "after"]).execute(),
    );
    expect(audit).toEqual([
      {
        action: "connection.posting_chosen",
        before: { release: "automatic", postedDate: "payment_date" },
        after: { release: "manual", postedDate: "posting_date" },
      },
    ]);
  });

  it.each(Object.entries(VERBS))("%s: another firm's connection is not there", async (_name, verb) => {
    const stranger = await makeMember(admin, (await makeFirm(admin, "Other LLP")).firmId, "admin");
    await expect(verb(stranger, connectionId)).rejects.toMatchObject({ code: "not_found" });
    await expect(verb(admin, "nonsense")).rejects.toMatchObject({ code: "not_found" });
  });

  it.each(["pause", "resume", "disconnect", "posting"] as const)(
    "%s: is for administrators",
    async (name) => {
      for (const role of ["staff", "bookkeeper"] as const) {
        const weaker: MemberContext = { ...admin, actor: { ...admin.actor, role } };
        await expect(VERBS[name](weaker, connectionId)).rejects.toMatchObject({ code: "forbidden" });
      }
    },
  );

  it("subscribes to changes once, however often the job runs", async () => {
    await subscribe(admin, key);
    await subscribe(admin, key);
    const { webhook_key: webhookKey, ...stored } = await row();
    expect([...system.subscriptions]).toEqual([["hook_1", `${TEST_ORIGIN}/hooks/connector/${webhookKey}`]]);
    expect(stored.webhook_external_id).toBe("hook_1");
    expect(stored.webhook_secret_sealed).not.toContain("secret of");
  });

  it("replaces the subscription when our address changes", async () => {
    await subscribe(admin, key);
    const moved = { ...admin, config: { ...admin.config, PUBLIC_ORIGIN: "https://pay.firm.example" } };
    await syncAll(moved);
    expect(await waitingJobs(box)).toContainEqual({ name: "connections.subscribe", payload: key });
    await subscribe(moved, key);
    const addresses = [...system.subscriptions.values()];
    expect(addresses).toEqual([`https://pay.firm.example/hooks/connector/${(await row()).webhook_key}`]);
  });

  it("lives without webhooks where the vendor refuses them, and tries again where it is down", async () => {
    system.before = () => {
      throw new ConnectorError("rejected", "Webhooks are not in your plan.");
    };
    await subscribe(admin, key);
    expect((await row()).webhook_external_id).toBeNull();
    system.before = () => {
      throw new ConnectorError("outage", "Docket cannot be reached.");
    };
    await expect(subscribe(admin, key)).rejects.toMatchObject({ kind: "outage" });
  });

  it("ends at the vendor when it is disconnected, forgets its secrets, and twice does no more", async () => {
    await subscribe(admin, key);
    await disconnectConnection(admin, connectionId);
    expect(await waitingJobs(box)).toEqual([{ name: "connections.end", payload: key }]);
    system.calls = [];
    await endConnection(admin, key);
    await endConnection(admin, key);
    expect(system.calls).toEqual(["unsubscribe hook_1", "revoke refresh-1"]);
    expect(await row()).toMatchObject({
      state: "disconnected",
      access_token_sealed: null,
      refresh_token_sealed: null,
      webhook_secret_sealed: null,
    });
  });

  it("keeps its secrets until the vendor could be told", async () => {
    await disconnectConnection(admin, connectionId);
    system.before = () => {
      throw new ConnectorError("outage", "Docket cannot be reached.");
    };
    await expect(endConnection(admin, key)).rejects.toMatchObject({ kind: "outage" });
    expect((await row()).refresh_token_sealed).not.toBeNull();
    system.before = () => {
      throw new ConnectorError("auth", "The grant is gone.");
    };
    await endConnection(admin, key);
    expect((await row()).refresh_token_sealed).toBeNull();
  });

  it("is left alone by the end of its former self when it was authorised again", async () => {
    await endConnection(admin, key);
    expect(system.calls).toEqual([]);
    expect((await row()).access_token_sealed).not.toBeNull();
  });

  it("is read by the clock, each authorised connection of each firm once", async () => {
    const other = await makeFirm(admin, "Other LLP");
    const foreignId = await connect(admin, other.firmId, system);
    system.accountId = "acc_2";
    const pausedId = await connect(admin, admin.firmId, system);
    await pauseConnection(admin, pausedId);
    await syncAll(admin);
    await syncAll(admin);
    const mine = (await waitingJobs(box)).filter(
      (job) => job.payload.firmId === admin.firmId || job.payload.firmId === other.firmId,
    );
    expect(mine.map((job) => job.payload.connectionId).sort()).toEqual([connectionId, foreignId].sort());
  });
});
