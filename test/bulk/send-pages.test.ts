import { readXlsx } from "hucre/xlsx";
import { describe, expect, it } from "vitest";
import { linkUrl } from "../../src/links/address.ts";
import { cookieFor } from "../support/requests.ts";
import { useBulkPages } from "./browse.ts";
import { line, sheet } from "./stage.ts";

describe("the pages of sending an upload", () => {
  const {
    stage,
    get,
    page,
    post,
    gridFields,
    upload,
    rowsOf,
    batchOf,
    statesOf,
    linksOf,
    start,
    issue,
    read,
  } = useBulkPages();

  it("say before sending what will happen, and send what was typed, not what stood there before", async () => {
    const id = await upload(sheet(line(), line({ amount: "x" }), line({ email: "" })));
    const bad = (await rowsOf(id))[1];
    const answer = await post(
      `/bulk/${id}`,
      await gridFields(`/bulk/${id}`, { action: "send", [`cell.${bad?.id}.amount`]: "7.50" }),
    );
    const path = answer.headers.get("location") ?? "";
    expect(path).toBe(`/bulk/${id}/send?delivery=email`);
    const confirm = await page(path);
    expect(confirm.text).toMatch(/2 requests, each with a link of its own/);
    expect(confirm.text).toMatch(/\$132\.50 in 2 rows/);
    expect(confirm.text).toMatch(/Stays as a draft\s*1 row/);
    const version = confirm.querySelector('input[name="version"]')?.getAttribute("value") ?? "";
    const sent = await post(`/bulk/${id}/send`, { delivery: "email", version });
    expect(sent.headers.get("location")).toBe(`/bulk/${id}/progress`);
    const again = await post(`/bulk/${id}/send`, { delivery: "email", version });
    expect(again.headers.get("location")).toBe(`/bulk/${id}/progress`);
    expect(await statesOf(id)).toEqual(["queued", "queued", "ready"]);
  });

  it("do not go on to send while a row that was just typed is bad", async () => {
    const id = await upload(sheet(line()));
    const [row] = await rowsOf(id);
    const answer = await post(
      `/bulk/${id}`,
      await gridFields(`/bulk/${id}`, { action: "send", [`cell.${row?.id}.amount`]: "-1" }),
    );
    expect(answer.headers.get("location")).toBe(`/bulk/${id}?rows=all`);
  });

  it("show how far the sending is, also after a reload, and stop and go on", async () => {
    const id = await upload(sheet(line(), line(), line({ amount: "x" })));
    await start(id);
    const during = await page(`/bulk/${id}/progress`);
    expect(during.querySelector("#progress-title")?.text).toBe("Sending 0 of 2");
    expect(during.querySelector("#progress")?.getAttribute("hx-trigger")).toBe("every 3s");
    expect((await post(`/bulk/${id}/stop`, {})).status).toBe(303);
    expect((await page(`/bulk/${id}/progress`)).querySelector("#progress-title")?.text).toBe(
      "Stopped after 0 of 2",
    );
    expect((await get(`/bulk/${id}`)).headers.get("location")).toBe(`/bulk/${id}/progress`);
    expect((await post(`/bulk/${id}/go-on`, {})).status).toBe(303);
    await issue(id);
    await read((tx) =>
      tx
        .updateTable("payment_link")
        .set({ delivery: "bounced", delivery_reason: "No such mailbox." })
        .where("source", "=", "bulk")
        .where("delivery", "=", "queued")
        .execute(),
    );
    const after = await page(`/bulk/${id}/progress`);
    expect(after.querySelector("#progress-title")?.text).toBe("Done: 2 of 2");
    expect(after.querySelector("#progress")?.getAttribute("hx-trigger")).toBeUndefined();
    expect(after.text).toContain("No such mailbox.");
    expect(after.text).toContain("1 row stayed behind as a draft");
    expect((await page(`/bulk/${id}/progress?outcome=problem`)).querySelectorAll("tbody tr")).toHaveLength(2);
    expect((await page(`/bulk/${id}`)).text).toContain("2 rows of this upload were sent off.");
  });

  it("give the waiting rows back after a stop", async () => {
    const id = await upload(sheet(line()));
    await start(id);
    await post(`/bulk/${id}/stop`, {});
    expect((await post(`/bulk/${id}/take-back`, {})).headers.get("location")).toBe(`/bulk/${id}`);
    expect(await statesOf(id)).toEqual(["ready"]);
  });

  it("name a file that was uploaded before and hold back what was sent from it", async () => {
    const text = sheet(line());
    const first = await upload(text);
    await start(first, "copy");
    await issue(first);
    const again = await upload(text);
    const root = await page(`/bulk/${again}`);
    expect(root.text).toContain("This file was uploaded before.");
    expect(root.text).toContain("1 row was sent before.");
    const [link] = await linksOf(first);
    expect(root.querySelector(`a[href="/links/${link?.id}"]`)?.text).toBe(link?.reference);
    const [row] = await rowsOf(again);
    await post(
      `/bulk/${again}`,
      await gridFields(`/bulk/${again}`, { action: "again", row: [row?.id ?? ""] }),
    );
    expect(await statesOf(again)).toEqual(["ready"]);
  });

  it("give the sheet back with a link per row, as CSV and as Excel with real amounts and dates", async () => {
    const text =
      'Client no.,Recipient name,Recipient email,Amount,Invoice number,Due date\r\n"007","=HYPERLINK(""x"")",,"1,234.50",00417,03/04/2026\r\n';
    const id = await upload(text);
    await start(id, "copy");
    await issue(id);
    const [link] = await linksOf(id);
    const url = link ? linkUrl(stage.cx, link) : "";
    const csv = await get(`/bulk/${id}/links.csv`);
    expect(csv.headers.get("content-disposition")).toMatch(
      /^attachment; filename="november-links-\d{4}-\d\d-\d\d\.csv"$/,
    );
    expect(csv.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
    const lines = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await csv.arrayBuffer()).split("\r\n");
    expect(lines[0]).toBe(
      '\ufeff"Client no.","Recipient name","Recipient email","Amount","Invoice number","Due date","Invoice date","Message","Merchant account","Matter number","Language","Payment link","Reference","Outcome","Reason"',
    );
    expect(lines[1]).toBe(
      `"007","'=HYPERLINK(""x"")","",1234.50,"00417",2026-03-04,,"","","","","${url}","${link?.reference}","Link made",`,
    );
    const xlsx = await get(`/bulk/${id}/links.xlsx`);
    const book = await readXlsx(new Uint8Array(await xlsx.arrayBuffer()));
    const [, cells] = book.sheets[0]?.rows ?? [];
    expect(cells?.slice(0, 6)).toEqual([
      "007",
      '=HYPERLINK("x")',
      null,
      1234.5,
      "00417",
      new Date("2026-03-04T00:00:00Z"),
    ]);
    expect(cells).toContain(url);
    const audit = await read((tx) =>
      tx.selectFrom("audit_event").select("action").where("object_id", "=", id).orderBy("id").execute(),
    );
    expect(audit.map((event) => event.action)).toEqual([
      "batch.uploaded",
      "batch.started",
      "batch.linksDownloaded",
      "batch.linksDownloaded",
    ]);
  });

  it("give the bad rows as a sheet with their reasons, which can be uploaded again as it is", async () => {
    const id = await upload(
      sheet(line(), line({ amount: "(12.00)", name: "=1+1", message: 'two\nlines, and "quotes"' })),
    );
    const text = await (await get(`/bulk/${id}/faults.csv`)).text();
    expect(text).toContain('"Amount: Parentheses mean a negative amount. Enter an amount above zero"');
    const again = await upload(text);
    const [row] = await rowsOf(again);
    expect(row).toMatchObject({
      payer_name: "=1+1",
      message: 'two\nlines, and "quotes"',
      faults: { amount: expect.any(String) },
    });
  });

  it("give a template that they understand themselves", async () => {
    const csv = await get("/bulk/template.csv");
    const text = `${(await csv.text()).trim()}\r\n1,11/13/2026,12/13/2026,Ana,ana@ruiz.example,5,,Operating,,English\r\n`;
    expect(await statesOf(await upload(text))).toEqual(["ready"]);
    const xlsx = await get("/bulk/template.xlsx");
    const book = await readXlsx(new Uint8Array(await xlsx.arrayBuffer()));
    expect(book.sheets[0]?.rows[0]?.[0]).toBe("Invoice number");
  });

  it("list recent uploads, and delete one that was not sent", async () => {
    const id = await upload(sheet(line()), { fileName: "C:\\files\\to-delete.csv" });
    expect((await page("/bulk")).querySelector(`a[href="/bulk/${id}"]`)?.text).toBe("to-delete.csv");
    await post(`/bulk/${id}/discard`, {});
    expect((await page("/bulk")).querySelector(`a[href="/bulk/${id}"]`)).toBeNull();
  });

  it("show nothing to another firm, and ask the signed-out to sign in", async () => {
    const id = await upload(sheet(line()));
    const [row] = await rowsOf(id);
    const foreign = await cookieFor(stage.stranger);
    for (const path of [
      "",
      "/columns",
      "/send",
      "/progress",
      "/links.csv",
      "/links.xlsx",
      "/faults.csv",
      `/rows/${row?.id}`,
    ]) {
      const answer = await get(`/bulk/${id}${path}`, foreign);
      expect({ path, status: answer.status }).toEqual({ path, status: 404 });
      expect(await answer.text()).not.toContain("Okafor");
      expect((await get(`/bulk/${id}${path}`, "")).headers.get("location")).toMatch(/^\/signin/);
    }
    expect((await batchOf(id)).version).toBe(1);
  });
});
