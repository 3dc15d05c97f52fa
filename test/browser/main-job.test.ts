import { expect, test } from "vitest";
import { type Person, PHONE } from "../support/browser.ts";
import { MATTER_NUMBER, waitForMail } from "../support/main-job.ts";
import type { Service } from "../support/start-service.ts";
import { makeForeignSite } from "./foreign-site.ts";
import { useStage } from "./stage.ts";
import * as steps from "./steps.ts";

const stage = useStage();

/** A member of the firm in a browser of their own. */
async function newMember(role: keyof Service["links"]): Promise<Person> {
  const member = await stage.browser.newPerson();
  await steps.signIn(member.tab, stage.service, role);
  return member;
}

test("a request is made, sent, paid on a phone without a script, and posted into the matter system", async () => {
  const admin = await stage.browser.newPerson();
  await steps.signIn(admin.tab, stage.service, "admin");
  await steps.authorizeDocket(admin.tab, stage.service);
  const staff = await newMember("staff");
  await steps.waitForMatter(staff.tab, stage.service);
  const since = new Date();
  await steps.tick(staff.tab, ["20391", "20402"]);
  await staff.tab.getByLabel(/^Amount for 20402/).fill("1,000.00");
  await steps.sendBasket(staff.tab);
  expect(await staff.tab.getByRole("heading", { level: 1 }).textContent()).toContain("$1,900.00");

  const mail = await waitForMail(stage.service, since);
  await staff.tab.goto(`${stage.service.mailbox.origin}/outbox`);
  await staff.tab.getByRole("link", { name: mail.subject }).first().click();
  await staff.tab.getByRole("heading", { level: 1 }).waitFor();

  const payer = await stage.browser.newPerson({ viewport: PHONE, isMobile: true, javaScriptEnabled: false });
  await payer.tab.goto(mail.link);
  await steps.payByCard(payer.tab);
  expect(await payer.tab.locator("main").textContent()).toContain("$1,900.00");

  const bookkeeper = await newMember("bookkeeper");
  await steps.reloadUntil(bookkeeper.tab, `${stage.service.origin}/postings?tab=posted`, /, confirmed$/);
  await openMatterInDocket(staff);
  const row = staff.tab.getByRole("row").filter({ has: staff.tab.getByRole("rowheader", { name: "20402" }) });
  expect(await row.locator("[data-label=Balance]").textContent()).toBe("$1,500.00");
  for (const person of [admin, staff, payer, bookkeeper]) expect(person.troubles).toEqual([]);
});

test("staff sends a request without a script", async () => {
  const staff = await stage.browser.newPerson({ javaScriptEnabled: false });
  const since = new Date();
  await steps.signInByMail(staff.tab, stage.service, "dana@marlowkeane.example");
  await staff.tab.goto(`${stage.service.origin}/matters?q=20437`);
  await steps.tick(staff.tab, ["20437"]);
  await steps.sendBasket(staff.tab);
  expect((await waitForMail(stage.service, since)).subject).toContain("Marlow Keane LLP");
  expect(staff.troubles).toEqual([]);
});

test("from inside the matter system, the panel sends a request for the matter on screen", async () => {
  const dana = await stage.browser.newPerson();
  const since = new Date();
  const panel = await steps.openPanel(dana.tab, stage.service, MATTER_NUMBER);
  await panel.getByRole("checkbox", { name: /20418/ }).check();
  await panel.getByRole("checkbox", { name: /20402/ }).uncheck();
  await panel.getByLabel("Amount to ask for").fill("240.00");
  await steps.press(panel, "Send to Adaeze Okafor");
  await panel.getByText("On the way to Adaeze Okafor").waitFor();
  const mail = await waitForMail(stage.service, since);
  const payer = await stage.browser.newPerson({ viewport: PHONE, javaScriptEnabled: false });
  await payer.tab.goto(mail.link);
  expect(await payer.tab.locator("main").textContent()).toContain("$240.00");

  await expectPartitions(dana);
  expect(dana.troubles).toEqual([]);
});

/** Who is signed in inside the frame is a stranger in a tab, and the other way round. */
async function expectPartitions(dana: Person): Promise<void> {
  const [panelFrame] = dana.tab.frames().filter((frame) => frame.url().startsWith(stage.service.origin));
  const panelUrl = panelFrame?.url() ?? "";
  const tab = await dana.context.newPage();
  await tab.goto(stage.service.origin);
  await tab.getByRole("heading", { name: "Sign in" }).waitFor();
  await tab.goto(panelUrl);
  await tab.getByText("Your browser keeps this panel signed out").waitFor();
  await steps.signInByMail(tab, stage.service, "dana@marlowkeane.example");
  await tab.goto(panelUrl);
  await tab.getByText("Your browser keeps this panel signed out").waitFor();
  const cookies = await dana.context.cookies(stage.service.origin);
  const kept = cookies.map(({ name, partitionKey }) => ({ name, isPartitioned: partitionKey !== undefined }));
  expect(kept).toContainEqual({ name: "sfp_panel", isPartitioned: true });
  expect(kept).toContainEqual({ name: "sfp_session", isPartitioned: false });
  await tab.close();
}

test("another site can put none of the pages into a frame", async () => {
  const visitor = await stage.browser.newPerson();
  const paths = ["/signin", `/embed/matters/${crypto.randomUUID()}`, "/p/a-payers-link"];
  const addresses = paths.map((path) => `${stage.service.origin}${path}`);
  const site = await makeForeignSite(addresses);
  try {
    await visitor.tab.goto(site.origin);
    const refusals = () => visitor.troubles.filter((trouble) => trouble.includes("frame-ancestors"));
    await expect.poll(refusals).toHaveLength(addresses.length);
    const framed = visitor.tab.frames().filter((frame) => frame.url().startsWith(stage.service.origin));
    expect(framed).toEqual([]);
  } finally {
    await site.close();
  }
});

/** The matter's page, as Docket shows it. */
async function openMatterInDocket(person: Person): Promise<void> {
  await person.tab.goto(stage.service.docket.origin);
  await steps.press(person.tab, /Dana Whitfield/);
  await person.tab.goto(`${stage.service.docket.origin}/matters?q=${MATTER_NUMBER}`);
  await person.tab.getByRole("link", { name: new RegExp(`^${MATTER_NUMBER}`) }).click();
  await person.tab.getByRole("heading", { name: "Ledger" }).waitFor();
}
