import { describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import type { Role } from "../../src/base/permission.ts";
import { chooseColumns } from "../../src/bulk/choose-columns.ts";
import { discardBatch } from "../../src/bulk/discard.ts";
import { orderDates } from "../../src/bulk/order-dates.ts";
import { uploadBatch } from "../../src/bulk/upload.ts";
import { problemOf } from "../links/stage.ts";
import { insertTestLink } from "../payments/links.ts";
import { makeMatter } from "../support/world.ts";
import { HEADINGS, line, sheet, useBulkStage } from "./stage.ts";

describe("an uploaded file", () => {
  const { stage, upload, rowsOf, batchOf, statesOf, read } = useBulkStage();

  it("becomes drafts, each with what was read from it and a reason at every bad cell", async () => {
    const batchId = await upload(
      sheet(line({ invoice: "20468", amount: "$1,250.00" }), line({ email: "ap@harlan", amount: "(12.00)" })),
    );
    const rows = await rowsOf(batchId);
    expect(rows.map((row) => row.line)).toEqual([2, 3]);
    expect(rows[0]).toMatchObject({
      state: "ready",
      invoice_number: "20468",
      invoiced_on: "2026-11-13",
      due_on: "2026-12-13",
      payer_emails: ["a.okafor@okaforlogistics.example"],
      amount_minor: 125_000n,
      faults: {},
    });
    expect(rows[1]).toMatchObject({
      state: "to_fix",
      faults: {
        email: "Domain is incomplete, like name@example.com",
        amount: "Parentheses mean a negative amount. Enter an amount above zero",
      },
    });
    expect(await batchOf(batchId)).toMatchObject({
      state: "review",
      encoding: "UTF-8",
      delimiter: ",",
      version: 1,
    });
  });

  it("is stored once when the same form comes twice, also at once", async () => {
    const formId = newId();
    const text = sheet(line());
    const ids = await Promise.all([
      upload(text, { formId }),
      upload(text, { formId }),
      upload(text, { formId }),
    ]);
    expect(new Set(ids).size).toBe(1);
    expect(await rowsOf(ids[0] ?? "")).toHaveLength(1);
  });

  it("is kept without the numbers of cards, and without the file", async () => {
    const batchId = await upload(sheet(line({ message: "card 4242 4242 4242 4242" })));
    const [row] = await rowsOf(batchId);
    expect(row?.raw.join()).toContain("card number removed ··4242");
    expect(row?.raw.join()).not.toMatch(/4242 4242/);
    expect((await rowsOf(batchId))[0]?.faults).toMatchObject({
      message: expect.stringMatching(/card number/),
    });
  });

  it.each<[string, string, string]>([
    ["that is a workbook", "PK\u0003\u0004", "file"],
    ["without rows", HEADINGS, "file"],
    ["with nothing in it", "", "file"],
  ])("%s is refused with a sentence at the file", async (_name, text, field) => {
    const problem = await problemOf(upload(text));
    expect(problem.code).toBe("invalid");
    expect(Object.keys(problem.fields)).toEqual([field]);
  });

  it("goes into an account of the firm only", async () => {
    const problem = await problemOf(upload(sheet(line()), { accountId: newId() }));
    expect(problem.fields).toEqual({ accountId: "Choose the account that receives the money" });
  });

  it("is refused from a role that may not send", async () => {
    const weak = { ...stage.staff, actor: { ...stage.staff.actor, role: "guest" as Role } };
    const input = {
      formId: newId(),
      accountId: stage.firm.operatingAccountId,
      fileName: "a.csv",
      bytes: new Uint8Array(),
    };
    expect((await problemOf(uploadBatch(weak, input))).code).toBe("forbidden");
  });

  it("is stored whole with 10,000 rows, and refused with more", { timeout: 60_000 }, async () => {
    const batchId = await upload(sheet(...Array.from({ length: 10_000 }, () => line())));
    expect(await rowsOf(batchId)).toHaveLength(10_000);
    const problem = await problemOf(upload(sheet(...Array.from({ length: 10_001 }, () => line()))));
    expect(problem.message).toMatch(/more than 10,000 rows/);
  });

  it("names the matters that it knows", async () => {
    const { matterId } = await makeMatter(stage.cx, stage.firm.firmId, []);
    const matter = await read((tx) =>
      tx.selectFrom("matter").select("number").where("id", "=", matterId).executeTakeFirstOrThrow(),
    );
    const batchId = await upload(
      `Name,Amount,Invoice,Email,Matter\nAna,5,1,,${matter.number}\nBob,6,2,,unknown\n`,
    );
    expect((await rowsOf(batchId)).map((row) => row.matter_id)).toEqual([matterId, null]);
  });

  it("marks the later of two rows that ask for the same, and rows whose invoice has an open link", async () => {
    const link = await insertTestLink({ cx: stage.cx, firm: stage.firm, staff: stage.staff }, {});
    await read((tx) =>
      tx.updateTable("payment_link").set({ invoice_number: "30303" }).where("id", "=", link.id).execute(),
    );
    const batchId = await upload(
      sheet(line({ invoice: "A1" }), line({ invoice: "A1", name: "Other" }), line({ invoice: "30303" })),
    );
    const rows = await rowsOf(batchId);
    expect(rows.map((row) => row.duplicate_of)).toEqual([null, 2, null]);
    expect(rows.map((row) => row.open_link_id)).toEqual([null, null, link.id]);
    expect(await statesOf(batchId)).toEqual(["ready", "ready", "ready"]);
  });

  it("waits for a person when its columns are not known, and is read as that person says", async () => {
    const batchId = await upload("Who,What,Where\nAna Ruiz,12.00,ana@ruiz.example\nBob,x,bob@ruiz.example\n");
    expect((await batchOf(batchId)).state).toBe("mapping");
    const twice = await problemOf(
      chooseColumns(stage.staff, batchId, { places: { name: 0, amount: 0 }, hasHeader: true }),
    );
    expect(twice.fields).toEqual({ amount: "This column of the file is chosen twice" });
    const none = await problemOf(
      chooseColumns(stage.staff, batchId, { places: { name: 0 }, hasHeader: true }),
    );
    expect(none.fields).toEqual({ amount: "Choose the column that holds the amount" });
    const far = await problemOf(
      chooseColumns(stage.staff, batchId, { places: { name: 0, amount: 9 }, hasHeader: true }),
    );
    expect(far.fields).toEqual({ amount: "Choose a column of the file" });
    await chooseColumns(stage.staff, batchId, { places: { name: 0, amount: 1, email: 2 }, hasHeader: true });
    expect((await rowsOf(batchId)).map((row) => Object.keys(row.faults as object).sort())).toEqual([
      ["invoice"],
      ["amount", "invoice"],
    ]);
    expect((await batchOf(batchId)).state).toBe("review");
  });

  it("takes its first row for a row like the others when somebody says so", async () => {
    const batchId = await upload("Ana Ruiz;12.00;ana@ruiz.example;1\nBob;13.00;bob@ruiz.example;2\n");
    await chooseColumns(stage.staff, batchId, {
      places: { name: 0, amount: 1, email: 2, invoice: 3 },
      hasHeader: false,
    });
    const rows = await rowsOf(batchId);
    expect(rows.map((row) => [row.line, row.payer_name, row.state])).toEqual([
      [1, "Ana Ruiz", "ready"],
      [2, "Bob", "ready"],
    ]);
  });

  it("is read with the day or the month first, as somebody says, and counts what hangs on it", async () => {
    const batchId = await upload(
      sheet(line({ date: "03/02/2026", due: "03/04/2026" }), line({ date: "", due: "25/12/2026" })),
    );
    expect(await batchOf(batchId)).toMatchObject({
      date_order: "month_first",
      ambiguous_dates: 2,
      other_dates: 1,
    });
    expect((await rowsOf(batchId)).map((row) => row.due_on)).toEqual(["2026-03-04", "2026-12-25"]);
    await orderDates(stage.staff, batchId, "day_first");
    expect((await rowsOf(batchId)).map((row) => row.due_on)).toEqual(["2026-04-03", "2026-12-25"]);
    expect(await batchOf(batchId)).toMatchObject({
      date_order: "day_first",
      ambiguous_dates: 2,
      other_dates: 0,
    });
  });

  it("can be thrown away with its rows, while nothing of it was sent", async () => {
    const batchId = await upload(sheet(line()));
    await discardBatch(stage.staff, batchId);
    expect(await rowsOf(batchId)).toEqual([]);
  });

  it("is not there for another firm", async () => {
    const batchId = await upload(sheet(line()));
    for (const verb of [
      () => chooseColumns(stage.stranger, batchId, { places: { name: 0, amount: 1 }, hasHeader: true }),
      () => orderDates(stage.stranger, batchId, "day_first"),
      () => discardBatch(stage.stranger, batchId),
      () => discardBatch(stage.stranger, "nonsense"),
    ])
      expect((await problemOf(verb())).code).toBe("not_found");
    expect(await rowsOf(batchId)).toHaveLength(1);
  });
});
