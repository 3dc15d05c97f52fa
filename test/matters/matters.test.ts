import { beforeEach, describe, expect, it } from "vitest";
import type { Context } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { findMatter, findMatterByExternalId, listPayers } from "../../src/matters/queries.ts";
import {
  listUnknownClients,
  listUnknownMatters,
  storeClients,
  storeMatters,
} from "../../src/matters/store.ts";
import { clientRecord, matterRecord } from "../connections/records.ts";
import { useDatabase } from "../support/database.ts";
import { makeFirm, makeMatter, testContext } from "../support/world.ts";

const NOW = new Date("2026-11-20T10:00:00Z");

describe("matters", () => {
  const box = useDatabase();
  let cx: Context;
  let firmId: string;
  let key: { firmId: string; connectionId: string };

  beforeEach(async () => {
    cx = testContext(box);
    ({ firmId } = await makeFirm(cx));
    const { connectionId } = await makeMatter(cx, firmId, []);
    key = { firmId, connectionId };
    await withFirm(cx.database, firmId, (tx) => storeClients(tx, key, [clientRecord("c1")], NOW));
  });

  const store = (...records: ReturnType<typeof matterRecord>[]) =>
    withFirm(cx.database, firmId, (tx) => storeMatters(tx, key, records, NOW));
  const find = (externalId: string) =>
    withFirm(cx.database, firmId, (tx) => findMatterByExternalId(tx, firmId, key.connectionId, externalId));

  it("are found by the matter system's id, with client and trust balance", async () => {
    await store(matterRecord("m1", "c1"));
    const matter = await find("m1");
    expect(matter).toMatchObject({
      number: "M-m1",
      clientName: "Client c1",
      trustBalanceMinor: 184_000n,
      isOpen: true,
    });
    expect(await withFirm(cx.database, firmId, (tx) => findMatter(tx, firmId, matter?.id ?? ""))).toEqual(
      matter,
    );
  });

  it("are not found by another firm, nor once they are deleted", async () => {
    await store(matterRecord("m1", "c1"));
    const other = await makeFirm(cx, "Other LLP");
    const seen = await withFirm(cx.database, other.firmId, (tx) =>
      findMatterByExternalId(tx, firmId, key.connectionId, "m1"),
    );
    expect(seen).toBeUndefined();
    expect(await store(matterRecord("m1", "c1", { deleted: true }))).toEqual({ changedIds: [], deleted: 1 });
    expect(await find("m1")).toBeUndefined();
  });

  it("have exactly the payers that were read last, the assigned one first", async () => {
    const payer = (externalId: string, name: string, assigned: boolean) => ({
      externalId,
      name,
      email: undefined,
      assigned,
    });
    await store(matterRecord("m1", "c1", { payers: [payer("p1", "Ann", true), payer("p2", "Ben", false)] }));
    const changed = { changedAt: NOW, payers: [payer("p2", "Ben", true), payer("p3", "Abe", false)] };
    await store(matterRecord("m1", "c1", changed));
    const matter = await find("m1");
    const payers = await withFirm(cx.database, firmId, (tx) => listPayers(tx, firmId, [matter?.id ?? ""]));
    expect(payers.map((each) => [each.name, each.is_assigned])).toEqual([
      ["Ben", true],
      ["Abe", false],
    ]);
  });

  it("say which of their clients, and which matters, were not read yet", async () => {
    await store(matterRecord("m1", "c1"));
    const unknown = await withFirm(cx.database, firmId, async (tx) => [
      await listUnknownClients(tx, key, [
        matterRecord("m1", "c1"),
        matterRecord("m2", "c2"),
        matterRecord("m3", "c2"),
      ]),
      await listUnknownMatters(tx, key, ["m1", "m2", "m2"]),
    ]);
    expect(unknown).toEqual([["c2"], ["m2"]]);
  });
});
