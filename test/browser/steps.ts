import type { FrameLocator, Page as Tab } from "playwright-core";
import { MATTER_NUMBER } from "../support/main-job.ts";
import type { Service } from "../support/service.ts";
import { until } from "../support/until.ts";

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
  await tab.getByRole("navigation", { name: "Main" }).waitFor();
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
  const page = tab.url().replace(/\/back\?.*$/, "");
  await reloadUntil(tab, page, "Payment received");
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
