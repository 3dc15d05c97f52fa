import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { withFirm } from "../../src/db/tenant.ts";
import { readQuery } from "../../src/links/list-address.ts";
import { countLinks } from "../../src/links/list-count-queries.ts";
import { listSent } from "../../src/links/sent-queries.ts";
import { listScope } from "../../src/links/sent-scope.ts";
import { plantMany } from "../links/sent-stage.ts";
import { asOwner, type TestDatabase } from "../support/database.ts";
import { makeFirm, makeMember, testContext } from "../support/world.ts";
import type { ExportFigures, ExportTask } from "./export-child.ts";
import { type Bound, measure, type Ratio } from "./measure.ts";

const FEW = 10_000;
const MANY = 100_000;
const RUNS = 20;
const ZONE = "America/Chicago";
const CHILD = fileURLToPath(new URL("./export-child.ts", import.meta.url));
const MEMORY_LIMIT_MB = 150;
/** Ten times the rows may take half as much again, for what the collector leaves lying about. */
const GROWTH_LIMIT = 1.5;
/** A collector with room lets garbage lie, the more the longer it runs. With this little it shows what is really held. */
const SMALL_HEAP = ["--max-semi-space-size=2", "--max-old-space-size=96"];
/** Below this the figures are the collector's mood. */
const LEAST_MB = 20;

/** Ten and a hundred thousand links: what an export of them takes in memory, and what a page of the list takes in time. */
export async function benchExport(box: TestDatabase): Promise<{ ratios: Ratio[]; bounds: Bound[] }> {
  const few = await firmOf(box, FEW);
  const many = await firmOf(box, MANY);
  await asOwner(box, "vacuum (analyze) payment_link");
  const bounds: Bound[] = [];
  for (const format of ["xlsx", "csv"]) {
    const small = await few.exported(format);
    const large = await many.exported(format);
    bounds.push(
      {
        what: `memory above idle for ${MANY} links as ${format}, ${large.seconds.toFixed(1)} s`,
        value: large.aboveIdleMb,
        limit: MEMORY_LIMIT_MB,
        unit: "MB",
      },
      {
        what: `memory for ${MANY} links as ${format} against ${FEW} (${small.aboveIdleMb.toFixed(0)} MB)`,
        value: Math.max(LEAST_MB, large.aboveIdleMb) / Math.max(LEAST_MB, small.aboveIdleMb),
        limit: GROWTH_LIMIT,
        unit: "times",
      },
    );
  }
  const newest = await measure(`first page of ${MANY} links`, () => many.page(""), RUNS);
  const ratios: Ratio[] = [];
  for (const [query, limit] of [
    ["tab=outstanding&sort=due", 3],
    ["sort=-amount", 60],
    ["sort=client", 60],
    ["tab=expired", 60],
    ["q=client+17", 120],
  ] as const) {
    const figure = await measure(query, () => many.page(query), RUNS);
    ratios.push({ what: `list of ${MANY} links, ${query}`, figure, base: newest, limit });
  }
  return { ratios, bounds };
}

async function firmOf(box: TestDatabase, count: number) {
  const cx = testContext(box);
  const firm = await makeFirm(cx);
  const member = await makeMember(cx, firm.firmId, "staff");
  await plantMany(box, member, firm, count);
  return {
    page: (query: string) => {
      const { place } = readQuery(query);
      const scope = listScope(cx, firm.firmId, ZONE);
      return withFirm(cx.database, firm.firmId, async (tx) => {
        await listSent(tx, scope, place, 25);
        await countLinks(tx, scope, place.filter);
      });
    },
    exported: async (format: string): Promise<ExportFigures> => {
      const task: ExportTask = {
        url: box.url,
        ownerUrl: box.ownerUrl,
        firmId: firm.firmId,
        actor: member.actor,
        warmUp: `/sent/export.${format}?all=1&q=sfp-00001`,
        path: `/sent/export.${format}?all=1`,
      };
      const { stdout } = await promisify(execFile)(process.execPath, [
        "--expose-gc",
        ...SMALL_HEAP,
        "--import",
        "tsx",
        CHILD,
        JSON.stringify(task),
      ]);
      return JSON.parse(stdout) as ExportFigures;
    },
  };
}
