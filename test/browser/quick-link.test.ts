import type { Page as Tab } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Person } from "../support/browser.ts";
import { payAddress, waitForMail } from "./letters.ts";
import { look } from "./look.ts";
import { useStage } from "./stage.ts";
import * as steps from "./steps.ts";

const PATH_LIMIT_MS = 120_000;
const DAY_MS = 86_400_000;
const ELENA = "elena@vasquezmail.example";
const INES = "ines@vasquezmail.example";
const stage = useStage();
let staff: Person;
let tab: Tab;

beforeAll(async () => {
  const admin = await stage.browser.newPerson();
  await steps.signIn(admin.tab, stage.service, "admin");
  await admin.tab.goto(`${stage.service.origin}/settings/reminders`);
  await admin.tab.getByRole("checkbox", { name: /^Send reminders for new requests/ }).check();
  await steps.press(admin.tab, "Save reminders");
  await admin.tab.getByText(/^Reminders are saved/).waitFor();
  staff = await stage.browser.newPerson();
  tab = staff.tab;
  await steps.signIn(tab, stage.service, "staff");
}, PATH_LIMIT_MS);

const see = (name: string, words: string | RegExp) => look(staff, name, words);
const dayAhead = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

test(
  "a member sends to several addresses, and sees what the payer will read while typing",
  async () => {
    await tab.getByRole("link", { name: "Quick Link" }).first().click();
    await see("quick link", "What the payer reads");
    await tab.getByRole("radio", { name: /^Client trust/ }).check();
    const preview = tab.locator("#quick-preview");
    await preview.getByText("Money in trust is never laid on a trust request by itself").waitFor();
    await tab.getByRole("radio", { name: /^Operating/ }).check();
    await tab.getByLabel("Amount due").fill("2500");
    await tab.getByLabel("What it is for").fill("Advice on the lease");
    await tab.getByLabel("Recipient’s name").fill("Elena Vasquez");
    await preview.getByText("Advice on the lease").first().waitFor();
    await tab.getByLabel("Due date").fill(dayAhead(14));
    await preview.getByText("$2,500.00").first().waitFor();
    await preview.getByText(/^Due /).waitFor();
    await tab.getByLabel("Email addresses").fill(`${ELENA}, not an address`);
    await tab.getByText("Expiry, reminders and part payments").click();
    await tab.getByLabel("Last day to pay").fill(dayAhead(7));
    await tab.getByRole("checkbox", { name: /^Send Smart Reminders/ }).uncheck();
    await see("quick link, filled in", "Reminders");
    await steps.press(tab, "Send link");
    await see("quick link with errors", "Enter each email address like name@example.com");
    expect(await tab.getByLabel("Amount due").inputValue()).toBe("2500");
    expect(await tab.getByRole("checkbox", { name: /^Send Smart Reminders/ }).isChecked()).toBe(false);
    await tab.getByLabel("Email addresses").fill(`${ELENA}; ${INES}`);
    await steps.press(tab, "Send link");
    await see("quick link, last day before the due date", "Choose a last day on or after the due date");
    await tab.getByLabel("Last day to pay").fill(dayAhead(30));
    await steps.press(tab, "Send link");
    await tab.waitForURL(/\/links\//);
    await see("the link that was sent", "Switched off");
    const [one, other] = await Promise.all(
      [ELENA, INES].map((address) => waitForMail(stage.service, address, "Payment request")),
    );
    expect(payAddress(one as NonNullable<typeof one>)).toContain("/p/");
    expect(payAddress(other as NonNullable<typeof other>)).toContain("/p/");
  },
  PATH_LIMIT_MS,
);

test(
  "a member generates a link, copies it and shows its code, and the payer's phone opens it",
  async () => {
    await staff.context.grantPermissions(["clipboard-read", "clipboard-write"], {
      origin: stage.service.origin,
    });
    await tab.goto(`${stage.service.origin}/quick`);
    await tab.getByRole("radio", { name: /^Operating/ }).check();
    await tab.getByRole("radio", { name: /^Copy it myself/ }).check();
    await see("quick link, to be copied", "Nothing is emailed.");
    expect(await tab.getByRole("button", { name: "Send link" }).isVisible()).toBe(false);
    await tab.getByLabel("Amount due").fill("75");
    await tab.getByLabel("What it is for").fill("Certified copies");
    await tab.getByLabel("Recipient’s name").fill("Samir Haddad");
    await steps.press(tab, "Generate link");
    await tab.waitForURL(/\/links\//);
    await see("the link to be copied", "The link is made.");
    await tab.getByRole("button", { name: "Copy link" }).first().click();
    await tab.getByText("Link copied").first().waitFor({ state: "attached" });
    const copied = await tab.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(await steps.addressOn(tab));
    await tab.getByRole("img", { name: /QR/ }).first().waitFor();
    const phone = await stage.browser.newPerson();
    await phone.tab.goto(copied);
    await phone.tab.getByText("$75.00").first().waitFor();
    expect([...staff.troubles, ...phone.troubles]).toEqual([]);
  },
  PATH_LIMIT_MS,
);

test(
  "without a script the preview has its button, errors keep what was typed, and the link goes out",
  async () => {
    const { context, troubles } = await stage.browser.newPerson({ javaScriptEnabled: false });
    await context.addCookies(await staff.context.cookies());
    const page = await context.newPage();
    await page.goto(`${stage.service.origin}/quick`);
    await page.getByLabel("Amount due").fill("abc");
    await page.getByLabel("Recipient’s name").fill("Harlan Pryce");
    await steps.press(page, "Preview");
    await page.getByText("Dear Harlan Pryce").or(page.getByText("Harlan Pryce,")).first().waitFor();
    expect(await page.getByLabel("Amount due").inputValue()).toBe("abc");
    await steps.press(page, "Send link");
    await page.getByText("There is a problem").first().waitFor();
    await page.getByRole("link", { name: "Enter what the payment is for" }).waitFor();
    expect(await page.getByLabel("Recipient’s name").inputValue()).toBe("Harlan Pryce");
    await page.getByRole("radio", { name: /^Operating/ }).check();
    await page.getByLabel("Amount due").fill("310.50");
    await page.getByLabel("What it is for").fill("Title search");
    await page.getByLabel("Email addresses").fill("ap@harlanpryce.example");
    await steps.press(page, "Send link");
    await page.getByText("The link is made and on the way to Harlan Pryce.").waitFor();
    await waitForMail(stage.service, "ap@harlanpryce.example", "Payment request");
    expect(troubles).toEqual([]);
  },
  PATH_LIMIT_MS,
);
