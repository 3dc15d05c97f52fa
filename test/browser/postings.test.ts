import type { Locator, Page as Tab } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Person } from "../support/browser.ts";
import { faultsOf } from "./look.ts";
import { mustBeEntered, voidInDocket } from "./outside.ts";
import { useStage } from "./stage.ts";
import * as steps from "./steps.ts";

const LIMIT_MS = 180_000;
const stage = useStage();
const cast = {} as { admin: Person; payer: Person };
let faults: string[] = [];

beforeAll(async () => {
  cast.admin = await stage.browser.newPerson();
  cast.payer = await stage.browser.newPerson();
  const { tab } = cast.admin;
  await steps.signIn(tab, stage.service, "admin");
  await steps.authorizeDocket(tab, stage.service);
  await steps.waitForMatter(tab, stage.service);
  await tab.goto(`${stage.service.origin}/settings/connections`);
  await tab.getByText("How payments are written").click();
  await tab.getByLabel("Payments are written").selectOption("After a bookkeeper’s release");
  await steps.press(tab, "Save");
  await tab.getByText("It applies to payments from now on").waitFor();
}, LIMIT_MS);

async function see(name: string, tab: Tab, words: string | RegExp): Promise<void> {
  faults.push(...(await faultsOf(name, tab, words)));
}

async function play(work: (tab: Tab, list: string) => Promise<void>): Promise<void> {
  faults = [];
  await work(cast.admin.tab, `${stage.service.origin}/postings`);
  expect([...faults, ...cast.admin.troubles.splice(0)]).toEqual([]);
}

const rowsOf = (tab: Tab, words: string): Locator => tab.locator("tbody").filter({ hasText: words });

test(
  "money of a Quick Link is laid on several statements that add up",
  () =>
    play(async (tab, list) => {
      await payQuickLink(tab, "900.00", "20391 and 20410");
      await steps.reloadUntil(tab, `${list}?tab=needs-attention`, /20391 and 20410/);
      await see("postings, needs attention", tab, "This money has no statement yet.");
      await rowsOf(tab, "20391 and 20410").getByRole("link", { name: "Choose statement" }).click();
      await see("choose a statement, suggestions", tab, "The request named its number.");
      await tab.getByLabel("Search open statements").fill("okafor");
      await tab.keyboard.press("Enter");
      await see("choose a statement, search", tab, "Use this statement");
      await tab.getByRole("link", { name: "Lay on several statements" }).click();
      await tab.getByLabel("Amount for 20391").fill("500.00");
      await tab.getByLabel("Amount without a statement").fill("100.00");
      await steps.press(tab, "Reallocate");
      await see("reallocate, an error", tab, /\$300.00 is missing/);
      await tab.getByLabel("Amount for 20410").fill("300.00");
      await steps.press(tab, "Reallocate");
      await tab.getByText("The payment is laid anew.").waitFor();
      await tab.goto(`${list}?tab=all`);
      await see("postings, laid on several", tab, "Statement 20410");
      await rowsOf(tab, "Statement 20410").getByRole("link", { name: "Hold as unapplied" }).click();
      await see("hold as unapplied", tab, "The money stays with the firm");
      await tab.getByLabel("Reason").fill("The client was asked what the rest is for");
      await steps.press(tab, "Hold as unapplied");
      await tab.goto(`${list}?tab=set-aside&held=unapplied`);
      await see("postings, unapplied", tab, "Held as unapplied: 1");
      await steps.press(tab, "Take up again");
      await tab.getByText("is back at work").waitFor();
    }),
  LIMIT_MS,
);

test(
  "postings are filtered, released, and their history is read",
  () =>
    play(async (tab, list) => {
      await tab.goto(`${list}?tab=all`);
      await tab.getByText("Filters", { exact: true }).click();
      await tab.getByLabel("Problem").selectOption("This money has no statement yet.");
      await tab.getByLabel("Account", { exact: true }).selectOption("Every operating account");
      await see("postings, filters", tab, "Paid from");
      await steps.press(tab, "Show");
      await see("postings, filtered", tab, "Account: operating");
      await tab.getByRole("link", { name: /Account: operating/ }).click();
      await tab.goto(`${list}?tab=ready`);
      await rowsOf(tab, "20391").getByRole("checkbox").check();
      await steps.press(tab, "Post selected");
      await tab
        .getByText(/on their way|on its way/)
        .first()
        .waitFor();
      await steps.reloadUntil(tab, `${list}?tab=posted`, "Statement 20391");
      await tab.getByRole("link", { name: "Statement 20391" }).click();
      await see("a posting", tab, "On its way to the matter system");
      const [file] = await Promise.all([
        tab.waitForEvent("download"),
        tab.goto(list).then(() => tab.getByRole("link", { name: "Export to Excel" }).click()),
      ]);
      expect(file.suggestedFilename()).toMatch(/^postings-.*\.xlsx$/);
    }),
  LIMIT_MS,
);

test(
  "what cannot be written is entered by a person, step by step",
  () =>
    play(async (tab, list) => {
      const { payer } = cast;
      await payer.tab.goto(await steps.makeLink(tab, stage.service, "20361"));
      await steps.payByCard(payer.tab);
      await steps.reloadUntil(tab, `${list}?tab=ready`, "Statement 20361");
      await mustBeEntered(stage.service, "20361");
      await tab.goto(`${list}?tab=needs-attention`);
      await rowsOf(tab, "20361").getByRole("link", { name: "What to enter" }).click();
      await see("what to enter", tab, "What to enter");
      await tab.getByRole("button", { name: "Copy amount" }).click();
      await tab.getByRole("link", { name: "Mark as posted by hand" }).click();
      await tab.getByLabel(/^Number of the entry/).fill("R-4471");
      await see("mark as posted by hand", tab, "Date of the entry");
      await steps.press(tab, "Mark as posted");
      await tab.goto(`${list}?q=R-4471`);
      await see("postings, found by number", tab, "R-4471");
    }),
  LIMIT_MS,
);

test(
  "several payments are set aside at once, and a lost answer is asked about",
  () =>
    play(async (tab, list) => {
      await payVoided(tab, "20402");
      await steps.reloadUntil(tab, `${list}?tab=needs-attention`, "Statement 20402");
      await see("postings, statement void", tab, "The statement takes no more money.");
      const question = await rowsOf(tab, "20402")
        .getByRole("link", { name: "Set aside" })
        .getAttribute("href");
      await tab.goto(`${stage.service.origin}${question?.replace(/set-aside(?=\?|$)/, "absent")}`);
      await see("is it there", tab, "It is not there");
      await tab.goto(`${list}?tab=needs-attention`);
      await tab.getByLabel("Select all payments on this page").check();
      await tab.getByRole("button", { name: "Set aside" }).first().click();
      await see("set several aside", tab, "One for all");
      await tab.getByLabel("Reason").fill("Looked at on Monday");
      await tab.getByRole("button", { name: /^Set .* aside$/ }).click();
      await tab
        .getByText(/aside\./)
        .first()
        .waitFor();
    }),
  LIMIT_MS,
);

/** A request that was typed by hand, paid at once by card. */
async function payQuickLink(tab: Tab, amount: string, number: string): Promise<void> {
  await tab.goto(`${stage.service.origin}/quick`);
  await tab.getByRole("radio", { name: /^Copy it myself/ }).check();
  const operating = tab.getByRole("radio", { name: /^Operating/ });
  if (await operating.count()) await operating.check();
  await tab.getByLabel("Amount due").fill(amount);
  await tab.getByLabel(/^Invoice number/).fill(number);
  await tab.getByLabel(/^What it is for/).fill("Fees of the autumn");
  await tab.getByLabel("Recipient’s name").fill("Adaeze Okafor");
  await tab.locator("form[action='/quick'] .action-bar button:visible").click();
  await tab.waitForURL(/\/links\//);
  await cast.payer.tab.goto(await steps.addressOn(tab));
  await steps.payByCard(cast.payer.tab);
}

/** A statement is taken back while its payer is at the processor's page. */
async function payVoided(tab: Tab, number: string): Promise<void> {
  const payer = cast.payer.tab;
  await payer.goto(await steps.makeLink(tab, stage.service, number));
  await steps.press(payer, /^Continue/);
  await payer.getByLabel("Card number").waitFor();
  await voidInDocket(stage.service, number);
  await steps.reloadUntil(tab, `${stage.service.origin}/matters?q=${number}`, "No open items");
  await steps.fillCard(payer);
  await steps.press(payer, /^Pay /);
  await steps.waitForReceipt(payer);
}
