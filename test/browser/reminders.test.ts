import type { Page as Tab } from "playwright-core";
import { expect, test } from "vitest";
import type { Person } from "../support/browser.ts";
import { until } from "../support/until.ts";
import { faultsOf } from "./look.ts";
import { useStage } from "./stage.ts";
import * as steps from "./steps.ts";

const PATH_LIMIT_MS = 120_000;
const DAY_MS = 86_400_000;
const stage = useStage();
const faults: string[] = [];

async function look(name: string, tab: Tab, words: string | RegExp): Promise<void> {
  faults.push(...(await faultsOf(name, tab, words)));
}

const dayAhead = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** Quick Link by email, due in two weeks. Ends on the page of the link. */
async function sendRequest(tab: Tab): Promise<void> {
  await tab.goto(`${stage.service.origin}/quick`);
  await tab.getByRole("radio", { name: /^Operating/ }).check();
  await tab.getByLabel("Amount due").fill("2,500.00");
  await tab.getByLabel("Due date").fill(dayAhead(14));
  await tab.getByLabel("What it is for").fill("Advice on the lease");
  await tab.getByLabel("Recipient’s name").fill("Elena Vasquez");
  await tab.getByLabel(/^Email address/).fill("elena@vasquezmail.example");
  await steps.press(tab, /^Send link/);
  await tab.waitForURL(/\/links\//);
}

async function reminderMail(): Promise<{ subject: string } | undefined> {
  const query = new URLSearchParams({ to: "elena@vasquezmail.example" });
  const answer = await fetch(`${stage.service.mailbox.origin}/control/messages?${query}`);
  const { messages } = (await answer.json()) as { messages: { subject: string }[] };
  return messages.length >= 2 ? messages[0] : undefined;
}

test(
  "an administrator sets the reminders, sees their dates, and staff follows them on a link",
  async () => {
    const admin = await stage.browser.newPerson();
    await steps.signIn(admin.tab, stage.service, "admin");
    await settingReminders(admin);

    const staff = await stage.browser.newPerson();
    await steps.signIn(staff.tab, stage.service, "staff");
    await sendRequest(staff.tab);
    await staff.tab.getByRole("link", { name: "Dates, switch, remind now" }).click();
    await look("reminders of a link", staff.tab, /^Next: /);
    expect(await staff.tab.getByText("10 days before due").count()).toBe(1);

    await steps.press(staff.tab, "Remind now");
    await look("reminders after one by hand", staff.tab, "The reminder is on its way.");
    await staff.tab.getByText(/^Sent by /).waitFor();
    expect(await staff.tab.getByRole("button", { name: "Remind now" }).count()).toBe(0);
    await until("the reminder in the outbox", reminderMail);

    await steps.press(staff.tab, "Turn reminders off");
    await look("reminders switched off", staff.tab, "Reminders are switched off for this link.");
    await steps.press(staff.tab, "Turn reminders on");
    await staff.tab.getByText("Reminders are on for this link.").waitFor();

    await staff.tab.goto(`${stage.service.origin}/settings/reminders`);
    await staff.tab.getByText("This is not open to you").waitFor();
    for (const person of [admin, staff]) faults.push(...person.troubles);
    expect(faults).toEqual([]);
  },
  PATH_LIMIT_MS,
);

async function settingReminders({ tab }: Person): Promise<void> {
  await tab.goto(`${stage.service.origin}/settings/reminders`);
  await look("reminders, nothing saved", tab, "Send reminders for new requests");
  await tab.getByRole("checkbox", { name: /^Send reminders for new requests/ }).check();
  await tab.getByLabel("Reminder 1, days").fill("10");
  await tab.getByLabel("Sent", { exact: true }).fill("2026-11-17");
  await tab.getByLabel("Due", { exact: true }).fill("2026-12-01");
  await tab.getByLabel("Time of day").selectOption("13");
  // Saturday, November 21, and the business day before it; the script asks for the dates by itself.
  await tab.getByText("moved from Sat, Nov 21").waitFor();
  await steps.press(tab, "Add a reminder");
  await tab.getByLabel("Reminder 4, days").fill("soon");
  await steps.press(tab, "Save reminders");
  await look("reminders with an error", tab, "There is a problem");
  expect(await tab.getByLabel("Reminder 4, days").inputValue()).toBe("soon");
  await tab.getByLabel("Reminder 4, days").fill("21");
  await steps.press(tab, "Save reminders");
  await look("reminders, saved", tab, "Reminders are saved. New requests follow them.");
}

test(
  "the reminders are set without a script, and by Enter nothing is deleted",
  async () => {
    const admin = await stage.browser.newPerson({ javaScriptEnabled: false });
    await steps.signInByMail(admin.tab, stage.service, "ana@marlowkeane.example");
    const { tab } = admin;
    await tab.goto(`${stage.service.origin}/settings/reminders`);
    const rows = await tab.getByRole("button", { name: /^Delete reminder/ }).count();
    await tab.getByLabel("Reminder 1, days").fill("5");
    await tab.getByLabel("Reminder 1, days").press("Enter");
    await tab.waitForURL(/\/draft/);
    expect(await tab.getByRole("button", { name: /^Delete reminder/ }).count()).toBe(rows);
    await steps.press(tab, "Delete reminder 2");
    await tab.waitForLoadState("load");
    expect(await tab.getByRole("button", { name: /^Delete reminder/ }).count()).toBe(rows - 1);
    await steps.press(tab, "Add one on the due date");
    await steps.press(tab, "Save reminders");
    await tab.getByText(/^Reminders are saved/).waitFor();
    expect(admin.troubles).toEqual([]);
  },
  PATH_LIMIT_MS,
);
