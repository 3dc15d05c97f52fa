import { expect, test } from "vitest";
import { inspect } from "./inspect.ts";
import { payAddress, sendQuickLink, waitForMail } from "./letters.ts";
import { expectFaultless } from "./look.ts";
import { useStaffAndPayer } from "./stage.ts";
import * as steps from "./steps.ts";

const PATH_LIMIT_MS = 120_000;
const stage = useStaffAndPayer();

test(
  "an email that came back is put right from the list of things to do, and the new one reaches the payer",
  async () => {
    const { service } = stage;
    const { tab } = stage.staff;
    const linkPage = await sendQuickLink(tab, service, {
      payer: "Elena Vasquez",
      emails: "bounce@vasquez.example, ines@vasquez.example",
      amount: "250.00",
    });
    await steps.reloadUntil(tab, linkPage, "The request did not reach every address.");
    await expectFaultless("link, bounced", tab);
    const first = await waitForMail(service, "ines@vasquez.example", "Payment request");
    const notice = await waitForMail(service, "dana@marlowkeane.example", "did not arrive");
    expect(notice.subject).not.toContain("Vasquez");

    await steps.reloadUntil(tab, service.origin, "The email to Elena Vasquez bounced");
    await tab.getByRole("link", { name: /^Fix and resend/ }).click();
    await tab.waitForURL(/\/links\/[^/]+#fix$/);
    await tab.getByLabel("Email addresses").fill("elena@");
    await steps.press(tab, "Send to this address");
    await tab.getByText("There is a problem").first().waitFor();
    await expectFaultless("correct the address, with an error", tab);
    const since = new Date();
    await tab.getByLabel("Email addresses").fill("elena@vasquez.example");
    await tab.getByLabel("Language of emails and page").selectOption("es");
    await steps.press(tab, "Send to this address");
    await tab.getByText("The address is corrected").waitFor();

    const second = await waitForMail(service, "elena@vasquez.example", "Solicitud de pago", since);
    expect(second.text).toContain("Revisar y pagar");
    await steps.reloadUntil(tab, linkPage, "Delivered");
    await expectFaultless("link, corrected", tab);
    await tab.goto(service.origin);
    expect(await tab.getByText("The email to Elena Vasquez bounced").count()).toBe(0);

    await stage.payer.tab.goto(payAddress(first));
    await stage.payer.tab.getByRole("heading", { level: 1 }).waitFor();
    expect(await stage.payer.tab.getByText("250.00").count()).toBe(0);
    await stage.payer.tab.goto(payAddress(second));
    await stage.payer.tab.getByText("250.00").first().waitFor();
    await steps.reloadUntil(tab, linkPage, /^Viewed$/);
    expect([...stage.staff.troubles, ...stage.payer.troubles]).toEqual([]);
  },
  PATH_LIMIT_MS,
);

test(
  "an address that the mail service has switched off is said so, with what to do",
  async () => {
    const { tab } = stage.staff;
    const linkPage = await sendQuickLink(tab, stage.service, {
      payer: "Hugo Lindqvist",
      emails: "rejected@lindqvist.example",
      amount: "80.00",
    });
    await steps.reloadUntil(tab, linkPage, /no longer writes to this address/);
    expect(await tab.getByText("Use another address").count()).toBeGreaterThan(0);
    await tab.goto(`${linkPage}/correct`);
    await tab.getByText("Bounced").first().waitFor();
    await expectFaultless("correct the address", tab);
    expect(stage.staff.troubles).toEqual([]);
  },
  PATH_LIMIT_MS,
);

test(
  "a letter is accessible at every width",
  async () => {
    const { service } = stage;
    const { html } = await waitForMail(service, "ines@vasquez.example", "Payment request");
    // A page of the service lets no text be written into it.
    await stage.payer.tab.goto("about:blank");
    await stage.payer.tab.setContent(html);
    const faults = await inspect("the request as an email", stage.payer.tab);
    // Where the focus is, a mail program shows by its own means.
    expect(faults.filter((fault) => !fault.includes("no visible focus"))).toEqual([]);
  },
  PATH_LIMIT_MS,
);
