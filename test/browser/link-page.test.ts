import { expect, test } from "vitest";
import { payAddress, sendQuickLink, waitForMail } from "./letters.ts";
import { expectFaultless } from "./look.ts";
import { useStaffAndPayer } from "./stage.ts";
import * as steps from "./steps.ts";

const PATH_LIMIT_MS = 120_000;
const ADDRESS = "adaeze@okafor.example";
const stage = useStaffAndPayer();

test(
  "a link is looked at, extended, paid in part and followed, and the payer gets from the old one to the new",
  async () => {
    const { service } = stage;
    const { tab } = stage.staff;
    const linkPage = await sendQuickLink(tab, service, {
      payer: "Adaeze Okafor",
      emails: ADDRESS,
      amount: "900.00",
      part: true,
    });
    const mail = await waitForMail(service, ADDRESS, "Payment request");
    await steps.reloadUntil(tab, linkPage, "Delivered");
    await expectFaultless("link, delivered", tab);

    await tab.getByRole("link", { name: "Preview as the payer sees it" }).click();
    await tab.getByText("Preview for your firm.").waitFor();
    await expectFaultless("preview of the payer’s page", tab);
    await steps.press(tab, /^Continue/);
    await tab.getByText("Nothing was begun.").waitFor();
    await tab.getByRole("link", { name: "Back to the link" }).click();
    await tab.getByText("Not yet").waitFor();

    await tab.getByRole("link", { name: "Edit expiry" }).click();
    await tab.getByLabel("Last day to pay").fill("2020-01-01");
    await steps.press(tab, "Save");
    await tab.getByText("There is a problem").first().waitFor();
    await expectFaultless("edit expiry, with an error", tab);
    await tab.getByRole("link", { name: "Back", exact: true }).click();

    await stage.payer.tab.goto(payAddress(mail));
    await stage.payer.tab.getByRole("radio", { name: /^Another amount/ }).check();
    await stage.payer.tab.getByLabel("Amount to pay").fill("400.00");
    await steps.payByCard(stage.payer.tab);

    await steps.reloadUntil(tab, linkPage, "$500.00 still owed");
    await expectFaultless("link, part paid", tab);
    const notice = await waitForMail(service, "dana@marlowkeane.example", "Payment received");
    expect(notice.text).toContain("$500.00 of $900.00 is still owed");
    await waitForMail(service, ADDRESS, "Receipt");

    const since = new Date();
    await steps.press(tab, /^New link for \$500\.00/);
    await tab.getByText("The new link is made.").waitFor();
    await waitForMail(service, ADDRESS, "Payment request", since);
    await expectFaultless("link, successor", tab);
    await stage.payer.tab.goto(payAddress(mail));
    await stage.payer.tab.getByRole("link", { name: "Pay the rest" }).click();
    await stage.payer.tab.getByText("$500.00").first().waitFor();
    expect([...stage.staff.troubles, ...stage.payer.troubles]).toEqual([]);
  },
  PATH_LIMIT_MS,
);
