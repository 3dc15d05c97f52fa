import type { Page as Tab } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Person } from "../support/browser.ts";
import { payAddress, sendQuickLink, waitForMail } from "./letters.ts";
import { look } from "./look.ts";
import { bounceNewest, letExpire } from "./outside.ts";
import { useStage } from "./stage.ts";
import * as steps from "./steps.ts";

const PATH_LIMIT_MS = 240_000;
const DAY_MS = 86_400_000;
const DECLINED_CARD = "4000 0000 0000 0002";
const stage = useStage();
let admin: Person;
let payer: Person;
let tab: Tab;

beforeAll(async () => {
  [admin, payer] = await Promise.all([stage.browser.newPerson(), stage.browser.newPerson()]);
  tab = admin.tab;
  await steps.signIn(tab, stage.service, "admin");
});

const see = (name: string, words: string | RegExp) => look(admin, name, words);
const today = () => tab.goto(stage.service.origin);

/** One request by email; gives its page and the payer's address. */
async function send(name: string, emails: string, amount: string): Promise<{ page: string; link: string }> {
  const page = await sendQuickLink(tab, stage.service, { payer: name, emails, amount });
  return { page, link: payAddress(await waitForMail(stage.service, emails, "Payment request")) };
}

/** A link that runs out the day after tomorrow. */
async function sendShort(): Promise<void> {
  await tab.goto(`${stage.service.origin}/quick`);
  await tab.getByRole("radio", { name: /^Operating/ }).check();
  await tab.getByRole("radio", { name: /^Copy it myself/ }).check();
  await tab.getByLabel("Amount due").fill("70.00");
  await tab.getByLabel("What it is for").fill("Certified copies");
  await tab.getByLabel("Recipient’s name").fill("Ines Vasquez");
  await tab.getByText("Expiry and part payments").click();
  await tab.getByLabel("Last day to pay").fill(new Date(Date.now() + DAY_MS).toISOString().slice(0, 10));
  await steps.press(tab, "Generate link");
  await tab.waitForURL(/\/links\//);
}

test(
  "a day with declined cards, bounced emails, a payment and a payer who asks for a fresh link",
  async () => {
    await today();
    await see("today of an empty firm", "Authorize your matter system");
    await steps.authorizeDocket(tab, stage.service);
    await steps.waitForMatter(tab, stage.service);
    await today();
    await see("today, nothing to do", "Nothing needs a person.");

    const paid = await send("Adaeze Okafor", "adaeze@okafor.example", "333.00");
    await payer.tab.goto(paid.link);
    await steps.payByCard(payer.tab);
    const declined = await send("Samir Haddad", "samir@haddad.example", "50.00");
    await payer.tab.goto(declined.link);
    await steps.press(payer.tab, /^Continue/);
    await steps.fillCard(payer.tab, DECLINED_CARD);
    await steps.press(payer.tab, /^Pay /);
    await payer.tab.getByText("Your card was declined").first().waitFor();
    const late = await send("Elena Vasquez", "elena@vasquezmail.example", "980.00");
    await letExpire(stage.service, late.page);
    await payer.tab.goto(late.link);
    await steps.press(payer.tab, /fresh|new link/i);
    await sendShort();
    const bounced = await send("Harlan & Pryce Construction", "ap@harlanpryce.example", "14,820.00");
    await bounceNewest(stage.service);
    await steps.reloadUntil(tab, stage.service.origin, "The email to Harlan & Pryce Construction bounced");
    await steps.reloadUntil(tab, stage.service.origin, "A payment of Samir Haddad was declined");
    await steps.reloadUntil(tab, stage.service.origin, "This money has no statement yet");
    await see("today, with work", "Elena Vasquez asked for a fresh link");
    expect(await tab.locator(".section-head .chip").allTextContents()).toEqual([
      "All 5",
      "Postings 1",
      "Declined 1",
      "Fresh links 1",
      "Bounced 1",
      "Expiring 1",
    ]);
    await tab.getByRole("link", { name: "Bounced 1" }).click();
    await see("today, one kind of work", "The email to Harlan & Pryce Construction bounced");
    expect(await tab.locator(".queue li").count()).toBe(1);
    await tab.getByRole("link", { name: "Fix and resend" }).click();
    await tab.waitForURL(`${bounced.page}#fix`);
    await tab.getByLabel("Email addresses").first().waitFor();
  },
  PATH_LIMIT_MS,
);

test(
  "every figure opens the list behind it",
  async () => {
    await today();
    await tab.getByRole("link", { name: /^Review 1 link/ }).click();
    await tab.getByText("1 of 1 link").first().waitFor();
    await today();
    await tab.getByRole("link", { name: /^0–30 days/ }).click();
    await tab.getByText("3 of 3 links").first().waitFor();
    await today();
    await tab.getByText("Show the figures as a table").click();
    await see("today, the chart as a table", "Week starting");
    await tab.locator("section[aria-labelledby=weekly]").getByRole("link", { name: "5 links" }).click();
    await tab.getByText("5 of 5 links").first().waitFor();
    await today();
    await tab.getByRole("link", { name: "1 payment", exact: true }).first().click();
    await see("received in a week", "Adaeze Okafor");
    await tab.getByText("1–1 of 1").waitFor();
    await today();
    await tab.locator(".tile a[href^='/received?month=']").click();
    await see("received in a month", /the median is 0\.0 days/);
    const written = `${stage.service.origin}/written`;
    await tab.goto(written);
    await see("postings written, none yet", /^No postings in /);
    await payer.tab.goto(await steps.makeLink(tab, stage.service, "20402"));
    await steps.payByCard(payer.tab);
    await steps.reloadUntil(tab, written, "First time");
    await see("postings written", /100\.0% written first time/);
    await tab.getByRole("link", { name: "Not first time 0" }).click();
    await see("postings written, none again", "All were written first time");
    await today();
    await see("today, with figures", "1 written");
    await today();
    await tab.getByRole("link", { name: "1 needs attention" }).click();
    await tab.waitForURL(/tab=needs-attention/);
    expect([...admin.troubles, ...payer.troubles]).toEqual([]);
  },
  PATH_LIMIT_MS,
);
