import { sql } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import type { Context } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import { makeFirm, makeMatter, testContext } from "../support/world.ts";

const STATEMENTS = 50_000;

/** Tens of thousands of statements of one firm, and as many again of another, as a busy year leaves them. */
describe("search_statements", () => {
  const box = useDatabase();
  let cx: Context;
  let firmId: string;
  let theirs: string;

  beforeAll(async () => {
    cx = testContext(box);
    [firmId, theirs] = [(await makeFirm(cx)).firmId, (await makeFirm(cx)).firmId];
    for (const each of [firmId, theirs]) {
      const matter = await makeMatter(cx, each, []);
      await asOwner(
        box,
        `select set_config('app.firm_id', '${each}', false);
         insert into statement (firm_id, id, connection_id, external_id, matter_id, number, kind, state, issued_on, due_on,
           currency, total_minor, balance_minor, search_text, changed_at)
         select '${each}', gen_random_uuid(), '${matter.connectionId}', n::text, '${matter.matterId}', n::text, 'invoice',
           'open', '2026-01-01', date '2026-01-01' + n % 365, 'USD', 100, 100,
           'client ' || md5(n::text) || ' number ' || n, now()
         from generate_series(1, ${STATEMENTS}) n`,
      );
    }
    await asOwner(box, "analyze statement");
  }, 60_000);

  const search = (words: string[], more: { afterDue?: string; afterId?: string; pageSize?: number } = {}) =>
    withFirm(cx.database, firmId, async (tx) => {
      const { rows } = await sql<{ id: string }>`
        select statement_id as id from search_statements(${words}, true, null, null, ${more.afterDue ?? null}::date,
          ${more.afterId ?? null}::uuid, ${more.pageSize ?? 50})`.execute(tx);
      return rows.map((row) => row.id);
    });

  /** How often an index was used while something was done. Counted by the database itself, told when its connection ends. */
  async function usesOf(index: string, work: () => Promise<unknown>): Promise<bigint> {
    const read = async () => {
      await withFirm(cx.database, firmId, (tx) => sql`select pg_stat_force_next_flush()`.execute(tx));
      const [row] = await asOwner<{ scans: bigint }>(
        box,
        "select idx_scan as scans from pg_stat_user_indexes where indexrelname = $1",
        [index],
      );
      return row?.scans ?? 0n;
    };
    const before = await read();
    await work();
    return (await read()) - before;
  }

  it("finds words of the middle of a text through the index that leads with the firm", async () => {
    let found: string[] = [];
    const uses = await usesOf("statement_search", async () => {
      found = await search(["number 4242", "client"]);
    });
    expect(uses).toBeGreaterThan(0n);
    // 4242 and 42420 to 42429.
    expect(found).toHaveLength(11);
  });

  it("pages through the open statements along an index, oldest due first, without reading all", async () => {
    let found: string[] = [];
    const uses = await usesOf("statement_open_list", async () => {
      found = await search([], { pageSize: 20 });
    });
    expect(found).toHaveLength(20);
    expect(uses).toBeGreaterThan(0n);
    const last = found.at(-1) ?? "";
    const due = await withFirm(cx.database, firmId, (tx) =>
      tx
        .selectFrom("statement")
        .select(["id", "due_on"])
        .where("firm_id", "=", firmId)
        .where("id", "=", last)
        .executeTakeFirstOrThrow(),
    );
    const next = await search([], { pageSize: 20, afterDue: due.due_on ?? "", afterId: last });
    expect(next).toHaveLength(20);
    expect(next.filter((id) => found.includes(id))).toEqual([]);
  });

  it("takes signs of patterns for what they are", async () => {
    expect(await search(["%"])).toEqual([]);
    expect(await search(["number_4242"])).toEqual([]);
    expect(await search(["\\"])).toEqual([]);
    expect(await search(["', drop table statement; --"])).toEqual([]);
  });

  it("shows nothing of another firm, and nothing without a firm", async () => {
    const found = await search(["number 777"]);
    const rows = await withFirm(cx.database, theirs, (tx) =>
      tx
        .selectFrom("statement")
        .select("id")
        .where("firm_id", "=", theirs)
        .where("id", "in", [...found, newId()])
        .execute(),
    );
    expect(found.length).toBeGreaterThan(0);
    expect(rows).toEqual([]);
    const { rows: outside } =
      await sql`select * from search_statements(${["number"]}, true, null, null, null, null, 50)`.execute(
        cx.database.kysely,
      );
    expect(outside).toEqual([]);
  });
});
