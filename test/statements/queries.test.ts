import { beforeEach, describe, expect, it } from "vitest";
import type { Context } from "../../src/context.ts";
import { openDatabase } from "../../src/db/open.ts";
import { withFirm } from "../../src/db/tenant.ts";
import {
  findStatement,
  isOpen,
  listByNumber,
  listOpenOfMatter,
  listStatements,
  lockStatements,
} from "../../src/statements/queries.ts";
import { useDatabase } from "../support/database.ts";
import type { TestMatter } from "../support/matter-rows.ts";
import { makeFirm, makeMatter, testContext } from "../support/world.ts";

describe("statements for links, payments and postings", () => {
  const box = useDatabase();
  let cx: Context;
  let firmId: string;
  let matter: TestMatter;
  let ids: string[];

  beforeEach(async () => {
    cx = testContext(box);
    ({ firmId } = await makeFirm(cx));
    matter = await makeMatter(cx, firmId, [
      { balanceMinor: 300n, dueOn: "2026-12-01" },
      { balanceMinor: 100n, dueOn: "2026-10-01" },
    ]);
    ids = matter.statements.map((statement) => statement.id);
  });

  it("come with the names and ids that they are known by in the matter system", async () => {
    const found = await withFirm(cx.database, firmId, (tx) => findStatement(tx, firmId, ids[0] ?? ""));
    expect(found).toMatchObject({
      externalId: matter.statements[0]?.externalId,
      connectionId: matter.connectionId,
      matterExternalId: matter.matterExternalId,
      matterNumber: "10482-003",
      clientName: "Okafor Logistics, Inc.",
      balanceMinor: 300n,
      dueOn: "2026-12-01",
    });
    expect(found && isOpen(found)).toBe(true);
  });

  it("are listed open and oldest due first on a matter, and found by their number", async () => {
    const lists = await withFirm(cx.database, firmId, async (tx) => [
      (await listOpenOfMatter(tx, firmId, matter.matterId, 10)).map((item) => item.balanceMinor),
      (await listByNumber(tx, firmId, matter.statements[1]?.number ?? "", 10)).map(
        (item) => item.balanceMinor,
      ),
      (await listByNumber(tx, firmId, "no such number", 10)).map((item) => item.balanceMinor),
    ]);
    expect(lists).toEqual([[100n, 300n], [100n], []]);
  });

  it("are locked in the order of their ids, each once", async () => {
    const locked = await withFirm(cx.database, firmId, (tx) =>
      lockStatements(tx, firmId, [...ids, ...ids].reverse(), "update"),
    );
    expect(locked.map((item) => item.id)).toEqual(ids.toSorted());
  });

  it("are shared by many who only keep them as they are, and not with who changes them", async () => {
    const second = openDatabase({ url: box.url, size: 1, onError: () => undefined });
    const other = { ...cx, database: second };
    await withFirm(cx.database, firmId, async (tx) => {
      await lockStatements(tx, firmId, ids, "share");
      const shared = withFirm(other.database, firmId, (tx2) => lockStatements(tx2, firmId, ids, "share"));
      expect(await shared).toHaveLength(2);
      const changed = withFirm(other.database, firmId, (tx2) =>
        tx2.selectFrom("statement").select("id").where("id", "in", ids).forUpdate().skipLocked().execute(),
      );
      expect(await changed).toEqual([]);
    });
    await second.close();
  });

  it("are another firm's to nobody", async () => {
    const other = await makeFirm(cx, "Other LLP");
    const seen = await withFirm(cx.database, other.firmId, async (tx) => [
      await listStatements(tx, firmId, ids),
      await listStatements(tx, other.firmId, ids),
      await lockStatements(tx, other.firmId, ids, "update"),
    ]);
    expect(seen).toEqual([[], [], []]);
  });
});
