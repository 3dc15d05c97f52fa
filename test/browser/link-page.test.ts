import type { Page as Tab } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Person } from "../support/browser.ts";
import { inspect } from "./inspect.ts";
import { payAddress, sendQuickLink, waitForMail } from "./letters.ts";
import { useStage } from "./stage.ts";
import * as steps from "./steps.ts";

const PATH_LIMIT_MS = 120_000;
const ADDRESS = "adaeze@okafor.example";
const stage = useStage();
let staff: Person;
let payer: Person;

beforeAll(async () => {
  [staff, payer] = await Promise.all([stage.browser.newPerson(), stage.browser.newPerson()]);
  await steps.signIn(staff.tab, stage.service, "staff");
});

async function faultless(name: string, tab: Tab): Promise<void> {
  expect(await inspect(name, tab)).toEqual([]);
}

test(
  "a link is looked at, extended, paid in part and followed, and the payer gets from the old one to the new",
  async () => {
    const { service } = stage;
    const { tab } = staff;
    const linkPage = await sendQuickLink(tab, service, {
      payer: "Adaeze Okafor",
      emails: ADDRESS,
      amount: "900.00",
      part: true,
    });
    const mail = await waitForMail(service, ADDRESS, "Payment request");
    await steps.reloadUntil(tab, linkPage, "Delivered");
    await faultless("link, delivered", tab);

    await tab.getByRole("link", { name: "Preview as the payer sees it" }).click();
    await tab.getByText("Preview for your firm.").waitFor();
    await faultless("preview of the payer’s page", tab);
    await steps.press(tab, /^Continue/);
    await tab.getByText("Nothing was begun.").waitFor();
    await tab.getByRole("link", { name: "Back to the link" }).click();
    await tab.getByText("Not yet").waitFor();

    await tab.getByRole("link", { name: "Edit expiry" }).click();
    await tab.getByLabel("Last day to pay").fill("2020-01-01");
    await steps.press(tab, "Save");
    await tab.getByText("There is a problem").first().waitFor();
    await faultless("edit expiry, with an error", tab);
    await tab.getByRole("link", { name: "Back", exact: true }).click();

    await payer.tab.goto(payAddress(mail));
    await payer.tab.getByRole("radio", { name: /^Another amount/ }).check();
    await payer.tab.getByLabel("Amount to pay").fill("400.00");
    await steps.payByCard(payer.tab);

    await steps.reloadUntil(tab, linkPage, "$500.00 still owed");
    await faultless("link, part paid", tab);
    const notice = await waitForMail(service, "dana@marlowkeane.example", "Payment received");
    expect(notice.text).toContain("$500.00 of $900.00 is still owed");
    await waitForMail(service, ADDRESS, "Receipt");

    const since = new Date();
    await steps.press(tab, /^New link for \$500\.00/);
    await tab.getByText("The new link is made.").waitFor();
    await waitForMail(service, ADDRESS, "Payment request", since);
    await faultless("link, successor", tab);
    await payer.tab.goto(payAddress(mail));
    await payer.tab.getByRole("link", { name: "Pay the rest" }).click();
    await payer.tab.getByText("$500.00").first().waitFor();
    expect([...staff.troubles, ...payer.troubles]).toEqual([]);
  },
  PATH_LIMIT_MS,
);
