import { readFile } from "node:fs/promises";
import type { Page as Tab } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Person } from "../support/browser.ts";
import { look } from "./look.ts";
import { useStage } from "./stage.ts";
import * as steps from "./steps.ts";

const PATH_LIMIT_MS = 180_000;
const DONE_LIMIT_MS = 60_000;
const MORE = 58;
const stage = useStage();
let staff: Person;
let tab: Tab;

beforeAll(async () => {
  staff = await stage.browser.newPerson();
  tab = staff.tab;
  await steps.signIn(tab, stage.service, "staff");
});

const see = (name: string, words: string | RegExp) => look(staff, name, words);

/** Sixty-three rows under headings that nobody knows: three are bad, two of them the same invoice. */
const LINES = [
  "Ref,Who pays,Where to,How much,By when",
  "B-1,Harlan & Pryce Construction,ap@harlanpryce.example,1 250,12/13/2027",
  "B-2,Elena Vasquez,elena@vasquezmail,980.00,03/04/2027",
  "B-3,Samir Haddad,samir@haddad.example,(12.00),",
  "B-4,Ines Vasquez,ines@vasquezmail.example,75.00,",
  "B-4,Ines Vasquez,ines@vasquezmail.example,75.00,",
  ...Array.from(
    { length: MORE },
    (_, row) => `B-${10 + row},Client ${row},client${row}@client.example,${100 + row}.00,`,
  ),
];

async function choose(page: Tab, name: string, text: string): Promise<void> {
  await page.goto(`${stage.service.origin}/bulk`);
  await page.getByLabel(/^Operating/).check();
  const file = { name, mimeType: "text/csv", buffer: Buffer.from(text) };
  await page.locator("input[type=file]").setInputFiles(file);
  await steps.press(page, "Upload and review");
}

async function download(name: string): Promise<Buffer> {
  const [file] = await Promise.all([
    tab.waitForEvent("download"),
    tab.getByRole("link", { name, exact: true }).click(),
  ]);
  return await readFile(await file.path());
}

test(
  "a member takes the template, is told what is wrong with a file, and says which column is which",
  async () => {
    await tab.getByRole("link", { name: "Bulk Upload" }).first().click();
    await see("bulk upload", "Nothing is sent yet");
    const csv = (await download("Template, CSV")).toString("utf8");
    expect(csv).toContain("Recipient email");
    expect((await download("Template, Excel")).subarray(0, 2).toString()).toBe("PK");
    await steps.press(tab, "Upload and review");
    await see("bulk upload without a file", "Choose a file");
    await choose(tab, "picture.csv", "\u0000\u0001\u0002\u0003");
    await see("bulk upload of no text", "There is a problem");
    await choose(tab, "november.csv", LINES.join("\n"));
    await see("which column is which", "Which column is which?");
    await tab.getByLabel("Recipient name").selectOption("");
    await steps.press(tab, "Review rows");
    await see("which column, with an error", "There is a problem");
    const columns = {
      "Invoice number": "0",
      "Recipient name": "1",
      "Recipient email": "2",
      Amount: "3",
      "Due date": "4",
    };
    for (const [label, place] of Object.entries(columns)) {
      await tab.getByLabel(label, { exact: false }).first().selectOption(place);
    }
    await steps.press(tab, "Review rows");
    await see("review grid", "rows need fixing before they can be sent.");
  },
  PATH_LIMIT_MS,
);

test(
  "bad rows are corrected in place, and what is typed is not left behind unsaved",
  async () => {
    await tab.getByRole("link", { name: /^To fix/ }).click();
    await see("only the bad rows", "Enter");
    const faults = await download("Download rows with errors");
    expect(faults.toString("utf8")).toContain("elena@vasquezmail");
    const bad = await tab.locator("tbody tr").count();
    expect(bad).toBeGreaterThanOrEqual(2);

    const email = tab.getByRole("textbox", { name: "Email, row 3" });
    await email.fill("elena@vasquezmail.example");
    const asked = tab.waitForEvent("dialog");
    const leaving = tab.getByRole("link", { name: /^Ready/ }).click();
    const dialog = await asked;
    expect(dialog.type()).toBe("beforeunload");
    await dialog.dismiss();
    await leaving;
    expect(await email.inputValue()).toBe("elena@vasquezmail.example");
    await email.press("Enter");
    await see("saved in place", /row changed\./);
    expect(await tab.locator("tbody tr").count()).toBe(bad - 1);

    await tab.getByRole("textbox", { name: "Amount, row 4" }).fill("12.00");
    await steps.press(tab, "Save changes");
    await tab.getByRole("link", { name: /^Possible duplicates/ }).click();
    await see("possible duplicates", /Same invoice and amount as row/);
    await tab.getByRole("checkbox", { name: "Select row 6" }).check();
    await steps.press(tab, "Delete selected");
    await tab.getByText("1 row deleted.").waitFor();

    await steps.press(tab, "Add row");
    await see("a row of its own", "Back without saving");
    await tab.getByLabel("Recipient name").fill("Somebody without an address");
    await tab.getByLabel("Invoice number").fill("B-99");
    await tab.getByLabel("Amount").fill("55.00");
    await steps.press(tab, "Save row");
    await see("ready to send", "without an address can only be downloaded");
  },
  PATH_LIMIT_MS,
);

test(
  "all is sent, a reload in the middle shows the same work, and the batch keeps its page",
  async () => {
    await steps.press(tab, /^Send all/);
    await see("before sending", "Nothing has been sent yet.");
    const words = (await tab.getByRole("button", { name: /^Send \d/ }).textContent()) ?? "";
    const rows = Number(/\d+/.exec(words)?.[0]);
    expect(rows).toBeGreaterThan(MORE);
    await steps.press(tab, /^Send \d/);
    await tab.waitForURL(/\/progress/);
    await tab.reload();
    await tab.locator("#progress").waitFor();
    await tab.getByRole("heading", { name: `Done: ${rows} of ${rows}` }).waitFor({ timeout: DONE_LIMIT_MS });
    // The rows and what can be done follow the figures, without a reload.
    await tab.getByRole("link", { name: `Done ${rows}` }).waitFor();
    expect(await tab.getByRole("button", { name: "Stop" }).count()).toBe(0);
    expect(await tab.locator("tbody").getByText("Waiting").count()).toBe(0);
    await see("sent", "Outcome by row");
    await tab.reload();
    await tab.getByRole("heading", { name: `Done: ${rows} of ${rows}` }).waitFor();
    const links = await download("Links, CSV");
    expect(links.toString("utf8").match(/\/p\//g)).toHaveLength(rows);

    await tab.goto(`${stage.service.origin}/bulk`);
    await see("recent uploads", "Recent uploads");
    await tab.getByRole("link", { name: "november.csv" }).click();
    await see("batch with a draft", "stayed behind as a draft");
    await tab.goto(`${stage.service.origin}/sent?source=bulk`);
    await tab.getByText(`of ${rows} links`).first().waitFor();
  },
  PATH_LIMIT_MS,
);

test(
  "the same file again is named, and without a script all of it works",
  async () => {
    const { context, troubles } = await stage.browser.newPerson({ javaScriptEnabled: false });
    await context.addCookies(await staff.context.cookies());
    const page = await context.newPage();
    const known = LINES.join("\n").replace(LINES[0] ?? "", "Invoice,Name,Email,Amount,Due date");
    await choose(page, "again.csv", known);
    await page
      .getByText(/rows? were sent before\./)
      .first()
      .waitFor();
    await page.getByText("Held back").first().waitFor();
    await page.goto(`${page.url().replace(/\?.*/, "")}?rows=fix`);
    await page.getByRole("textbox", { name: "Amount, row 4" }).fill("12.50");
    await page.getByRole("textbox", { name: "Amount, row 4" }).press("Enter");
    await page.getByText("1 row changed.").waitFor();
    await steps.press(page, "Generate links for download");
    await steps.press(page, /^Generate \d+ links?/);
    await steps.reloadUntil(page, page.url(), /^Done: /);
    expect(troubles).toEqual([]);
  },
  PATH_LIMIT_MS,
);
