import { readXlsx } from "hucre/xlsx";
import { expect, test, vi } from "vitest";
import type { SheetCell } from "../../src/web/sheet.ts";
import { type WorkbookSheet, workbookStream } from "../../src/web/workbook.ts";

const COLUMNS = [
  { title: "Name", kind: "text", width: 20 },
  { title: "Amount", kind: "amount", width: 12 },
  { title: "Day", kind: "day", width: 12 },
  { title: "Count", kind: "count", width: 8 },
] as const;

async function read(sheets: WorkbookSheet[]) {
  const bytes = new Uint8Array(await new Response(workbookStream(sheets)).arrayBuffer());
  return await readXlsx(bytes);
}

async function* rowsOf(...rows: (SheetCell[] | { strong: SheetCell[] })[]) {
  yield* rows;
}

test("a workbook has its sheets in their order, each with its heading, real amounts and real days", async () => {
  const { sheets } = await read([
    {
      name: "First",
      columns: COLUMNS,
      rows: rowsOf(["Okafor & <Sons>", -12_345n, { day: "2026-11-16" }, 3], {
        strong: ["Total", 99n, undefined, 1],
      }),
    },
    { name: "Second & last", columns: COLUMNS.slice(0, 1), rows: rowsOf() },
  ]);
  expect(sheets.map(({ name }) => name)).toEqual(["First", "Second & last"]);
  const [heading, first, total] = sheets[0]?.rows ?? [];
  expect(heading).toEqual(["Name", "Amount", "Day", "Count"]);
  expect(first?.slice(0, 2)).toEqual(["Okafor & <Sons>", -123.45]);
  expect(first?.[2]).toEqual(new Date("2026-11-16T00:00:00Z"));
  expect(first?.[3]).toBe(3);
  expect(total?.slice(0, 2)).toEqual(["Total", 0.99]);
  expect(sheets[1]?.rows).toEqual([["Name"]]);
});

test("text that looks like a formula stays text, and what XML does not take is left out", async () => {
  const { sheets } = await read([
    { name: "S", columns: COLUMNS.slice(0, 1), rows: rowsOf(["=1+1"], ["a\u0000b\ud800"], ["+49"]) },
  ]);
  expect(sheets[0]?.rows.slice(1)).toEqual([["=1+1"], ["ab\ufffd"], ["+49"]]);
});

test("rows are asked for only as the reader takes them, and no more once it leaves", async () => {
  let asked = 0;
  let isOver = false;
  async function* endless(): AsyncGenerator<SheetCell[]> {
    try {
      for (;;) {
        asked += 1;
        yield [crypto.randomUUID().repeat(20)];
      }
    } finally {
      isOver = true;
    }
  }
  const stream = workbookStream([{ name: "S", columns: COLUMNS.slice(0, 1), rows: endless() }]);
  const reader = stream.getReader();
  // The small files that describe the workbook come first.
  for (let chunk = 0; chunk < 40; chunk++) await reader.read();
  await reader.cancel();
  await vi.waitFor(() => expect(isOver).toBe(true));
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThan(20_000);
});

test("thousands of rows come whole", async () => {
  async function* many(): AsyncGenerator<SheetCell[]> {
    for (let row = 0; row < 5_000; row++) yield [`row ${row}`, BigInt(row)];
  }
  const { sheets } = await read([{ name: "S", columns: COLUMNS.slice(0, 2), rows: many() }]);
  expect(sheets[0]?.rows).toHaveLength(5_001);
  expect(sheets[0]?.rows.at(-1)).toEqual(["row 4999", 49.99]);
});
