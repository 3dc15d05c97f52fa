import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { makeApp } from "../../src/app.tsx";
import type { MemberContext } from "../../src/context.ts";
import { startEmbedded } from "../../src/db/embedded.ts";
import { migrate } from "../../src/db/migrate.ts";
import { openDatabase } from "../../src/db/open.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { linkUrl } from "../../src/links/address.ts";
import { searchStatements } from "../../src/statements/search.ts";
import { insertTestLink } from "../payments/links.ts";
import { asOwner, type TestDatabase } from "../support/database.ts";
import { makeFirm, makeMatter, makeMember, testContext } from "../support/world.ts";
import { benchBulk } from "./bulk.ts";
import { benchExport } from "./export.ts";
import { measure, type Ratio, report, reportBounds } from "./measure.ts";
import { benchPostings } from "./postings.ts";

// Benchmarks: each figure against another of the same run, with a stated limit. Exit code 1 when one is broken.
const MANY_STATEMENTS = 100_000;
const FEW_STATEMENTS = 1_000;

const folder = await mkdtemp(path.join(tmpdir(), "sfp-bench-"));
await chmod(folder, 0o711);
const cluster = await startEmbedded({ folder });
try {
  await migrate(cluster.ownerUrl);
  const database = openDatabase({
    url: cluster.url,
    size: 4,
    onError: (error) => console.error(error.message),
  });
  const box = { database, url: cluster.url, ownerUrl: cluster.ownerUrl };
  const postings = await benchPostings(box);
  const bulk = await benchBulk(box);
  const exported = await benchExport(box);
  const ratios = [...(await run(box)), ...bulk.ratios, ...exported.ratios, ...postings.ratios];
  const keepsRatios = report(ratios);
  const ok = reportBounds([...bulk.bounds, ...exported.bounds, ...postings.bounds]) && keepsRatios;
  await database.close();
  process.exitCode = ok ? 0 : 1;
} finally {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
}

async function run(box: TestDatabase): Promise<Ratio[]> {
  const plain = testContext(box);
  // Each request from an address of its own, as behind a proxy: one address would meet the limit.
  const cx = { ...plain, config: { ...plain.config, trustedProxies: 1 } };
  let caller = 0;
  const firm = await makeFirm(cx);
  const staff = await makeMember(cx, firm.firmId, "staff");
  const link = await insertTestLink({ cx, firm, staff }, { statements: [90_000n, 250_000n] });
  const app = makeApp(cx);
  const small = await makeReader(box, FEW_STATEMENTS);
  const large = await makeReader(box, MANY_STATEMENTS);
  // What PostgreSQL does by itself within a minute of a first load.
  await asOwner(box, "vacuum (analyze) statement");

  const read = await measure("one read in a firm's transaction", () =>
    withFirm(cx.database, firm.firmId, (tx) => sql`select 1 from payment_link limit 1`.execute(tx)),
  );
  const page = await measure("the payer's page", async () => {
    const answer = await app.request(linkUrl(cx, link), {
      headers: { "x-forwarded-for": `visitor-${++caller}` },
    });
    if (answer.status !== 200) throw new Error(`the payer's page answered ${answer.status}`);
    return await answer.text();
  });
  const few = await measure(`search in ${FEW_STATEMENTS} statements`, () => find(small));
  const many = await measure(`search in ${MANY_STATEMENTS} statements`, () => find(large));
  const unknown = await measure("search without a hit", () => find(large, "zebra quartz"));
  return [
    // Eleven reads, each planned anew behind the walls between firms, and the drawing; in a warm process one read alone is very quick.
    { what: "payer's page, all of it", figure: page, base: read, limit: 25 },
    { what: "search in a large firm", figure: many, base: few, limit: 4 },
    { what: "search that finds nothing", figure: unknown, base: read, limit: 10 },
  ];
}

function find(reader: MemberContext, text = "okafor 10482"): Promise<unknown> {
  return searchStatements(reader, { text, onlyOpen: true, pageSize: 50 });
}

/** A member of a firm with so many statements, of which a handful match the search. */
async function makeReader(box: TestDatabase, count: number): Promise<MemberContext> {
  const cx = testContext(box);
  const { firmId } = await makeFirm(cx);
  const matter = await makeMatter(cx, firmId, [{ balanceMinor: 90_000n }, { balanceMinor: 250_000n }]);
  await withFirm(cx.database, firmId, async (tx) => {
    await sql`set local statement_timeout = 0`.execute(tx);
    await sql`
      insert into statement (firm_id, id, connection_id, external_id, matter_id, number, kind, state, issued_on, due_on,
        currency, total_minor, balance_minor, search_text, changed_at)
      select ${firmId}, gen_random_uuid(), ${matter.connectionId}, 'bulk_' || n, ${matter.matterId}, n::text, 'invoice', 'open',
        date '2026-01-01', date '2026-02-01' + (n % 200)::int, 'USD', 10000 + n, 10000 + n,
        md5(n::text) || ' client ' || n || ' matter ' || (n / 3), now()
      from generate_series(1, ${count}::int) n`.execute(tx);
  });
  return await makeMember(cx, firmId, "staff");
}
