import type { Locator, Page as Tab } from "playwright-core";
import type { Service } from "../support/start-service.ts";
import type { Cast, See } from "./chapters.ts";
import { bounceNewest, control, letExpire, voidInDocket } from "./outside.ts";
import * as steps from "./steps.ts";

const WRITES = "/api/v1/payments";
const SLOW_WRITE_MS = 8_000;

/** The firm's side of what was paid: every state of a posting, the dashboard's work, and a connection that was revoked. */
export async function following(cast: Cast, linkPage: string, see: See): Promise<void> {
  const { service, admin, staff, payer } = cast;
  await steps.reloadUntil(staff.tab, linkPage, "Posted");
  await see("link, paid", staff.tab, "Posted");
  await payWhatWasVoided(cast, "20402");
  await holdPostings(admin.tab, service);
  for (const number of ["20361", "20425"]) {
    await payer.tab.goto(await steps.makeLink(staff.tab, service, number));
    await steps.payByCard(payer.tab);
  }
  const { tab } = admin;
  const list = `${service.origin}/postings`;
  await steps.reloadUntil(tab, `${list}?tab=ready`, "Statement 20425");
  await see("manage postings, ready", tab, "Waits for its release");
  await rowsOf(tab, "20425").getByRole("link", { name: "Set aside" }).click();
  await see("set aside", tab, "It stays on record");
  await tab.getByLabel(/reason/i).fill("Entered in Docket by hand");
  await steps.press(tab, /^Set/);
  await tab.getByText("The reason stays on record").waitFor();
  await tab.goto(`${list}?tab=set-aside`);
  await see("manage postings, set aside", tab, "Put back");

  await steps.reloadUntil(tab, `${list}?tab=needs-attention`, "Statement 20402");
  await see("manage postings, needs attention", tab, "Choose statement");
  await rowsOf(tab, "20402").getByRole("link", { name: "Choose statement" }).click();
  await see("choose a statement", tab, "Any other statement");
  await tab.goto(`${list}?tab=needs-attention`);
  await rowsOf(tab, "20402").getByRole("link", { name: "Mark as posted by hand" }).click();
  await see("mark as posted by hand", tab, "Date of the entry");

  await control(service, "/control/faults", { kind: "latency", path: WRITES, milliseconds: SLOW_WRITE_MS });
  await tab.goto(`${list}?tab=ready`);
  await rowsOf(tab, "20361").getByRole("button", { name: "Post now" }).click();
  await tab.getByText("1 posting is on its way.").waitFor();
  await steps.reloadUntil(tab, `${list}?tab=posting`, "Statement 20361");
  await see("manage postings, posting", tab, "Statement 20361");
  await steps.reloadUntil(tab, `${list}?tab=posted`, "Statement 20361");
  await see("manage postings, posted", tab, "Statement 20361");
  await tab.goto(`${list}?tab=all`);
  await see("manage postings, all", tab, "Statement 20361");
  await tab.goto(`${list}?tab=reversed`);
  await see("manage postings, reversed", tab, "No posting is in this state");
}

/** Links that ran out or never arrived, the day's work, and a connection that was ended in the matter system. */
export async function troubling({ service, admin, staff, payer }: Cast, see: See): Promise<void> {
  const address = await steps.makeLink(staff.tab, service, "TR-0611");
  await letExpire(service, staff.tab.url());
  await payer.tab.goto(address);
  await see("payer’s page, expired", payer.tab, "has expired");
  await bounceNewest(service);
  await staff.tab.goto(`${service.origin}/sent`);
  await see("sent pages", staff.tab, "New request");
  await staff.tab.goto(`${service.origin}/sent?q=nobody-has-these-words`);
  await see("sent pages, none found", staff.tab, "No links match");

  const { tab } = admin;
  const page = `${service.origin}/settings/connections`;
  await control(service, "/control/faults", { kind: "revoke_grants" });
  await tab.goto(page);
  await steps.press(tab, /^Sync now/);
  await tab.getByText("Reading has begun").waitFor();
  await steps.reloadUntil(tab, page, "Authorize again");
  await see("connections, needs authorization", tab, "Authorize again");
  await tab.goto(service.origin);
  await see("dashboard with work", tab, "must be authorized again");
}

/** The panel inside Docket, where the member looks at a matter. */
export async function beside({ service, staff }: Cast, see: See): Promise<void> {
  const { tab } = staff;
  const panel = await steps.openPanel(tab, service, "10482-007");
  await see("panel", tab, "Ledger");
  await panel.getByLabel("Amount to ask for").fill("nothing");
  await steps.press(panel, /^Send to/);
  await panel.getByText("There is a problem").waitFor();
  await see("panel with an error", tab, "Ledger");
  await panel.getByLabel("Amount to ask for").fill("100.00");
  await steps.press(panel, /^Send to/);
  await panel.getByText(/^On the way to/).waitFor();
  await see("panel, sent", tab, "Ledger");
}

/** A statement is taken back while its payer is at the processor's page: the payment comes, and has no home. */
async function payWhatWasVoided({ service, staff, payer }: Cast, number: string): Promise<void> {
  await payer.tab.goto(await steps.makeLink(staff.tab, service, number));
  await steps.press(payer.tab, /^Continue/);
  await payer.tab.getByLabel("Card number").waitFor();
  await voidInDocket(service, number);
  await steps.reloadUntil(staff.tab, `${service.origin}/matters?q=${number}`, "No open items");
  await steps.fillCard(payer.tab);
  await steps.press(payer.tab, /^Pay /);
  await steps.waitForReceipt(payer.tab);
}

/** A bookkeeper's release comes before each posting from now on. */
async function holdPostings(tab: Tab, service: Service): Promise<void> {
  await tab.goto(`${service.origin}/settings/connections`);
  await tab.getByText("How payments are written").click();
  await tab.getByLabel("Payments are written").selectOption("After a bookkeeper’s release");
  await steps.press(tab, "Save");
  await tab.getByText("It applies to payments from now on").waitFor();
}

/** The rows of the payment that holds this statement. */
function rowsOf(tab: Tab, statement: string): Locator {
  return tab.locator("tbody").filter({ hasText: statement });
}
