import type { FrameLocator, Page as Tab } from "playwright-core";
import { MATTER_NUMBER } from "../support/main-job.ts";
import type { Service } from "../support/start-service.ts";
import { until } from "../support/until.ts";
import { waitForSignInLink } from "./outside.ts";

const SYNC_LIMIT_MS = 30_000;
const CARD = { number: "4242 4242 4242 4242", expiry: "12 / 34", cvc: "123", name: "Adaeze Okafor" };

/** Where buttons are pressed: a tab, or a frame in it. */
type Place = Pick<Tab | FrameLocator, "getByRole" | "getByLabel">;

/** Presses the button with these words. */
export function press(place: Place, name: string | RegExp): Promise<void> {
  return place.getByRole("button", { name }).click();
}

/** Opens the printed sign-in link and confirms it. Ends on the page that members see first. */
export async function signIn(tab: Tab, service: Service, role: keyof Service["links"]): Promise<void> {
  await tab.goto(service.links[role]);
  await press(tab, /^Sign in/);
  await tab.getByRole("link", { name: /^Send for Payment/ }).waitFor();
}

/** Asks for a sign-in link by email, takes it from the outbox and confirms it. */
export async function signInByMail(tab: Tab, service: Service, email: string): Promise<void> {
  const since = new Date();
  await tab.goto(`${service.origin}/signin`);
  await tab.getByLabel("Work email").fill(email);
  await press(tab, /^Email me/);
  await tab.getByRole("heading", { name: "Check your email" }).waitFor();
  await tab.goto(await waitForSignInLink(service, email, since));
  await press(tab, /^Sign in/);
  await tab.getByRole("link", { name: /^Send for Payment/ }).waitFor();
}

/** Settings, Docket's own sign-in and consent, and back. */
export async function authorizeDocket(tab: Tab, service: Service): Promise<void> {
  await tab.goto(`${service.origin}/settings/connections`);
  await press(tab, /^Connect/);
  await press(tab, /Ana Keane/);
  await press(tab, "Allow");
  await tab.getByText("is connected and is read now").waitFor();
}

/** Loads the search again until the first read has brought the sandbox's first matter. */
export function waitForMatter(tab: Tab, service: Service): Promise<true> {
  return reloadUntil(
    tab,
    `${service.origin}/matters?q=${MATTER_NUMBER}`,
    "Warehouse lease dispute",
    SYNC_LIMIT_MS,
  );
}

/** Loads the page again until it holds these words. */
export function reloadUntil(tab: Tab, url: string, words: string | RegExp, limitMs?: number): Promise<true> {
  return until(
    `${words} at ${new URL(url).pathname}`,
    async () => {
      await tab.goto(url);
      return (await tab.locator("main").getByText(words).count()) > 0 || undefined;
    },
    limitMs,
  );
}

/** Ticks statements by number on the page of results and puts them into the basket. */
export async function tick(tab: Tab, numbers: readonly string[]): Promise<void> {
  for (const number of numbers) await tab.getByRole("checkbox", { name: `Add ${number} to` }).check();
  await press(tab, "Put what is ticked into the basket");
  await tab.getByRole("button", { name: /^Continue with/ }).waitFor();
}

/** From the basket over message and review to the page of what was sent. */
export async function sendBasket(tab: Tab): Promise<void> {
  await press(tab, /^Continue with/);
  await press(tab, "Review");
  await press(tab, /^Send request/);
  await tab.waitForURL(/\/links\//);
}

/** From the payer's page through the processor's to the receipt. The browser needs no script. */
export async function payByCard(tab: Tab): Promise<void> {
  await press(tab, /^Continue/);
  await fillCard(tab);
  await press(tab, /^Pay /);
  await waitForReceipt(tab);
}

/** The processor's word may come a moment after the payer; the page then says so and has a button. */
export async function waitForReceipt(tab: Tab): Promise<void> {
  await waitOnLink(tab, "Payment received");
}

/** Waits until the payer is back from the processor, then until the link's page says this. */
export async function waitOnLink(tab: Tab, words: string | RegExp): Promise<void> {
  await tab.waitForURL(/\/p\//);
  await reloadUntil(tab, tab.url().replace(/\/back\?.*$/, ""), words);
}

/** The fields of a card that pays, on the processor's own page. */
export async function fillCard(tab: Tab, number = CARD.number): Promise<void> {
  await tab.getByLabel("Card number").fill(number);
  await tab.getByLabel(/^Expiry/).fill(CARD.expiry);
  await tab.getByLabel("Security code").fill(CARD.cvc);
  await tab.getByLabel("Name on card").fill(CARD.name);
  const email = tab.getByLabel("E-mail");
  if ((await email.getAttribute("readonly")) === null) await email.fill("a.okafor@okaforlogistics.example");
}

/** The link of one statement, made to be copied. Leaves the member on its page. */
export async function makeLink(tab: Tab, service: Service, number: string): Promise<string> {
  await tab.goto(`${service.origin}/matters?q=${number}`);
  await tick(tab, [number]);
  await press(tab, /^Continue with/);
  await tab.getByRole("radio", { name: /^Copy it myself/ }).check();
  await press(tab, "Review");
  await press(tab, /^Make link/);
  await tab.waitForURL(/\/links\//);
  return await addressOn(tab);
}

/** The payer's address that a link's page shows. */
export async function addressOn(tab: Tab): Promise<string> {
  return (await tab.locator("code").first().textContent())?.trim() ?? "";
}

/** The matter's page in Docket, with the panel beside it. */
export async function openPanel(tab: Tab, service: Service, matter: string): Promise<FrameLocator> {
  await tab.goto(service.docket.origin);
  if (await tab.getByRole("button", { name: /Dana Whitfield/ }).count()) await press(tab, /Dana Whitfield/);
  await tab.goto(`${service.docket.origin}/matters?q=${matter}`);
  await tab.getByRole("link", { name: new RegExp(`^${matter}`) }).click();
  await press(tab, "Send for Payment");
  const panel = tab.frameLocator("iframe[name=sfp-panel]");
  await panel.getByRole("heading", { level: 1 }).waitFor();
  return panel;
}
