import { sql } from "kysely";
import pg from "pg";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Context, MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import type { Tx } from "../../src/db/tx.ts";
import { type SearchInput, searchStatements } from "../../src/statements/search.ts";
import { syncConnection } from "../../src/statements/sync.ts";
import { connect, connectorsOf, makeReadingSystem } from "../connections/reading-system.ts";
import { clientRecord, matterRecord, statementRecord } from "../connections/records.ts";
import { useDatabase } from "../support/database.ts";
import { makeFirm, makeMatter, makeMember, testContext } from "../support/world.ts";

const TODAY = new Date("2026-11-17T18:00:00Z");
const ALL: SearchInput = { text: "", onlyOpen: true, pageSize: 50 };
const BIG_TABLE_ROWS = 50_000;
const SEARCHES = 7;

describe("searching statements", () => {
  const box = useDatabase();
  let member: MemberContext;

  beforeEach(async () => {
    const system = makeReadingSystem();
    system.clients = [
      clientRecord("c1", { name: "Okafor Logistics, Inc.", number: "10482" }),
      clientRecord("c2"),
    ];
    system.matters = [
      matterRecord("m1", "c1", { number: "10482-003", description: "Warehouse lease dispute" }),
      matterRecord("m2", "c1", { number: "10482-005", description: "100% owned_by fleet" }),
      matterRecord("m3", "c2", {
        payers: [
          { externalId: "p1", name: "Accounts payable", email: "ap@c2.example", assigned: false },
          { externalId: "p2", name: "Zoe Marsh", email: undefined, assigned: true },
        ],
      }),
    ];
    system.statements = [
      statementRecord("s1", "m1", { number: "20391", dueOn: "2026-08-14", balanceMinor: 90_000n }),
      statementRecord("s2", "m2", { number: "20402", dueOn: "2026-11-16", balanceMinor: 250_000n }),
      statementRecord("s3", "m1", { number: "TR-0612", kind: "trust_request", dueOn: "2026-11-24" }),
      statementRecord("s4", "m3", { number: "20418", dueOn: undefined }),
      statementRecord("s5", "m1", { number: "20300", dueOn: "2026-07-01", state: "paid", balanceMinor: 0n }),
      statementRecord("s6", "m1", { number: "20301", deleted: true }),
    ];
    const cx = testContext(box, { connectors: connectorsOf(system), now: () => TODAY });
    const { firmId } = await makeFirm(cx);
    member = await makeMember(cx, firmId, "staff");
    const connectionId = await connect(cx, firmId, system);
    await syncConnection(
      cx,
      { firmId, connectionId },
      { attempt: 1, isLastAttempt: false, signal: undefined },
    );
  });

  const numbers = async (input: Partial<SearchInput>) =>
    (await searchStatements(member, { ...ALL, ...input })).groups.flatMap((group) =>
      group.statements.map((statement) => statement.number),
    );

  it("gives what is open, oldest due first, grouped by matter, with counts and sums of what is shown", async () => {
    const result = await searchStatements(member, ALL);
    expect(result.groups.map((group) => [group.number, group.statements.map((item) => item.number)])).toEqual(
      [
        ["10482-003", ["20391", "TR-0612"]],
        ["10482-005", ["20402"]],
        ["M-m3", ["20418"]],
      ],
    );
    expect(result.groups[0]).toMatchObject({
      clientName: "Okafor Logistics, Inc.",
      responsible: "T. Ellery",
      trustBalanceMinor: 184_000n,
    });
    expect(result.groups[2]?.payers.map((payer) => payer.name)).toEqual(["Zoe Marsh", "Accounts payable"]);
    expect(result.shown).toEqual({
      statements: 4,
      matters: 3,
      clients: 2,
      balances: new Map([["USD", 520_000n]]),
    });
    expect([result.today, result.nextCursor]).toEqual(["2026-11-17", undefined]);
  });

  it("finds every word in client, numbers, description or payers, in any case and order", async () => {
    expect(await numbers({ text: "OKAFOR" })).toEqual(["20391", "TR-0612", "20402"]);
    expect(await numbers({ text: "lease okafor" })).toEqual(["20391", "TR-0612"]);
    expect(await numbers({ text: "10482-005" })).toEqual(["20402"]);
    expect(await numbers({ text: "tr-06" })).toEqual(["TR-0612"]);
    expect(await numbers({ text: "accounts PAYABLE" })).toEqual(["20418"]);
    expect(await numbers({ text: "okafor marsh" })).toEqual([]);
  });

  it("takes wildcards as the characters that they are", async () => {
    expect(await numbers({ text: "100% owned_by" })).toEqual(["20402"]);
    expect(await numbers({ text: "o%r" })).toEqual([]);
    expect(await numbers({ text: "\\" })).toEqual([]);
  });

  it("filters by kind, by age in the firm's time zone, and shows closed ones when asked", async () => {
    expect(await numbers({ kind: "trust_request" })).toEqual(["TR-0612"]);
    expect(await numbers({ kind: "invoice", due: "pastDue" })).toEqual(["20391", "20402"]);
    expect(await numbers({ due: "over60" })).toEqual(["20391"]);
    expect(await numbers({ onlyOpen: false, text: "20300" })).toEqual(["20300"]);
    expect(await numbers({ onlyOpen: false, text: "20301" })).toEqual([]);
  });

  it("goes on page by page without losing or repeating any, those without a due day last", async () => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await searchStatements(member, { ...ALL, pageSize: 1, after });
      expect(page.shown.statements).toBe(1);
      seen.push(...page.groups.flatMap((group) => group.statements.map((item) => item.number)));
      after = page.nextCursor;
    } while (after !== undefined);
    expect(seen).toEqual(["20391", "20402", "TR-0612", "20418"]);
    await expect(searchStatements(member, { ...ALL, after: "nonsense" })).rejects.toMatchObject({
      code: "invalid",
    });
  });

  it("offers nothing of a connection that was disconnected", async () => {
    await withFirm(member.database, member.firmId, (tx) =>
      tx.updateTable("connection").set({ state: "disconnected" }).execute(),
    );
    expect(await numbers({})).toEqual([]);
  });

  it("shows a firm only its own", async () => {
    const other = await makeFirm(member, "Other LLP");
    await makeMatter(member, other.firmId, [{ balanceMinor: 100n }]);
    const stranger = await makeMember(member, other.firmId, "admin");
    const found = await searchStatements(stranger, { ...ALL, text: "okafor" });
    expect(found.shown.statements).toBe(1);
    expect(await numbers({ text: "okafor" })).toHaveLength(3);
  });
});

describe("searching a table of 50,000 statements", () => {
  const box = useDatabase();
  let cx: Context;
  let firmId: string;

  beforeAll(async () => {
    cx = testContext(box);
    ({ firmId } = await makeFirm(cx));
    const { connectionId, matterId } = await makeMatter(cx, firmId, []);
    await withFirm(cx.database, firmId, (tx) =>
      sql`insert into statement (firm_id, id, connection_id, external_id, matter_id, number, kind, state, issued_on, due_on,
            currency, total_minor, balance_minor, search_text, changed_at)
          select ${firmId}, gen_random_uuid(), ${connectionId}, 'big_' || n, ${matterId}, 'B' || n, 'invoice', 'open',
            date '2026-01-01', date '2026-01-01' + n % 300, 'USD', 1000, 1000,
            'client ' || md5(n::text) || ' matter ' || n % 977 || ' b' || n, now()
          from generate_series(1, ${BIG_TABLE_ROWS}) n`.execute(tx),
    );
    const owner = new pg.Client({ connectionString: box.ownerUrl });
    await owner.connect();
    await owner.query("vacuum analyze statement");
    await owner.end();
  });

  /** What PostgreSQL scans for seven searches: after five it may turn to a plan without the values. */
  async function scansOf(words: string[]) {
    return await withFirm(cx.database, firmId, async (tx) => {
      const before = await readCounters(tx);
      for (let call = 0; call < SEARCHES; call += 1) {
        await sql`select * from search_statements(${words}::text[], true, null, null, null, null, 26)`.execute(
          tx,
        );
      }
      const after = await readCounters(tx);
      return after.map((count, index) => Number(count - (before[index] ?? 0n)));
    });
  }

  /** Scans by letters, by due days, entries read by due days, scans of the whole table. They hold still within a transaction. */
  async function readCounters(tx: Tx): Promise<bigint[]> {
    const { rows } = await sql<Record<string, bigint>>`
      select pg_stat_get_xact_numscans('statement_search'::regclass) as letters,
        pg_stat_get_xact_numscans('statement_open_list'::regclass) as days,
        pg_stat_get_xact_tuples_returned('statement_open_list'::regclass) as entries,
        pg_stat_get_xact_numscans('statement'::regclass) as whole`.execute(tx);
    return Object.values(rows[0] ?? {});
  }

  it("is led by the index of letters, also after many calls", async () => {
    expect(await scansOf(["e4da3b7f", "client"])).toEqual([7, 0, 0, 0]);
  });

  it("reads the first page without words from the index of due days, and no more than it shows", async () => {
    expect(await scansOf([])).toEqual([0, 7, 7 * 26, 0]);
  });
});
