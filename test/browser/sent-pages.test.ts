import { readFile } from "node:fs/promises";
import type { Page as Tab } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Person } from "../support/browser.ts";
import { inspect } from "./inspect.ts";
import { useStage } from "./stage.ts";
import * as steps from "./steps.ts";

const PATH_LIMIT_MS = 180_000;
const ROWS = 30;
const stage = useStage();
let staff: Person;
let tab: Tab;

beforeAll(async () => {
  staff = await stage.browser.newPerson();
  tab = staff.tab;
  await steps.signIn(tab, stage.service, "staff");
});

/** A page, once these words are on it, has no fault at any width. */
async function see(name: string, words: string | RegExp): Promise<void> {
  await tab.getByText(words).filter({ visible: true }).first().waitFor();
  await tab.waitForLoadState("load");
  expect(await inspect(name, tab)).toEqual([]);
  expect(staff.troubles.splice(0)).toEqual([]);
}

const open = (path: string) => tab.goto(`${stage.service.origin}${path}`);
const titles = () => tab.locator("thead th a").allTextContents();
const menu = (id: string) => tab.locator(`#${id} > summary`);

/** Thirty requests by Bulk Upload: as links to download, so that no email is waited for. */
async function uploadRequests(): Promise<void> {
  const lines = Array.from(
    { length: ROWS },
    (_, row) =>
      `${500 + row},Client ${String(row + 1).padStart(2, "0")},client${row}@client.example,${100 + row}.00`,
  );
  await open("/bulk");
  await tab.getByLabel(/^Operating/).check();
  await tab.locator("input[type=file]").setInputFiles({
    name: "november.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(["Invoice number,Recipient name,Recipient email,Amount", ...lines].join("\n")),
  });
  await steps.press(tab, "Upload and review");
  await tab
    .getByRole("link", { name: /^Generate links/ })
    .or(tab.getByRole("button", { name: /^Generate links/ }))
    .click();
  await steps.press(tab, /^Generate 30 links/);
  await tab.getByRole("heading", { name: `Done: ${ROWS} of ${ROWS}` }).waitFor({ timeout: 60_000 });
}

async function findAndSort(): Promise<void> {
  await uploadRequests();
  await open("/sent");
  await see("list", `25 of ${ROWS} links`);
  await tab.getByRole("link", { name: "Next" }).click();
  await tab.getByText(`5 of ${ROWS} links`).waitFor();
  await open("/sent");
  await tab.getByRole("link", { name: "Amount", exact: true }).click();
  await tab.locator("th[aria-sort=ascending]").waitFor();
  expect(await tab.locator("tbody .cell-amount").first().textContent()).toBe("$100.00");
}

async function filterThem(): Promise<void> {
  await open("/sent?sort=amount");
  await menu("filters").click();
  await see("filters", "Show links");
  await tab.getByLabel("Amount from").fill("twelve");
  await steps.press(tab, "Show links");
  await see("filters with an error", "There is a problem");
  await tab.getByLabel("Amount from").fill("120");
  await steps.press(tab, "Show links");
  await see("filtered", "10 of 10 links");
}

/** By keyboard: the arrow keeps the focus and says where the column is; then by dragging. */
async function arrangeColumns(): Promise<void> {
  await menu("columns").click();
  await see("columns", "8 of 23 shown");
  await tab.getByRole("checkbox", { name: "Uploaded file" }).check();
  await tab.getByText("9 of 23 shown").waitFor();
  const up = tab.getByRole("button", { name: "Move Due up" });
  await up.focus();
  await tab.keyboard.press("Enter");
  await tab.getByText("Due is now column 7 of 23").waitFor();
  expect(await up.evaluate((button) => button === document.activeElement)).toBe(true);
  const row = (title: string) => tab.locator(".column-configurator li").filter({ hasText: title }).first();
  await row("Amount").locator(".drag-handle").dragTo(row("For"));
  await steps.press(tab, "Save");
  await tab.getByText("Your columns are saved.").waitFor();
  const shown = await titles();
  expect(shown.indexOf("Amount")).toBeLessThan(shown.indexOf("Account"));
  expect(shown.indexOf("Due")).toBeLessThan(shown.indexOf("Sent"));
  expect(shown.at(-1)).toBe("Uploaded file");
  expect(await tab.locator("tbody a", { hasText: "november.csv" }).count()).toBe(10);
}

async function saveTheView(): Promise<void> {
  await menu("views").click();
  await tab.getByRole("link", { name: "Save this view…" }).click();
  await steps.press(tab, "Save view");
  await see("saving a view with an error", "Enter a name for this view");
  await tab.getByLabel("Name", { exact: true }).fill("Large ones");
  await steps.press(tab, "Save view");
  await tab.getByText("The view “Large ones” is saved.").waitFor();
  await open("/sent");
  await menu("views").click();
  await see("views", "Your views");
  await tab.getByRole("link", { name: "Large ones" }).click();
  await tab.getByText("10 of 10 links").waitFor();
  await open("/sent/views");
  await see("managing views", "Share with the firm");
  await open("/sent?least=120&sort=amount");
}

async function exportThem(): Promise<void> {
  const [download] = await Promise.all([
    tab.waitForEvent("download"),
    tab.getByRole("link", { name: "Export to CSV" }).click(),
  ]);
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
  expect(lines).toHaveLength(11);
  expect(lines[0]).toContain('"Client","Matter"');
}

async function actOnMany(): Promise<void> {
  const boxes = tab.locator("tbody .cell-select input");
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await tab.getByText("2 selected, $241.00 outstanding").waitFor();
  await steps.press(tab, "Copy links");
  await see("copying links", "One link per line");
  await open("/sent?least=120&sort=amount");
  await tab.getByLabel("Select all links on this page").check();
  await steps.press(tab, "Extend");
  await see("extending", "Extend 10 links");
  await tab.getByLabel("Last day").fill("2020-01-01");
  await steps.press(tab, /^Extend 10/);
  await see("extending with an error", "Enter today or a later day");
  await tab.getByLabel("By days").check();
  await steps.press(tab, /^Extend 10/);
  await see("extended", "Done: 10 of 10");

  await open("/sent?tab=outstanding");
  await tab.getByLabel(`All ${ROWS} links that match`).check();
  await steps.press(tab, "Cancel links");
  await see("the question before cancelling", `Cancel ${ROWS} links?`);
  await steps.press(tab, `Cancel ${ROWS} links`);
  await see("cancelled", `Done: ${ROWS} of ${ROWS}`);
  await open("/sent?tab=outstanding");
  await see("nothing left", "No outstanding links");
}

// The chapters follow each other.
test("a member finds and sorts requests", findAndSort, PATH_LIMIT_MS);
test("a member filters requests, and reads what is wrong with a filter", filterThem, PATH_LIMIT_MS);
test("a member arranges the columns by keyboard and by dragging", arrangeColumns, PATH_LIMIT_MS);
test("a member saves a view and comes back to it", saveTheView, PATH_LIMIT_MS);
test("a member exports what the filters show", exportThem, PATH_LIMIT_MS);
test("a member copies, extends and cancels many links at once", actOnMany, PATH_LIMIT_MS);

test(
  "all of it works without a script",
  async () => {
    const { context } = await stage.browser.newPerson({ javaScriptEnabled: false });
    await context.addCookies(await staff.context.cookies());
    const page = await context.newPage();
    const at = `${stage.service.origin}/sent?tab=cancelled`;
    await page.goto(at);
    await page.locator("#columns > summary").click();
    await page.getByRole("button", { name: "Move Status up" }).click();
    const shown = await page.locator("thead th a").allTextContents();
    await page.getByRole("button", { name: "Move Status up" }).click();
    const moved = await page.locator("thead th a").allTextContents();
    expect(moved.indexOf("Status")).toBe(shown.indexOf("Status") - 1);
    await page.getByRole("button", { name: "Use default columns" }).click();
    await page.getByText("The default columns are shown.").waitFor();
    await page.goto(at);
    await page.locator("tbody .cell-select input").first().check();
    await page.getByRole("button", { name: "Remind" }).click();
    await page.getByText("None of the chosen links can take part.").waitFor();
    await page.getByText("cancelled already").waitFor();
  },
  PATH_LIMIT_MS,
);
