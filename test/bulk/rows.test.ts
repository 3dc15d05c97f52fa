import { describe, expect, it } from "vitest";
import type { Role } from "../../src/base/permission.ts";
import { addRow, confirmRepeats, removeRows, reviewFailed } from "../../src/bulk/change-rows.ts";
import { saveRows } from "../../src/bulk/save-rows.ts";
import { problemOf } from "../links/stage.ts";
import { line, sheet, useBulkStage } from "./stage.ts";

describe("the rows of an upload", () => {
  const { stage, upload, rowsOf, batchOf, start, issue } = useBulkStage();

  it("are read anew when something is typed over their cells", async () => {
    const batchId = await upload(sheet(line({ email: "ap@harlan" }), line()));
    const [bad, good] = await rowsOf(batchId);
    const saved = await saveRows(stage.staff, batchId, [
      {
        id: bad?.id ?? "",
        version: 1,
        cells: { email: "ap@harlan.example", amount: "125.00" },
        accepted: false,
      },
      { id: good?.id ?? "", version: 1, cells: { amount: " 125.00 " }, accepted: false },
    ]);
    expect(saved).toEqual({ changed: 1, bad: 0, missed: 0 });
    const [after, untouched] = await rowsOf(batchId);
    expect(after).toMatchObject({
      state: "ready",
      version: 2,
      edits: { email: "ap@harlan.example" },
      faults: {},
    });
    expect(untouched).toMatchObject({ version: 1, edits: {} });
    expect((await batchOf(batchId)).version).toBe(2);
  });

  it("stay as somebody else changed them meanwhile, and this is said", async () => {
    const batchId = await upload(sheet(line({ email: "ap@harlan" })));
    const [row] = await rowsOf(batchId);
    const change = (email: string, version: number) => ({
      id: row?.id ?? "",
      version,
      cells: { email },
      accepted: false,
    });
    await saveRows(stage.staff, batchId, [change("first@harlan.example", 1)]);
    expect(await saveRows(stage.staff, batchId, [change("second@harlan.example", 1)])).toEqual({
      changed: 0,
      bad: 0,
      missed: 1,
    });
    expect((await rowsOf(batchId))[0]?.payer_emails).toEqual(["first@harlan.example"]);
  });

  it("whose cells may be shifted are good once somebody has looked at them", async () => {
    const batchId = await upload(`${sheet(line())}9,11/13/2026,,Ana,ana@ruiz.example,1,234.50,Thanks\r\n`);
    const shifted = (await rowsOf(batchId))[1];
    expect(shifted).toMatchObject({
      state: "to_fix",
      misread: expect.stringMatching(/8 cells under 7 headings/),
    });
    await saveRows(stage.staff, batchId, [{ id: shifted?.id ?? "", version: 1, cells: {}, accepted: true }]);
    expect((await rowsOf(batchId))[1]).toMatchObject({ state: "ready", misread: null });
  });

  it("can be added, filled in and deleted", async () => {
    const batchId = await upload(sheet(line({ invoice: "77" })));
    const rowId = await addRow(stage.staff, batchId);
    const added = (await rowsOf(batchId)).find((row) => row.id === rowId);
    expect(added).toMatchObject({ line: 3, state: "to_fix" });
    const cells = { invoice: "77", name: "Bob", amount: "125", email: "" };
    await saveRows(stage.staff, batchId, [{ id: rowId, version: 1, cells, accepted: false }]);
    expect((await rowsOf(batchId))[1]).toMatchObject({
      state: "ready",
      duplicate_of: 2,
      notes: { email: "No address: a link only" },
    });
    expect(await removeRows(stage.staff, batchId, [(await rowsOf(batchId))[0]?.id ?? ""])).toBe(1);
    expect(await rowsOf(batchId)).toMatchObject([{ line: 3, duplicate_of: null }]);
    expect(await removeRows(stage.staff, batchId, [])).toBe(0);
  });

  it("lose their mark when the other of two is changed", async () => {
    const batchId = await upload(sheet(line({ invoice: "5" }), line({ invoice: "5" })));
    const [first] = await rowsOf(batchId);
    await saveRows(stage.staff, batchId, [
      { id: first?.id ?? "", version: 1, cells: { amount: "126" }, accepted: false },
    ]);
    expect((await rowsOf(batchId)).map((row) => row.duplicate_of)).toEqual([null, null]);
  });

  it("that were sent can neither be changed nor deleted", async () => {
    const batchId = await upload(sheet(line()));
    await start(batchId, "copy");
    await issue(batchId);
    const [row] = await rowsOf(batchId);
    const id = row?.id ?? "";
    const saved = await saveRows(stage.staff, batchId, [
      { id, version: row?.version ?? 0, cells: { amount: "1" }, accepted: false },
    ]);
    expect(saved).toEqual({ changed: 0, bad: 0, missed: 1 });
    expect(await removeRows(stage.staff, batchId, [id])).toBe(0);
    expect((await rowsOf(batchId))[0]).toMatchObject({ state: "made", amount_minor: 12_500n });
  });

  it("never take the number of a card from a keyboard either", async () => {
    const batchId = await upload(sheet(line()));
    const [row] = await rowsOf(batchId);
    await saveRows(stage.staff, batchId, [
      { id: row?.id ?? "", version: 1, cells: { message: "4242424242424242" }, accepted: false },
    ]);
    expect(JSON.stringify((await rowsOf(batchId))[0]?.edits)).not.toContain("424242");
  });

  it("belong to their firm and their upload, and to those who may send", async () => {
    const batchId = await upload(sheet(line()));
    const other = await upload(sheet(line()));
    const [row] = await rowsOf(batchId);
    const change = [{ id: row?.id ?? "", version: 1, cells: { amount: "9" }, accepted: false }];
    const verbs = (cx: typeof stage.staff) => [
      () => saveRows(cx, batchId, change),
      () => addRow(cx, batchId),
      () => removeRows(cx, batchId, [row?.id ?? ""]),
      () => confirmRepeats(cx, batchId, [row?.id ?? ""]),
      () => reviewFailed(cx, batchId),
    ];
    for (const verb of verbs(stage.stranger)) expect((await problemOf(verb())).code).toBe("not_found");
    const weak = { ...stage.staff, actor: { ...stage.staff.actor, role: "guest" as Role } };
    for (const verb of verbs(weak)) expect((await problemOf(verb())).code).toBe("forbidden");
    expect(await saveRows(stage.staff, other, change)).toEqual({ changed: 0, bad: 0, missed: 1 });
    expect((await rowsOf(batchId))[0]?.amount_minor).toBe(12_500n);
  });
});
