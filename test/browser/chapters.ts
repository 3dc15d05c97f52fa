import type { Page as Tab } from "playwright-core";
import type { Person } from "../support/browser.ts";
import type { Service } from "../support/service.ts";
import { until } from "../support/until.ts";
import * as steps from "./steps.ts";

/** Looks at what is on screen. */
export type See = (name: string, tab: Tab) => Promise<void>;

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
  await see("sign-in", tab);
  await steps.press(tab, /^Email me/);
  await see("sign-in with an error", tab);
  await tab.getByLabel("Work email").fill("somebody@marlowkeane.example");
  await steps.press(tab, /^Email me/);
  await see("link sent", tab);
  await tab.goto(service.links.admin);
  await see("confirm", tab);
  await steps.signIn(tab, service, "admin");
  await see("dashboard of an empty firm", tab);
  await tab.goto(`${service.origin}/settings/connections`);
  await see("connections, none", tab);
  await tab.goto(`${service.origin}/matters`);
  await see("from matters, nothing read", tab);
  await tab.goto(`${service.origin}/sent`);
  await see("sent pages, none", tab);
  await tab.goto(`${service.origin}/postings`);
  await see("manage postings, none", tab);
  await tab.goto(`${service.origin}/settings/team`);
  await see("team", tab);
  await steps.press(tab, "Send invitation");
  await see("team with an error", tab);
  await tab.goto(`${service.origin}/nowhere`);
  await see("no such page", tab);
  await steps.signIn(staff.tab, service, "staff");
  await staff.tab.goto(`${service.origin}/settings/team`);
  await see("not open to staff", staff.tab);
}

/** The authorisation of Docket and its first reading. */
export async function connecting({ service, admin }: Cast, see: See): Promise<void> {
  const { tab } = admin;
  const page = `${service.origin}/settings/connections`;
  await tab.goto(page);
  await steps.press(tab, /^Connect/);
  await see("Docket, sign in", tab);
  await steps.press(tab, /Ana Keane/);
  await see("Docket, consent", tab);
  // Slow answers keep the first reading on screen.
  await control(service, "/control/faults", { kind: "latency", count: MANY, milliseconds: SLOW_MS });
  await steps.press(tab, "Allow");
  await steps.reloadUntil(tab, page, "Reading Docket for the first time");
  await see("connections, reading", tab);
  await fetch(`${service.docket.origin}/control/faults`, { method: "DELETE" });
  await steps.reloadUntil(tab, page, /The last reading looked at/);
  await see("connections, read", tab);
}

/** From the search to the page of what was sent. Returns that page's address. */
export async function requesting({ service, staff }: Cast, see: See): Promise<string> {
  const { tab } = staff;
  await steps.waitForMatter(tab, service);
  await tab.goto(`${service.origin}/matters?q=nobody-has-these-words`);
  await see("from matters, nothing found", tab);
  await tab.goto(`${service.origin}/matters?q=okafor`);
  await see("from matters, results", tab);
  await steps.tick(tab, ["20391", "20418", "TR-0612"]);
  await see("from matters, basket", tab);
  await tab.getByLabel("Amount for 20391", { exact: false }).fill("twelve");
  await steps.press(tab, /^Continue with/);
  await see("from matters, error", tab);
  await tab.getByLabel("Amount for 20391", { exact: false }).fill("500.00");
  await steps.press(tab, /^Continue with/);
  await see("message", tab);
  await tab.getByLabel("Email addresses").fill("not an address");
  await steps.press(tab, "Review");
  await see("message with an error", tab);
  await tab.getByLabel("Email addresses").fill("a.okafor@okaforlogistics.example");
  await steps.press(tab, "Review");
  await see("review", tab);
  await steps.press(tab, /^Send request/);
  await tab.waitForURL(/\/requests\//);
  await see("two links", tab);
  await tab.getByRole("link", { name: /^SFP-/ }).first().click();
  await tab.waitForURL(/\/links\//);
  await see("link, outstanding", tab);
  return tab.url();
}

/** Every page that a payer may meet. `linkPage` is the page of a link that is outstanding. */
export async function paying({ service, staff, payer }: Cast, linkPage: string, see: See): Promise<void> {
  const { tab } = payer;
  await staff.tab.goto(linkPage);
  const address = await addressOn(staff.tab);
  await tab.goto(address);
  await see("payer’s page", tab);
  await tab.getByLabel(/receipt/i).fill("not an address");
  await steps.press(tab, /^Continue/);
  await see("payer’s page with an error", tab);
  await tab.getByLabel(/receipt/i).fill("a.okafor@okaforlogistics.example");
  await steps.press(tab, /^Continue/);
  await see("processor’s page", tab);
  await steps.fillCard(tab, DECLINED_CARD);
  await steps.press(tab, /^Pay /);
  await see("processor’s page, declined", tab);
  await steps.fillCard(tab);
  await steps.press(tab, /^Pay /);
  await steps.waitForReceipt(tab);
  await see("payer’s page, paid", tab);

  await tab.goto(await makeLink(staff.tab, service, "20437"));
  await tab.getByRole("radio", { name: /^Bank account/ }).check();
  await steps.press(tab, /^Continue/);
  await see("processor’s page for a bank account", tab);
  await tab.getByLabel("Name on the account").fill(BANK.name);
  await tab.getByLabel("Routing number").fill(BANK.routing);
  await tab.getByLabel("Account number").fill(BANK.account);
  await steps.press(tab, /^Pay /);
  await steps.reloadUntil(tab, tab.url().replace(/\/back\?.*$/, ""), /business days/);
  await see("payer’s page, bank debit under way", tab);

  const cancelled = await makeLink(staff.tab, service, "20410");
  await staff.tab.getByRole("link", { name: "Cancel link" }).or(staff.tab.getByRole("button", { name: "Cancel link" })).first().click();
  await see("the question before cancelling", staff.tab);
  await staff.tab.getByRole("button", { name: "Cancel link" }).last().click();
  await staff.tab.getByText("The link is cancelled.").waitFor();
  await see("link, cancelled", staff.tab);
  await tab.goto(cancelled);
  await see("payer’s page, cancelled", tab);
  await tab.goto(`${service.origin}/p/no-such-token`);
  await see("payer’s page, unknown", tab);
}

/** The firm's side of what was paid: every state of a posting, the dashboard's work, and a connection that was revoked. */
export async function following(cast: Cast, linkPage: string, see: See): Promise<void> {
  const { service, admin, staff, payer } = cast;
  await steps.reloadUntil(staff.tab, linkPage, "Posted");
  await see("link, paid", staff.tab);
  await holdPostings(admin.tab, service);
  for (const number of ["20361", "20425", "20402"]) {
    await payer.tab.goto(await makeLink(staff.tab, service, number));
    await steps.payByCard(payer.tab);
  }
  const { tab } = admin;
  const list = `${service.origin}/postings`;
  await steps.reloadUntil(tab, `${list}?tab=ready`, "Statement 20402");
  await see("manage postings, ready", tab);
  await rowsOf(tab, "20425").getByRole("link", { name: "Set aside" }).click();
  await see("set aside", tab);
  await tab.getByLabel(/reason/i).fill("Entered in Docket by hand");
  await steps.press(tab, /^Set/);
  await tab.getByText("The reason stays on record").waitFor();
  await tab.goto(`${list}?tab=set-aside`);
  await see("manage postings, set aside", tab);

  await voidInDocket(service, "20402");
  await steps.reloadUntil(staff.tab, `${service.origin}/matters?q=20402`, "No open items");
  await tab.goto(`${list}?tab=ready`);
  await rowsOf(tab, "20402").getByRole("button", { name: "Post now" }).click();
  await steps.reloadUntil(tab, `${list}?tab=needs-attention`, "Statement 20402");
  await see("manage postings, needs attention", tab);
  await rowsOf(tab, "20402").getByRole("link", { name: "Choose statement" }).click();
  await see("choose a statement", tab);
  await tab.goto(`${list}?tab=needs-attention`);
  await rowsOf(tab, "20402").getByRole("link", { name: "Mark as posted by hand" }).click();
  await see("mark as posted by hand", tab);

  await control(service, "/control/faults", { kind: "latency", path: WRITES, milliseconds: SLOW_WRITE_MS });
  await tab.goto(`${list}?tab=ready`);
  await rowsOf(tab, "20361").getByRole("button", { name: "Post now" }).click();
  await steps.reloadUntil(tab, `${list}?tab=posting`, "Statement 20361");
  await see("manage postings, posting", tab);
  await steps.reloadUntil(tab, `${list}?tab=posted`, "Statement 20361");
  await see("manage postings, posted", tab);
  await tab.goto(`${list}?tab=all`);
  await see("manage postings, all", tab);
  await tab.goto(`${list}?tab=reversed`);
  await see("manage postings, reversed", tab);
}

/** Links that ran out or never arrived, the day's work, and a connection that was ended in the matter system. */
export async function troubling({ service, admin, staff, payer }: Cast, see: See): Promise<void> {
  const address = await makeLink(staff.tab, service, "TR-0611");
  await letExpire(service, staff.tab.url());
  await payer.tab.goto(address);
  await see("payer’s page, expired", payer.tab);
  await bounceNewest(service);
  await staff.tab.goto(`${service.origin}/sent`);
  await see("sent pages", staff.tab);
  await staff.tab.goto(`${service.origin}/sent?q=nobody-has-these-words`);
  await see("sent pages, none found", staff.tab);

  const { tab } = admin;
  const page = `${service.origin}/settings/connections`;
  await control(service, "/control/faults", { kind: "revoke_grants" });
  await tab.goto(page);
  await steps.press(tab, "Sync now");
  await steps.reloadUntil(tab, page, /authoriz(ed|ation) again|Needs authorization/);
  await see("connections, needs authorization", tab);
  await tab.goto(service.origin);
  await see("dashboard with work", tab);
  await steps.authorizeDocket(tab, service);
}

/** The panel inside Docket, where the member looks at a matter. */
export async function beside({ service, staff }: Cast, see: See): Promise<void> {
  const { tab } = staff;
  const panel = await openPanel(tab, service, "10482-007");
  await see("panel", tab);
  await panel.getByLabel("Amount to ask for").fill("nothing");
  await steps.press(panel, /^Send to/);
  await panel.getByText("There is a problem").waitFor();
  await see("panel with an error", tab);
  await panel.getByLabel("Amount to ask for").fill("100.00");
  await steps.press(panel, /^Send to/);
  await panel.getByText(/^On the way to/).waitFor();
  await see("panel, sent", tab);
}

const WRITES = "/api/v1/payments";
const SLOW_WRITE_MS = 8_000;

/** A bookkeeper's release comes before each posting from now on. */
async function holdPostings(tab: Tab, service: Service): Promise<void> {
  await tab.goto(`${service.origin}/settings/connections`);
  await tab.getByText("How payments are written").click();
  await tab.getByLabel("Payments are written").selectOption("After a bookkeeper’s release");
  await steps.press(tab, "Save");
  await tab.getByText("It applies to payments from now on").waitFor();
}

/** The rows of the payment that holds this statement. */
function rowsOf(tab: Tab, statement: string) {
  return tab.locator("tbody").filter({ hasText: statement });
}

/** The link of one statement, made to be copied. Leaves the member on its page. */
export async function makeLink(tab: Tab, service: Service, number: string): Promise<string> {
  await tab.goto(`${service.origin}/matters?q=${number}`);
  await steps.tick(tab, [number]);
  await steps.press(tab, /^Continue with/);
  await tab.getByRole("radio", { name: /^Copy it myself/ }).check();
  await steps.press(tab, "Review");
  await steps.press(tab, /^Make link/);
  await tab.waitForURL(/\/links\//);
  return await addressOn(tab);
}

/** The payer's address that a link's page shows. */
export async function addressOn(tab: Tab): Promise<string> {
  return (await tab.locator("code").first().innerText()).replace(/\s/g, "");
}

/** Asks the sandbox's Docket for trouble or a change. */
export async function control(service: Service, path: string, body: object): Promise<void> {
  const answer = await fetch(`${service.docket.origin}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`Docket refused ${path}: ${answer.status} ${await answer.text()}`);
}

/** The matter's page in Docket, with the panel beside it. */
export async function openPanel(tab: Tab, service: Service, matter: string) {
  await tab.goto(service.docket.origin);
  if (await tab.getByRole("button", { name: /Dana Whitfield/ }).count()) await steps.press(tab, /Dana Whitfield/);
  await tab.goto(`${service.docket.origin}/matters?q=${matter}`);
  await tab.getByRole("link", { name: new RegExp(`^${matter}`) }).click();
  await steps.press(tab, "Send for Payment");
  const panel = tab.frameLocator("iframe[name=sfp-panel]");
  await panel.getByRole("heading", { level: 1 }).waitFor();
  return panel;
}
