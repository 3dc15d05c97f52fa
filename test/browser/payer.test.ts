import type { BrowserContextOptions, Page as Tab } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Person } from "../support/browser.ts";
import { PHONE } from "../support/browser.ts";
import { inspect } from "./inspect.ts";
import { letExpire } from "./outside.ts";
import { useStage } from "./stage.ts";
import * as steps from "./steps.ts";

const LIMIT_MS = 120_000;
const stage = useStage();
let admin: Person;

beforeAll(async () => {
  admin = await stage.browser.newPerson();
  await steps.signIn(admin.tab, stage.service, "admin");
  await steps.authorizeDocket(admin.tab, stage.service);
  await steps.waitForMatter(admin.tab, stage.service);
}, LIMIT_MS);

/** Somebody with a phone and nothing else. */
async function newPayer(options: BrowserContextOptions = {}): Promise<Person> {
  return await stage.browser.newPerson({ viewport: PHONE, ...options });
}

const makeLink = (number: string) => steps.makeLink(admin.tab, stage.service, number);

async function expectClean(name: string, tab: Tab, person: Person): Promise<void> {
  expect(await inspect(name, tab)).toEqual([]);
  expect(person.troubles).toEqual([]);
  await tab.setViewportSize(PHONE);
}

/** What the firm's administrator sets, on the settings' own page. */
async function save(page: string, button: RegExp, fill: (tab: Tab) => Promise<void>): Promise<void> {
  const { tab } = admin;
  await tab.goto(`${stage.service.origin}/settings/${page}`);
  await fill(tab);
  await steps.press(tab, button);
  await tab.getByText(/(?:is|are) saved\./).waitFor();
}

test(
  "a payer who reads Spanish chooses it, errs, pays and keeps a receipt, all in Spanish",
  async () => {
    const payer = await newPayer({ locale: "en-US" });
    const { tab } = payer;
    const link = await makeLink("20391");
    await tab.goto(link);
    expect(await tab.locator("html").getAttribute("lang")).toBe("en");
    await tab.getByRole("link", { name: "Español" }).click();
    await tab.getByRole("heading", { level: 1, name: "Importe a pagar a Marlow Keane LLP" }).waitFor();
    expect(await tab.locator("html").getAttribute("lang")).toBe("es");
    await expectClean("payer’s page in Spanish", tab, payer);
    await tab.getByLabel("Correo electrónico para el recibo").fill("nadie");
    await steps.press(tab, /^Continuar/);
    await tab.getByRole("heading", { name: "Hay un problema" }).waitFor();
    await expectClean("payer’s page in Spanish with an error", tab, payer);
    await tab.getByLabel("Correo electrónico para el recibo").fill("a.okafor@okaforlogistics.example");
    await steps.press(tab, /^Continuar/);
    await tab.getByLabel("Card number").waitFor();
    await steps.fillCard(tab);
    await steps.press(tab, /^Pay /);
    await steps.waitOnLink(tab, "Pago recibido");
    expect(await tab.locator("html").getAttribute("lang")).toBe("es");
    await expectClean("receipt in Spanish", tab, payer);
  },
  LIMIT_MS,
);

test(
  "a browser that asks for French reads French, and amounts as French writes them",
  async () => {
    const payer = await newPayer({ locale: "fr-CA" });
    await payer.tab.goto(await makeLink("20437"));
    await payer.tab.getByRole("heading", { level: 1, name: "Montant dû à Marlow Keane LLP" }).waitFor();
    expect(await payer.tab.locator(".pay-amount").textContent()).toMatch(/,\d\d\s\$\sUS$/);
    await expectClean("payer’s page in French", payer.tab, payer);
  },
  LIMIT_MS,
);

test(
  "another amount is paid, and the old link leads to the new one for the rest",
  async () => {
    await save("part-payments", /^Save part payments/, (tab) =>
      tab.getByLabel("Payers may choose another amount").check(),
    );
    const link = await makeLink("20361");
    const linkPage = admin.tab.url();
    const payer = await newPayer();
    const { tab } = payer;
    await tab.goto(link);
    await tab.getByRole("radio", { name: /^Another amount/ }).check();
    await tab.getByLabel("Amount to pay").fill("a little");
    await steps.press(tab, /^Continue/);
    await tab.getByText("Enter the amount in figures, like 1,250.00").first().waitFor();
    await expectClean("another amount with an error", tab, payer);
    await tab.getByLabel("Amount to pay").fill("100");
    await steps.payByCard(tab);
    await tab.getByText("can send a new one for the rest").waitFor();
    await expectClean("receipt of a part", tab, payer);
    await admin.tab.goto(linkPage);
    await steps.press(admin.tab, /^New link for/);
    await admin.tab.waitForURL((url) => url.href !== linkPage && /\/links\/[\w-]+$/.test(url.pathname));
    await tab.goto(link);
    await tab.getByRole("link", { name: "Pay the rest" }).click();
    await tab.getByRole("heading", { level: 1, name: "Amount due to Marlow Keane LLP" }).waitFor();
  },
  LIMIT_MS,
);

test(
  "the payer of an expired link asks for a fresh one, and the firm finds it among the day's work",
  async () => {
    const link = await makeLink("20425");
    await letExpire(stage.service, admin.tab.url());
    const payer = await newPayer();
    const { tab } = payer;
    await tab.goto(link);
    await tab.getByRole("heading", { name: "This payment link has expired" }).waitFor();
    await expectClean("expired", tab, payer);
    await steps.press(tab, "Ask for a fresh link");
    await tab.getByText("was told that you would like a fresh link").waitFor();
    await expectClean("expired and asked", tab, payer);
    await steps.reloadUntil(admin.tab, stage.service.origin, /asked for a fresh link/);
  },
  LIMIT_MS,
);

test(
  "with the captcha on, a person is led on and a browser without script reads what to do",
  async () => {
    await save("security", /^Save security/, async (tab) => {
      await tab.getByLabel("Captcha before paying").selectOption("turnstile");
      await tab.getByLabel("Site key").fill("sandbox-turnstile-site");
      await tab.getByLabel("Secret", { exact: true }).fill("sandbox-turnstile-secret");
    });
    const link = await makeLink("20410");
    const plain = await newPayer({ javaScriptEnabled: false });
    await plain.tab.goto(link);
    expect(await plain.tab.locator("noscript p").innerText()).toContain("This check needs JavaScript.");
    await steps.press(plain.tab, /^Continue/);
    await plain.tab.getByText("Answer the check that you are a person").first().waitFor();
    const payer = await newPayer();
    const { tab } = payer;
    await tab.goto(link);
    await tab.getByText("Sandbox captcha: passed").waitFor();
    await expectClean("payer’s page with a captcha", tab, payer);
    await steps.payByCard(tab);
    await expectClean("receipt", tab, payer);
  },
  LIMIT_MS,
);

test(
  "a link that does not work and a hurried payer get a page in their language",
  async () => {
    const payer = await newPayer({ locale: "es-MX" });
    await payer.tab.goto(`${stage.service.origin}/p/no-such-token`);
    await payer.tab.getByRole("heading", { level: 1, name: "Este enlace no funciona" }).waitFor();
    expect(await inspect("unknown link", payer.tab)).toEqual([]);
    await payer.tab.getByRole("link", { name: "English" }).click();
    await payer.tab.getByRole("heading", { level: 1, name: "This link does not work" }).waitFor();
  },
  LIMIT_MS,
);
