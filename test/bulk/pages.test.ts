import { parse } from "node-html-parser";
import { describe, expect, it } from "vitest";
import { cookiesOf } from "../support/requests.ts";
import { useBulkPages } from "./browse.ts";
import { line, sheet } from "./stage.ts";

describe("the pages of a new upload", () => {
  const { stage, signedIn, get, page, post, send, gridFields, upload, rowsOf, statesOf } = useBulkPages();

  it("take a file and lead to its rows, with the reason at each bad cell", async () => {
    const answer = await send(sheet(line(), line({ email: "ap@harlanpryce" })));
    expect(answer.status).toBe(303);
    const root = await page(answer.headers.get("location") ?? "");
    expect(root.querySelector("h1")?.text).toBe("Bulk Upload");
    const bad = root.querySelector('input[aria-invalid="true"]');
    expect(bad?.getAttribute("value")).toBe("ap@harlanpryce");
    const note = root.querySelector(`#${bad?.getAttribute("aria-describedby")}`);
    expect(note?.text.trim()).toBe("Domain is incomplete, like name@example.com");
    expect(root.querySelector(".tabs")?.text.replace(/\s+/g, " ")).toMatch(/All ?2.*To fix ?1.*Ready ?1/);
    expect(root.querySelector(".action-bar")?.text).toMatch(/1 ready/);
    expect(root.text).toContain("1 row needs fixing before it can be sent.");
    // The bad row stands first, whatever its place in the file.
    expect(root.querySelectorAll("th.cell-row").map((cell) => cell.text.replace(/\D/g, ""))).toEqual([
      "",
      "3",
      "2",
    ]);
  });

  it("say at the field why a file cannot be read, and keep the choice of the account", async () => {
    const answer = await send("%PDF-1.7", { accountId: stage.firm.trustAccountId });
    expect(answer.status).toBe(422);
    const root = parse(await answer.text());
    expect(root.querySelector(".error-summary")?.text).toMatch(/This is a PDF/);
    expect(root.querySelector("#file-error")?.text).toMatch(/This is a PDF/);
    expect(root.querySelector("input[checked]")?.getAttribute("value")).toBe(stage.firm.trustAccountId);
    expect((await send("", { file: new File([], "") })).status).toBe(422);
  });

  it("take a file of 10 MB, name a larger one as such, and no other form of that size", {
    timeout: 60_000,
  }, async () => {
    const large = new File(["a".repeat(10 * 1024 * 1024 + 1)], "large.csv");
    const answer = await send("", { file: large });
    expect(answer.status).toBe(422);
    expect(parse(await answer.text()).querySelector("#file-error")?.text).toMatch(/larger than 10 MB/);
    expect((await send("", { file: new File(["a".repeat(12 * 1024 * 1024)], "huge.csv") })).status).toBe(422);
    const long = `${sheet(line(), line())}"${" ".repeat(9 * 1024 * 1024)}",,,,,,\r\n`;
    expect((await send(long)).status).toBe(303);
    expect((await post("/bulk/x/send", { delivery: "x".repeat(300_000) })).status).toBe(422);
  });

  it("show how an ambiguous date was read, with the month's name, and read it the other way on a click", async () => {
    const id = await upload(sheet(line({ date: "", due: "03/04/2026" })));
    const note = async () => (await page(`/bulk/${id}`)).querySelector("#r2-dueDate-note")?.text.trim();
    expect(await note()).toBe("Mar 4, 2026");
    expect((await page(`/bulk/${id}`)).text).toContain("1 date can be read in two ways.");
    expect((await post(`/bulk/${id}/dates`, { order: "day_first" })).status).toBe(303);
    expect(await note()).toBe("Apr 3, 2026");
  });

  it("save what was typed into several rows at once, and leave the other rows as they are", async () => {
    const id = await upload(sheet(line({ email: "a@b" }), line({ amount: "x" }), line()));
    const rows = await rowsOf(id);
    const fields = await gridFields(`/bulk/${id}`, {
      action: "save",
      [`cell.${rows[0]?.id}.email`]: "a@b.example",
      [`cell.${rows[1]?.id}.amount`]: "still x",
    });
    const answer = await post(`/bulk/${id}`, fields);
    expect(answer.status).toBe(303);
    expect(await statesOf(id)).toEqual(["ready", "to_fix", "ready"]);
    const after = parse(
      await (
        await get(answer.headers.get("location") ?? "", `${signedIn.cookie}; ${cookiesOf(answer)}`)
      ).text(),
    );
    expect(after.text).toContain("2 rows changed. 1 still needs fixing.");
    expect((await rowsOf(id)).map((row) => row.version)).toEqual([2, 2, 1]);
  });

  it("add, delete and find rows", async () => {
    const id = await upload(sheet(line({ name: "Weller Park HOA" }), line()));
    const [first] = await rowsOf(id);
    const added = await post(`/bulk/${id}`, await gridFields(`/bulk/${id}`, { action: "add" }));
    const rowPath = added.headers.get("location") ?? "";
    expect(rowPath).toMatch(new RegExp(`^/bulk/${id}/rows/`));
    const row = await page(rowPath);
    expect(row.querySelector("#name-error")?.text).toMatch(/Enter the recipient's name/);
    const cells = { invoice: "9", name: "Bob Ruiz", email: "bob@ruiz.example", amount: "12" };
    const saved = await post(rowPath, {
      version: row.querySelector('input[name="version"]')?.getAttribute("value") ?? "",
      ...cells,
    });
    expect(saved.headers.get("location")).toBe(`/bulk/${id}`);
    expect(await statesOf(id)).toEqual(["ready", "ready", "ready"]);
    const none = await post(`/bulk/${id}`, await gridFields(`/bulk/${id}`, { action: "delete" }));
    expect(cookiesOf(none)).toMatch(/Select%20at%20least/);
    await post(`/bulk/${id}`, await gridFields(`/bulk/${id}`, { action: "delete", row: [first?.id ?? ""] }));
    expect((await rowsOf(id)).map((each) => each.line)).toEqual([3, 4]);
    const found = await page(`/bulk/${id}?q=BOB`);
    expect(found.querySelectorAll("tbody tr")).toHaveLength(1);
    expect((await page(`/bulk/${id}?q=100%25`)).text).toContain("No row holds these words.");
  });

  it("show the bad rows alone, fifty to a page, and stay quick with many", async () => {
    const id = await upload(sheet(...Array.from({ length: 60 }, () => line({ amount: "x" })), line()));
    const first = await page(`/bulk/${id}?rows=fix`);
    expect(first.querySelectorAll("tbody tr")).toHaveLength(50);
    expect(first.querySelector(".pagination")?.text).toMatch(/1–50 of 60/);
    const next = first.querySelector('.pagination a[rel="next"]')?.getAttribute("href") ?? "";
    expect((await page(next)).querySelectorAll("tbody tr")).toHaveLength(10);
    expect((await get(`/bulk/${id}?rows=fix&page=9`)).headers.get("location")).toBe(`/bulk/${id}?rows=fix`);
  });

  it("ask which column is which when they do not know, and refuse an impossible answer in place", async () => {
    const sent = await send("Who,What\nAna,12\n");
    const review = await get(sent.headers.get("location") ?? "");
    const path = review.headers.get("location") ?? "";
    expect(path).toMatch(/columns$/);
    expect((await page(path)).querySelectorAll("#name option")).toHaveLength(3);
    const refused = await post(path, { hasHeader: "on", name: "0", amount: "0" });
    expect(refused.status).toBe(422);
    const root = parse(await refused.text());
    expect(root.querySelector("#amount-error")?.text).toMatch(/chosen twice/);
    expect(root.querySelector("#name option[selected]")?.getAttribute("value")).toBe("0");
    const chosen = await post(path, { hasHeader: "on", name: "0", amount: "1" });
    expect((await get(chosen.headers.get("location") ?? "")).status).toBe(200);
  });
});
