import Papa from "papaparse";
import { makeApp } from "../../src/app.tsx";
import { newId } from "../../src/base/id.ts";
import { issueRows } from "../../src/bulk/issue-rows.ts";
import { ROW_LIMIT } from "../../src/bulk/sheet.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { asOwner, type TestDatabase } from "../support/database.ts";
import { cookieFor } from "../support/requests.ts";
import { makeFirm, makeMember, testContext } from "../support/world.ts";
import { type Bound, measure, type Ratio, watchMemory } from "./measure.ts";

/** Each run stores ten thousand rows, so a few say enough. */
const RUNS = 3;
const WARM_UP_ROWS = 500;
const MEMORY_LIMIT_MB = 150;
const HEADINGS = "Invoice number,Invoice date,Due date,Recipient name,Recipient email,Amount,Message";

/** The largest file, from the form to the first page of its rows, and from there to all links. */
export async function benchBulk(box: TestDatabase): Promise<{ ratios: Ratio[]; bounds: Bound[] }> {
  const cx = testContext(box);
  const { firmId, operatingAccountId } = await makeFirm(cx);
  const headers = {
    Cookie: await cookieFor(await makeMember(cx, firmId, "staff")),
    "Sec-Fetch-Site": "same-origin",
  };
  const app = makeApp(cx);
  await asOwner(box, "create unlogged table bench_row (cells jsonb)");

  const upload = async (rows: number) => {
    const form = new FormData();
    form.set("formId", newId());
    form.set("accountId", operatingAccountId);
    form.set("file", new File([sheetOf(rows)], "bench.csv"));
    const answer = await app.request("/bulk", { method: "POST", headers, body: form });
    const place = answer.headers.get("location") ?? "";
    const page = await app.request(place, { headers });
    if (page.status !== 200) throw new Error(`the grid answered ${page.status}`);
    await page.text();
    return place.replace("/bulk/", "");
  };
  const makeLinks = async (batchId: string, rows: number) => {
    const body = new URLSearchParams({ delivery: "email", version: "1" });
    await app.request(`/bulk/${batchId}/send`, { method: "POST", headers, body });
    await issueRows(cx, { firmId, batchId }, undefined);
    await demandMade(batchId, rows);
  };
  await makeLinks(await upload(WARM_UP_ROWS), WARM_UP_ROWS);
  const memory = watchMemory();
  await makeLinks(await upload(ROW_LIMIT), ROW_LIMIT);
  const memoryMb = memory.stop();

  const base = await measure(`parsing ${ROW_LIMIT} rows and one insert`, () => parseAndInsert(box), RUNS);
  const uploaded: string[] = [];
  const review = await measure(
    "from the file to the grid",
    async () => uploaded.push(await upload(ROW_LIMIT)),
    RUNS,
  );
  const links = await measure("all links", () => makeLinks(uploaded.pop() ?? "", ROW_LIMIT), RUNS);
  return {
    ratios: [
      { what: "10,000 rows uploaded and shown", figure: review, base, limit: 40 },
      // Each link also takes the firm's plan of reminders and the columns that Sent Pages searches.
      { what: "10,000 links made", figure: links, base, limit: 300 },
    ],
    bounds: [
      { what: "10,000 rows uploaded and shown", value: review.p95Ms / 1000, limit: 5, unit: "s" },
      { what: "10,000 links made", value: links.p95Ms / 1000, limit: 15, unit: "s" },
      { what: "memory above idle for 10,000 rows", value: memoryMb, limit: MEMORY_LIMIT_MB, unit: "MB" },
    ],
  };

  async function demandMade(batchId: string, wanted: number): Promise<void> {
    const rows = await withFirm(cx.database, firmId, (tx) =>
      tx
        .selectFrom("bulk_row")
        .select("id")
        .where("batch_id", "=", batchId)
        .where("state", "=", "made")
        .execute(),
    );
    if (rows.length !== wanted) throw new Error(`${rows.length} links were made`);
  }
}

async function parseAndInsert(box: TestDatabase): Promise<void> {
  const { data } = Papa.parse<string[]>(sheetOf(ROW_LIMIT), { delimiter: "," });
  await asOwner(box, "insert into bench_row select * from jsonb_array_elements($1::jsonb)", [
    JSON.stringify(data),
  ]);
}

let invoice = 0;

function sheetOf(rows: number): string {
  const lines = Array.from({ length: rows }, () => {
    invoice += 1;
    return `${invoice},11/13/2026,12/13/2026,"Okafor ${invoice}, Inc.",ap${invoice}@okafor.example,"$1,${100 + (invoice % 900)}.50",`;
  });
  return [HEADINGS, ...lines].join("\r\n");
}
