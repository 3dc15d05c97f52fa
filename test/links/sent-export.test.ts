import { readXlsx } from "hucre/xlsx";
import Papa from "papaparse";
import { beforeAll, describe, expect, it } from "vitest";
import { makeFirm, makeMember } from "../support/world.ts";
import { plantLink, plantMany } from "./sent-stage.ts";
import { useLinkStage } from "./stage.ts";

const { box, stage, get, post, read } = useLinkStage();

async function csvOf(query: string): Promise<Record<string, string>[]> {
  const answer = await get(`/sent/export.csv${query}`, stage.staff);
  expect(answer.status).toBe(200);
  return Papa.parse<Record<string, string>>((await answer.text()).replace("\ufeff", ""), {
    header: true,
    skipEmptyLines: true,
  }).data;
}

describe("the export", () => {
  const DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"];
  let ids: string[] = [];
  beforeAll(async () => {
    for (const client of DANGEROUS)
      ids.push(await plantLink(stage.staff, stage.firm, { client, amountMinor: 100n }));
    ids.push(
      await plantLink(stage.staff, stage.firm, {
        client: "Harlan & Pryce",
        account: "trust",
        amountMinor: 1_482_050n,
        dueOn: "2026-11-30",
        // Still the tenth in Chicago.
        createdAt: "2026-03-11T04:30:00Z",
        state: "payment_received",
      }),
    );
    ids = [...ids];
  });

  it("holds what the filters show, in the list's order, with the member's columns", async () => {
    const rows = await csvOf("?all=1&least=10");
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      Client: "Harlan & Pryce",
      Account: "Client trust ··8820",
      "Account kind": "Trust",
      Amount: "14820.50",
      Currency: "USD",
      Status: "Payment received",
      Sent: "2026-03-10",
      Due: "2026-11-30",
    });
    await post(
      "/sent/columns",
      { order: ["due", "client", "amount"], column: ["due", "amount"] },
      stage.staff,
    );
    const answer = await get("/sent/export.csv?all=1&least=10", stage.staff);
    expect((await answer.text()).split("\r\n")[0]).toBe('"Due","Client","Matter","Amount","Currency"');
    await post("/sent/columns", { do: "reset" }, stage.staff);
    const order = await csvOf("?all=1&sort=-amount");
    expect(order[0]?.Client).toBe("Harlan & Pryce");
  });

  it("holds the ticked links alone, and none of another firm", async () => {
    const rows = await csvOf(`?link=${ids[0]}&link=${ids[6]}`);
    expect(rows.map((row) => row.Client)).toEqual(["'=1+1", "Harlan & Pryce"]);
    const foreign = await get(`/sent/export.csv?link=${ids[6]}`, stage.stranger);
    expect(await foreign.text()).not.toContain("Harlan");
  });

  it("keeps whatever looks like a formula as text, in both formats", async () => {
    const rows = await csvOf("?all=1&most=1");
    expect(rows.map((row) => row.Client).sort()).toEqual(DANGEROUS.map((text) => `'${text}`).sort());
    const answer = await get("/sent/export.xlsx?all=1&most=1", stage.staff);
    const book = await readXlsx(new Uint8Array(await answer.arrayBuffer()));
    const cells = book.sheets[0]?.rows.slice(1).map((row) => row[0]);
    expect(cells?.map(String).sort()).toEqual([...DANGEROUS].sort());
  });

  it("is a workbook with real amounts, real dates and a heading that stays", async () => {
    const answer = await get("/sent/export.xlsx?all=1&least=10", stage.staff);
    expect(answer.headers.get("content-type")).toContain("spreadsheetml");
    expect(answer.headers.get("content-disposition")).toMatch(
      /filename="sent-pages-\d{4}-\d{2}-\d{2}\.xlsx"/,
    );
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const sheet = (await readXlsx(bytes)).sheets[0];
    const heading = sheet?.rows[0]?.map(String) ?? [];
    const row = sheet?.rows[1] ?? [];
    expect(row[heading.indexOf("Amount")]).toBe(14_820.5);
    expect(row[heading.indexOf("Due")]).toEqual(new Date("2026-11-30T00:00:00Z"));
  });

  it("holds every link once when they are many, and is on record without what was searched for", async () => {
    const firm = await makeFirm(stage.cx);
    const member = await makeMember(stage.cx, firm.firmId, "staff");
    await plantMany(box, member, firm, 1_234);
    const text = await (await get("/sent/export.csv?all=1&sort=due", member)).text();
    const lines = text.trimEnd().split("\r\n");
    expect(lines).toHaveLength(1_235);
    await csvOf("?all=1&q=harlan");
    const events = await read((tx) =>
      tx.selectFrom("audit_event").select("after").where("action", "=", "links.exported").execute(),
    );
    expect(events.at(-1)?.after).toEqual({ links: 1, format: "csv" });
  });

  it("refuses a filter that cannot be read", async () => {
    const answer = await get("/sent/export.csv?all=1&least=many", stage.staff);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain("Amount from: enter the amount in figures");
  });
});
