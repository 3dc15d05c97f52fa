import { sql } from "kysely";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { type Database, openDatabase } from "../../src/db/open.ts";
import { enterFirm, withFirm } from "../../src/db/tenant.ts";
import { type Tx, transact } from "../../src/db/tx.ts";
import { useDatabase } from "../support/database.ts";
import { makeFirm, makeMatter, makeMember, testContext } from "../support/world.ts";

const currentFirm = async (tx: Tx) =>
  (await sql<{ firm: string | null }>`select current_firm() as firm`.execute(tx)).rows[0]?.firm;
const TABLES = [
  "firm",
  "firm_settings",
  "member",
  "merchant_account",
  "connection",
  "client",
  "matter",
  "payer",
  "statement",
] as const;

describe("withFirm", () => {
  const box = useDatabase();

  it("shows one firm's rows and none of another's, and none at all without a firm", async () => {
    const cx = testContext(box);
    const [ours, theirs] = [await makeFirm(cx), await makeFirm(cx)];
    for (const { firmId } of [ours, theirs]) {
      await makeMember(cx, firmId, "admin");
      await makeMatter(cx, firmId, [{ balanceMinor: 100n }]);
    }
    for (const table of TABLES) {
      const column = table === "firm" ? "id" : "firm_id";
      const firms = (tx: Tx) =>
        sql<{ firm: string }>`select distinct ${sql.ref(column)} as firm from ${sql.table(table)}`.execute(
          tx,
        );
      const seen = await withFirm(cx.database, ours.firmId, firms);
      expect(seen.rows, table).toEqual([{ firm: ours.firmId }]);
      expect((await transact(cx.database, firms)).rows, table).toEqual([]);
    }
  });

  it("refuses a row that is written for another firm, and finds none to change or delete there", async () => {
    const cx = testContext(box);
    const [ours, theirs] = [await makeFirm(cx), await makeFirm(cx)];
    const member = await makeMember(cx, theirs.firmId, "admin");
    const row = {
      firm_id: theirs.firmId,
      id: newId(),
      person_id: member.actor.personId,
      role: "admin",
      state: "active",
    } as const;
    await expect(
      withFirm(cx.database, ours.firmId, (tx) => tx.insertInto("member").values(row).execute()),
    ).rejects.toThrow(/row-level security/);
    await expect(
      transact(cx.database, (tx) => tx.insertInto("member").values(row).execute()),
    ).rejects.toThrow(/row-level security/);
    const [changed, deleted] = await withFirm(cx.database, ours.firmId, async (tx) => [
      await tx
        .updateTable("member")
        .set({ role: "staff" })
        .where("firm_id", "=", theirs.firmId)
        .executeTakeFirst(),
      await tx.deleteFrom("member").where("id", "=", member.actor.id).executeTakeFirst(),
    ]);
    expect(changed.numUpdatedRows).toBe(0n);
    expect(deleted.numDeletedRows).toBe(0n);
    const mine = await makeMember(cx, ours.firmId, "staff");
    await expect(
      withFirm(cx.database, ours.firmId, (tx) =>
        tx.updateTable("member").set({ firm_id: theirs.firmId }).where("id", "=", mine.actor.id).execute(),
      ),
    ).rejects.toThrow(/row-level security/);
  });

  it("refuses to tie a row to another firm's", async () => {
    const cx = testContext(box);
    const [ours, theirs] = [await makeFirm(cx), await makeFirm(cx)];
    const { matterId } = await makeMatter(cx, theirs.firmId, []);
    const payer = {
      firm_id: ours.firmId,
      id: newId(),
      matter_id: matterId,
      external_id: "x",
      name: "X",
      is_assigned: true,
    };
    await expect(
      withFirm(cx.database, ours.firmId, (tx) => tx.insertInto("payer").values(payer).execute()),
    ).rejects.toMatchObject({ code: "23503" });
  });

  it("leaves no firm behind on a connection, after a commit, a rollback and a broken statement", async () => {
    const cx = testContext(box);
    const { firmId } = await makeFirm(cx);
    await withFirm(cx.database, firmId, async (tx) => expect(await currentFirm(tx)).toBe(firmId));
    await expect(
      withFirm(cx.database, firmId, () => Promise.reject(new Error("changed its mind"))),
    ).rejects.toThrow("changed its mind");
    await expect(withFirm(cx.database, firmId, (tx) => sql`select 1 / 0`.execute(tx))).rejects.toThrow(
      /division/,
    );
    for (let count = 0; count < 12; count++) expect(await transact(cx.database, currentFirm)).toBeNull();
  });

  it("keeps two hundred mixed transactions apart on a pool of two", async () => {
    const cx = testContext(box);
    const firms = await Promise.all([makeFirm(cx), makeFirm(cx), makeFirm(cx)]);
    const narrow: Database = openDatabase({ url: box.url, size: 2, onError: () => undefined });
    try {
      const works = Array.from({ length: 200 }, async (_, index) => {
        const firm = firms[index % 4];
        if (!firm) return expect(await transact(narrow, currentFirm)).toBeNull();
        const work = withFirm(narrow, firm.firmId, async (tx) => {
          const { rows } = await sql<{ id: string }>`select id from firm`.execute(tx);
          expect(rows).toEqual([{ id: firm.firmId }]);
          if (index % 3 === 0) throw new Error("rolled back");
          return await currentFirm(tx);
        });
        if (index % 3 === 0) await expect(work).rejects.toThrow("rolled back");
        else expect(await work).toBe(firm.firmId);
      });
      await Promise.all(works);
    } finally {
      await narrow.close();
    }
  });

  it("enters a firm in the middle of a transaction that began without one", async () => {
    const cx = testContext(box);
    const { firmId } = await makeFirm(cx);
    await transact(cx.database, async (tx) => {
      expect(await currentFirm(tx)).toBeNull();
      await enterFirm(tx, firmId);
      expect(await currentFirm(tx)).toBe(firmId);
    });
    expect(await transact(cx.database, currentFirm)).toBeNull();
  });

  it("holds for the owner of the tables as well, but for what a look-up reads", async () => {
    const cx = testContext(box);
    const { firmId } = await makeFirm(cx);
    await makeMatter(cx, firmId, []);
    const owner = new pg.Client({ connectionString: box.ownerUrl });
    await owner.connect();
    try {
      expect((await owner.query("select * from client")).rowCount).toBe(0);
      expect((await owner.query("select * from firm_settings")).rowCount).toBe(0);
    } finally {
      await owner.end();
    }
  });
});
