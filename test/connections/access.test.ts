import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { type Access, type Connector, ConnectorError } from "../../connectors/contract.ts";
import { withAccess } from "../../src/connections/access.ts";
import type { Context } from "../../src/context.ts";
import { openDatabase } from "../../src/db/open.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { useDatabase } from "../support/database.ts";
import { makeFirm, testContext } from "../support/world.ts";
import { connect, connectorsOf, makeReadingSystem, type ReadingSystem } from "./reading-system.ts";

const ENDED = new Date(Date.now() - 1000);

describe("access to a matter system", () => {
  const box = useDatabase();
  let system: ReadingSystem;
  let cx: Context;
  let firmId: string;

  beforeEach(async () => {
    system = makeReadingSystem();
    cx = testContext(box, { connectors: connectorsOf(system) });
    ({ firmId } = await makeFirm(cx));
  });

  const useToken = async (connector: Connector, access: Access) => {
    await connector.read(access, "clients", {});
    return access.accessToken;
  };
  const row = (connectionId: string) =>
    withFirm(cx.database, firmId, (tx) =>
      tx.selectFrom("connection").selectAll().where("id", "=", connectionId).executeTakeFirstOrThrow(),
    );
  const refreshes = () => system.calls.filter((call) => call.startsWith("refresh"));

  it("uses the stored token while it is good", async () => {
    const id = await connect(cx, firmId, system);
    expect(await withAccess(cx, firmId, id, useToken)).toBe("access-1");
    expect(refreshes()).toEqual([]);
  });

  it("refreshes a token that is about to end, and stores the new pair before it is used", async () => {
    const id = await connect(cx, firmId, system, new Date(Date.now() + 30_000));
    const sealed = (await row(id)).access_token_sealed;
    let sealedAtUse: string | null | undefined;
    const token = await withAccess(cx, firmId, id, async (_connector, access) => {
      sealedAtUse = (await row(id)).access_token_sealed;
      return access.accessToken;
    });
    expect(token).toBe("access-2");
    expect(sealedAtUse).not.toBe(sealed);
    expect(await row(id)).toMatchObject({ access_token_sealed: sealedAtUse, refresh_holder: null });
    expect(await withAccess(cx, firmId, id, useToken)).toBe("access-2");
    expect(refreshes()).toEqual(["refresh refresh-1"]);
  });

  it("refreshes once for many processes at once; the others wait and use what was stored", async () => {
    const id = await connect(cx, firmId, system, ENDED);
    const pools = [1, 2, 3].map(() => openDatabase({ url: box.url, size: 2, onError: () => undefined }));
    const tokens = await Promise.all(
      pools.flatMap((database) => [
        withAccess({ ...cx, database }, firmId, id, useToken),
        withAccess({ ...cx, database }, firmId, id, useToken),
      ]),
    );
    await Promise.all(pools.map((pool) => pool.close()));
    expect(new Set(tokens)).toEqual(new Set(["access-2"]));
    expect(refreshes()).toEqual(["refresh refresh-1"]);
  });

  it("takes over a refresh whose process is gone", async () => {
    const id = await connect(cx, firmId, system, ENDED);
    await withFirm(cx.database, firmId, (tx) =>
      sql`update connection set refresh_holder = gen_random_uuid(), refresh_held_until = now() - interval '1 second'`.execute(
        tx,
      ),
    );
    expect(await withAccess(cx, firmId, id, useToken)).toBe("access-2");
  });

  it("refreshes once when the vendor refuses a token early, and does the work again", async () => {
    const id = await connect(cx, firmId, system);
    system.accessToken = "changed at the vendor";
    expect(await withAccess(cx, firmId, id, useToken)).toBe("access-2");
    expect(refreshes()).toHaveLength(1);
  });

  it("marks the connection when the vendor refuses the new token too, on the record and in plain words", async () => {
    const id = await connect(cx, firmId, system);
    const refuse = () => Promise.reject(new ConnectorError("auth", "insufficient_scope"));
    await expect(withAccess(cx, firmId, id, refuse)).rejects.toMatchObject({ kind: "auth" });
    expect(await row(id)).toMatchObject({
      state: "needs_authorization",
      state_reason: "Docket no longer accepts our authorization. Authorize again.",
    });
    const audit = await withFirm(cx.database, firmId, (tx) =>
      tx
        .selectFrom("audit_event")
        .select(["action", "actor_kind", "before", "after"])
        .where("object_id", "=", id)
        .execute(),
    );
    expect(audit).toMatchObject([{ action: "connection.authorization_lost", actor_kind: "system" }]);
    expect(JSON.stringify(audit)).not.toMatch(/access-|refresh-/);
    await expect(withAccess(cx, firmId, id, useToken)).rejects.toMatchObject({ kind: "auth" });
  });

  it("marks the connection when the refresh token is no longer good", async () => {
    const id = await connect(cx, firmId, system, ENDED);
    system.refreshToken = "revoked";
    await expect(withAccess(cx, firmId, id, useToken)).rejects.toMatchObject({ kind: "auth" });
    expect((await row(id)).state).toBe("needs_authorization");
  });

  it("does not try a refresh again whose answer was lost: the firm authorises anew", async () => {
    const id = await connect(cx, firmId, system, ENDED);
    system.before = (call) => {
      if (call.startsWith("refresh")) throw new ConnectorError("unclear", "No answer.");
    };
    await expect(withAccess(cx, firmId, id, useToken)).rejects.toMatchObject({ kind: "auth" });
    expect(await row(id)).toMatchObject({
      state: "needs_authorization",
      state_reason: "The authorization at Docket was lost on its way. Authorize again.",
    });
    expect(refreshes()).toHaveLength(1);
  });

  it("lets the next one refresh when the vendor could not be reached", async () => {
    const id = await connect(cx, firmId, system, ENDED);
    system.before = (call) => {
      if (call.startsWith("refresh")) throw new ConnectorError("outage", "Docket cannot be reached.");
    };
    await expect(withAccess(cx, firmId, id, useToken)).rejects.toMatchObject({ kind: "outage" });
    expect(await row(id)).toMatchObject({
      state: "authorized",
      refresh_holder: null,
      refresh_held_until: null,
    });
    system.before = () => undefined;
    expect(await withAccess(cx, firmId, id, useToken)).toBe("access-2");
  });

  it("keeps a new authorization that came while the old one was refused", async () => {
    const id = await connect(cx, firmId, system);
    const { access_token_sealed: sealed } = await row(id);
    let calls = 0;
    const work = async () => {
      calls += 1;
      if (calls === 2) {
        await withFirm(cx.database, firmId, (tx) =>
          tx
            .updateTable("connection")
            .set({ access_token_sealed: `${sealed} anew` })
            .where("id", "=", id)
            .execute(),
        );
      }
      throw new ConnectorError("auth", "The token is not accepted.");
    };
    await expect(withAccess(cx, firmId, id, work)).rejects.toMatchObject({ kind: "auth" });
    expect((await row(id)).state).toBe("authorized");
  });

  it.each(["paused", "needs_authorization", "disconnected"] as const)(
    "refuses a connection that is %s",
    async (state) => {
      const id = await connect(cx, firmId, system);
      await withFirm(cx.database, firmId, (tx) =>
        tx.updateTable("connection").set({ state }).where("id", "=", id).execute(),
      );
      await expect(withAccess(cx, firmId, id, useToken)).rejects.toMatchObject({ kind: "auth" });
      expect(system.calls).toEqual([]);
    },
  );

  it("does not open another firm's connection", async () => {
    const id = await connect(cx, firmId, system);
    const other = await makeFirm(cx, "Other LLP");
    await expect(withAccess(cx, other.firmId, id, useToken)).rejects.toMatchObject({ kind: "auth" });
    expect(system.calls).toEqual([]);
  });
});
