import type { Page as Tab } from "playwright-core";
import type { Person } from "../support/browser.ts";
import type { Service } from "../support/start-service.ts";
import { control } from "./outside.ts";
import * as steps from "./steps.ts";

/** Looks at what is on screen, once these words are there. */
export type See = (name: string, tab: Tab, words: string | RegExp) => Promise<void>;

export type Cast = { service: Service; admin: Person; staff: Person; payer: Person };

/** Its debit stays under way. */
const BANK = { name: "Adaeze Okafor", routing: "110000000", account: "000000000009" };
const DECLINED_CARD = "4000 0000 0000 0002";
const SLOW_MS = 1_500;
const MANY = 1_000;

/** Before anybody is signed in, up to the first page of an empty firm. */
export async function arriving({ service, admin, staff }: Cast, see: See): Promise<void> {
  const { tab } = admin;
  await tab.goto(`${service.origin}/signin`);
  await see("sign-in", tab, "Email me a sign-in link");
  await steps.press(tab, /^Email me/);
  await see("sign-in with an error", tab, "There is a problem");
  await tab.getByLabel("Work email").fill("somebody@marlowkeane.example");
  await steps.press(tab, /^Email me/);
  await see("link sent", tab, "Check your email");
  await tab.goto(service.links.admin);
  await see("confirm", tab, "Sign in as Ana Keane?");
  await steps.signIn(tab, service, "admin");
  await see("dashboard of an empty firm", tab, "Authorize your matter system");
  await tab.goto(`${service.origin}/settings/connections`);
  await see("connections, none", tab, "Not connected");
  await tab.goto(`${service.origin}/matters`);
  await see("from matters, nothing read", tab, "No open statements");
  await tab.goto(`${service.origin}/sent`);
  await see("sent pages, none", tab, "Nothing sent yet");
  await tab.goto(`${service.origin}/postings`);
  await see("manage postings, none", tab, "No postings yet");
  await tab.goto(`${service.origin}/settings/team`);
  await see("team", tab, "Invite a member");
  await steps.press(tab, "Send invitation");
  await see("team with an error", tab, "There is a problem");
  await tab.goto(`${service.origin}/nowhere`);
  await see("no such page", tab, "There is no such page");
  await steps.signIn(staff.tab, service, "staff");
  await staff.tab.goto(`${service.origin}/settings/team`);
  await see("not open to staff", staff.tab, "This is not open to you");
}

/** The authorisation of Docket and its first reading. */
export async function connecting({ service, admin }: Cast, see: See): Promise<void> {
  const { tab } = admin;
  const page = `${service.origin}/settings/connections`;
  await tab.goto(page);
  await steps.press(tab, /^Connect/);
  await see("Docket, sign in", tab, "Sign in to Docket");
  await steps.press(tab, /Ana Keane/);
  await see("Docket, consent", tab, "asks for access");
  // Slow answers keep the first reading on screen.
  await control(service, "/control/faults", { kind: "latency", count: MANY, milliseconds: SLOW_MS });
  await steps.press(tab, "Allow");
  await tab.getByText("is connected and is read now").waitFor();
  await steps.reloadUntil(tab, page, "Reading Docket for the first time");
  await see("connections, reading", tab, "Reading Docket for the first time");
  await fetch(`${service.docket.origin}/control/faults`, { method: "DELETE" });
  await steps.reloadUntil(tab, page, /The last reading looked at/);
  await see("connections, read", tab, "The last reading looked at");
}

/** From the search to the page of what was sent. Returns that page's address. */
export async function requesting({ service, staff }: Cast, see: See): Promise<string> {
  const { tab } = staff;
  await steps.waitForMatter(tab, service);
  await tab.goto(`${service.origin}/matters?q=nobody-has-these-words`);
  await see("from matters, nothing found", tab, "Nothing open matches");
  await tab.goto(`${service.origin}/matters?q=okafor`);
  await see("from matters, results", tab, "open items in");
  await steps.tick(tab, ["20391", "20418", "TR-0612"]);
  await see("from matters, basket", tab, "3 items");
  await tab.getByLabel("Amount for 20391", { exact: false }).fill("twelve");
  await steps.press(tab, /^Continue with/);
  await see("from matters, error", tab, "There is a problem");
  await tab.getByLabel("Amount for 20391", { exact: false }).fill("500.00");
  await steps.press(tab, /^Continue with/);
  await see("message", tab, "Preview of the email");
  await tab.getByLabel("Email addresses").fill("not an address");
  await steps.press(tab, "Review");
  await see("message with an error", tab, "There is a problem");
  await tab.getByLabel("Email addresses").fill("a.okafor@okaforlogistics.example");
  await steps.press(tab, "Review");
  await see("review", tab, "Nothing has been sent yet");
  await steps.press(tab, /^Send request/);
  await tab.waitForURL(/\/requests\//);
  await see("two links", tab, "Two links, one for each account");
  await tab.getByRole("link", { name: /^SFP-/ }).first().click();
  await tab.waitForURL(/\/links\//);
  await see("link, outstanding", tab, "Key facts");
  return tab.url();
}

/** Every page that a payer may meet. `linkPage` is the page of a link that is outstanding. */
export async function paying({ service, staff, payer }: Cast, linkPage: string, see: See): Promise<void> {
  const { tab } = payer;
  await staff.tab.goto(linkPage);
  const address = await steps.addressOn(staff.tab);
  await tab.goto(address);
  await see("payer’s page", tab, "Amount due to");
  await tab.getByLabel(/receipt/i).fill("not an address");
  await steps.press(tab, /^Continue/);
  await see("payer’s page with an error", tab, "There is a problem");
  await tab.getByLabel(/receipt/i).fill("a.okafor@okaforlogistics.example");
  await steps.press(tab, /^Continue/);
  await see("processor’s page", tab, "Pay Marlow Keane LLP");
  await steps.fillCard(tab, DECLINED_CARD);
  await steps.press(tab, /^Pay /);
  await see("processor’s page, declined", tab, "Your card was declined");
  await steps.fillCard(tab);
  await steps.press(tab, /^Pay /);
  await steps.waitForReceipt(tab);
  await see("payer’s page, paid", tab, "Payment received");

  await tab.goto(await steps.makeLink(staff.tab, service, "20437"));
  await tab.getByRole("radio", { name: /^Bank account/ }).check();
  await steps.press(tab, /^Continue/);
  await see("processor’s page for a bank account", tab, "US bank account");
  await tab.getByLabel("Name on the account").fill(BANK.name);
  await tab.getByLabel("Routing number").fill(BANK.routing);
  await tab.getByLabel("Account number").fill(BANK.account);
  await steps.press(tab, /^Pay /);
  await steps.waitOnLink(tab, /business days/);
  await see("payer’s page, bank debit under way", tab, "clearing");

  const cancelled = await steps.makeLink(staff.tab, service, "20410");
  await staff.tab
    .getByRole("link", { name: "Cancel link" })
    .or(staff.tab.getByRole("button", { name: "Cancel link" }))
    .first()
    .click();
  await see("the question before cancelling", staff.tab, "Cancel this link?");
  await staff.tab.getByRole("button", { name: "Cancel link" }).last().click();
  await staff.tab.getByText("The link is cancelled.").waitFor();
  await see("link, cancelled", staff.tab, "The link is cancelled");
  await tab.goto(cancelled);
  await see("payer’s page, cancelled", tab, "was withdrawn");
  await tab.goto(`${service.origin}/p/no-such-token`);
  await see("payer’s page, unknown", tab, "This link does not work");
}
