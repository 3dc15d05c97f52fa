import type { Page as Tab } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Person } from "../support/browser.ts";
import { sendQuickLink, waitForMail } from "./letters.ts";
import { look } from "./look.ts";
import { useStage } from "./stage.ts";
import * as steps from "./steps.ts";

const PATH_LIMIT_MS = 180_000;
/** The timetable comes round once a minute. */
const TIMETABLE_LIMIT_MS = 90_000;
const REASON = "Client asked for one bill over both matters";
const stage = useStage();
let admin: Person;
let tab: Tab;

beforeAll(async () => {
  admin = await stage.browser.newPerson();
  tab = admin.tab;
  await steps.signIn(tab, stage.service, "admin");
});

const see = (name: string, words: string | RegExp) => look(admin, name, words);
const open = (path: string) => tab.goto(`${stage.service.origin}${path}`);
const send = (payer: string, amount: string) =>
  sendQuickLink(tab, stage.service, { payer, emails: `${payer.toLowerCase()}@client.example`, amount });

/** Saved with what the page offers; links take the plan from then on. */
async function switchRemindersOn(): Promise<void> {
  await open("/settings/reminders");
  await tab.getByRole("checkbox", { name: /^Send reminders for new requests/ }).check();
  await steps.press(tab, "Save reminders");
  await tab.getByText(/^Reminders are saved/).waitFor();
}

test(
  "a link is cancelled with a reason by keyboard, and its page and time line say it",
  async () => {
    await switchRemindersOn();
    await send("Okafor", "120.00");
    const cancel = tab.getByRole("link", { name: "Cancel link" });
    await cancel.focus();
    await tab.keyboard.press("Enter");
    const dialog = tab.getByRole("dialog");
    await dialog.waitFor();
    await see("cancelling, the dialog", "For your firm only");
    await dialog.getByLabel("Reason").focus();
    await tab.keyboard.type(REASON);
    await tab.keyboard.press("Tab");
    await tab.keyboard.press("Tab");
    await tab.keyboard.press("Enter");
    await tab.getByText("The link is cancelled.").waitFor();
    await tab.getByText("Cancelled because").waitFor();
    await see("a link cancelled with a reason", `${REASON}. `);
  },
  PATH_LIMIT_MS,
);

test(
  "without a script the reason is asked for on a page, and comes back when it is too long",
  async () => {
    const page = await send("Vasquez", "80.00");
    const { context } = await stage.browser.newPerson({ javaScriptEnabled: false });
    await context.addCookies(await admin.context.cookies());
    const plain = await context.newPage();
    await plain.goto(page);
    await plain.getByRole("link", { name: "Cancel link" }).click();
    await plain.getByLabel("Reason").fill("x".repeat(201));
    await steps.press(plain, "Cancel link");
    await plain.getByText("Shorten the reason to 200 characters. It has 201").first().waitFor();
    expect(await plain.getByLabel("Reason").inputValue()).toHaveLength(201);
    await open(`${new URL(page).pathname}/cancel`);
    await tab.getByLabel("Reason").fill("x".repeat(201));
    await steps.press(tab, "Cancel link");
    await see("cancelling with an error", "Shorten the reason to 200 characters");
    await plain.getByLabel("Reason").fill(REASON);
    await steps.press(plain, "Cancel link");
    await plain.getByText("The link is cancelled.").waitFor();
  },
  PATH_LIMIT_MS,
);

test(
  "the filters show their links as soon as one changes, and the keyboard stays where it is",
  async () => {
    for (const [payer, amount] of [
      ["Harlan", "310.00"],
      ["Pryce", "320.00"],
    ] as const)
      await send(payer, amount);
    await open("/sent?tab=outstanding");
    await tab.locator("tbody .cell-select input").first().check();
    await tab.locator("#filters > summary").click();
    const least = tab.getByLabel("Amount from");
    await least.focus();
    await tab.keyboard.type("315");
    await tab.keyboard.press("Tab");
    await tab.locator("[data-status]", { hasText: "1 of 1 link" }).waitFor({ state: "attached" });
    await tab.waitForURL((url) => url.search === "?tab=outstanding&least=315.00");
    const most = tab.locator("#most");
    expect(await most.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await tab.locator("tbody .cell-select input:checked").count()).toBe(0);
    await see("filters that asked by themselves", "Show links");
    await most.fill("plenty");
    await tab.keyboard.press("Tab");
    await tab
      .getByText(/^Error: /)
      .or(tab.locator("#most-error"))
      .first()
      .waitFor();
    expect(await tab.locator("#account").evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await tab.locator("tbody tr").count()).toBe(1);
    expect(admin.troubles.splice(0)).toEqual([expect.stringMatching(/^422 .*most=plenty/)]);
    await see("filters that asked for what cannot be read", "Show links");
    await most.fill("");
    await tab.locator("#source").selectOption({ label: "Bulk Upload" });
    await tab.getByRole("heading", { name: "No outstanding links match these filters" }).waitFor();
    await tab.reload();
    await tab.getByRole("heading", { name: "No outstanding links match these filters" }).waitFor();
  },
  PATH_LIMIT_MS,
);

test(
  "many links are cancelled with one reason, and the list shows each link's next reminder",
  async () => {
    await open("/sent?tab=outstanding");
    await tab.locator("#columns > summary").click();
    await tab.getByRole("checkbox", { name: "Next reminder" }).check();
    await steps.press(tab, "Save");
    await tab.getByText("Your columns are saved.").waitFor();
    await tab.getByRole("link", { name: "Next reminder" }).click();
    await tab.locator("th[aria-sort=ascending]", { hasText: "Next reminder" }).waitFor();
    await tab.getByLabel("Select all links on this page").check();
    await steps.press(tab, "Cancel links");
    await tab.getByLabel("Reason").fill(REASON);
    await see("the reason for cancelling many", "For your firm only");
    await steps.press(tab, "Cancel 2 links");
    await see("many cancelled with a reason", `Reason: ${REASON}`);
  },
  PATH_LIMIT_MS,
);

test(
  "one reminder by hand names both links of a request, from a link's page and from Sent Pages",
  async () => {
    await steps.authorizeDocket(tab, stage.service);
    await steps.waitForMatter(tab, stage.service);
    const [address] = await sendBoth(["20391", "TR-0611"]);
    await steps.press(tab, "Remind now");
    await see("reminded of both links", /^The reminder is on its way\. It names /);
    const mail = await waitForMail(stage.service, address, "eminder");
    expect(new Set(mail.links.filter((link) => link.includes("/p/"))).size).toBe(2);
    const [second] = await sendBoth(["20437", "TR-0612"]);
    const list = `${stage.service.origin}/sent?sort=next`;
    await steps.reloadUntil(tab, list, "Reminder 1", TIMETABLE_LIMIT_MS);
    await see("the next reminders", "Reminder 1");
    const since = new Date();
    await open("/sent");
    const boxes = tab.locator("tbody .cell-select input");
    for (const index of [0, 1]) await boxes.nth(index).check();
    await steps.press(tab, "Remind");
    await see("reminding of both links", "Links of one request are named in one email.");
    await steps.press(tab, "Remind 2 links");
    await tab.getByRole("heading", { name: "Done: 2 of 2" }).waitFor();
    const other = await waitForMail(stage.service, second, "eminder", since);
    expect(new Set(other.links.filter((link) => link.includes("/p/"))).size).toBe(2);
  },
  PATH_LIMIT_MS,
);

/** Sends statements for both accounts and opens the reminders of one of the links. Gives the payer's address. */
async function sendBoth(numbers: readonly string[]): Promise<[string]> {
  for (const number of numbers) {
    await open(`/matters?q=${number}`);
    await steps.tick(tab, [number]);
  }
  await steps.press(tab, /^Continue with/);
  await steps.press(tab, "Review");
  await steps.press(tab, /^Send request/);
  await tab.waitForURL(/\/(links|requests)\//);
  await open("/sent");
  await tab.locator("tbody th a").first().click();
  const address = (await tab.locator("a[href^='mailto:']").first().textContent()) ?? "";
  await tab.getByRole("link", { name: "Dates, switch, remind now" }).click();
  await see(`reminders of a link with another, ${numbers[0]}`, "names both links of this request");
  return [address.trim()];
}
