import { afterAll, beforeAll, expect, test } from "vitest";
import type { Person } from "../support/browser.ts";
import { faultsOf } from "./look.ts";
import { atProcessor } from "./outside.ts";
import { useStage } from "./stage.ts";
import * as steps from "./steps.ts";

const CHAPTER_LIMIT_MS = 150_000;
const stage = useStage();
let admin: Person;
let bookkeeper: Person;
let payer: Person;
const faults: string[] = [];

beforeAll(async () => {
  [admin, bookkeeper, payer] = await Promise.all([newPerson(), newPerson(), newPerson()]);
  await steps.signIn(admin.tab, stage.service, "admin");
  await steps.authorizeDocket(admin.tab, stage.service);
  await steps.signIn(bookkeeper.tab, stage.service, "bookkeeper");
  await steps.waitForMatter(bookkeeper.tab, stage.service);
});
afterAll(() => {
  for (const person of [admin, bookkeeper, payer]) expect(person.troubles).toEqual([]);
});

const newPerson = () => stage.browser.newPerson();

async function see(name: string, words: string | RegExp): Promise<void> {
  faults.push(...(await faultsOf(name, bookkeeper.tab, words)));
}

/** A link for these statements, paid whole by card, and posted. Ends on the payment's page. */
async function payFor(numbers: string[]): Promise<void> {
  const { tab } = bookkeeper;
  const { origin } = stage.service;
  for (const number of numbers) {
    await tab.goto(`${origin}/matters?q=${number}`);
    await steps.tick(tab, [number]);
  }
  await steps.press(tab, /^Continue with/);
  await tab.getByRole("radio", { name: /^Copy it myself/ }).check();
  await steps.press(tab, "Review");
  await steps.press(tab, /^Make link/);
  await tab.waitForURL(/\/links\//);
  const linkPage = tab.url();
  await payer.tab.goto(await steps.addressOn(tab));
  await steps.payByCard(payer.tab);
  await steps.reloadUntil(tab, linkPage, "Posted");
  await tab.getByRole("link", { name: /^PAY-/ }).click();
  await tab.getByRole("heading", { name: "Lines" }).waitFor();
}

test(
  "a bookkeeper refunds one line of a payment and sees it reversed in the matter system",
  async () => {
    await payFor(["20391", "20418"]);
    const { tab } = bookkeeper;
    const paymentPage = tab.url();
    await see("payment, received", "What each line received");
    await tab.getByRole("link", { name: "Refund", exact: true }).click();
    await see("refund form", "For your firm’s record");
    await tab.getByLabel(/^Statement 20391/).fill("twelve");
    await steps.press(tab, "Review");
    await see("refund form with errors", "There is a problem with 2 answers");
    expect(await tab.getByLabel(/^Statement 20391/).inputValue()).toBe("twelve");
    await tab.getByLabel(/^Statement 20391/).fill("100.00");
    await tab.getByLabel(/^Statement 20418/).fill("");
    await tab.getByLabel("Reason").fill("Time entered twice");
    await steps.press(tab, "Review");
    await see("refund review", "A refund cannot be taken back");
    await steps.press(tab, "Change");
    expect(await tab.getByLabel("Reason").inputValue()).toBe("Time entered twice");
    await steps.press(tab, "Review");
    await steps.press(tab, "Refund $100.00");
    await tab.getByText("The refund is asked for").waitFor();
    await steps.reloadUntil(tab, paymentPage, "Refunded in part");
    await see("payment, refunded in part", "Time entered twice");
    await tab.getByRole("link", { name: "Show postings" }).click();
    await steps.reloadUntil(tab, tab.url(), "Reversed");
    await see("postings of a refunded payment", "Reversed");
    await tab.goto(paymentPage);
    await tab.getByRole("link", { name: /^SFP-/ }).click();
    await see("link, refunded in part", "Refund asked for");
    expect(faults.splice(0)).toEqual([]);
  },
  CHAPTER_LIMIT_MS,
);

test(
  "a dispute stands on the day's list with its deadline, and lines that nobody knows are chosen",
  async () => {
    await payFor(["20361", "20425"]);
    const { tab } = bookkeeper;
    const paymentPage = tab.url();
    const dispute = await atProcessor(stage.service, paymentPage, "dispute", { amount: 1_000 });
    await steps.reloadUntil(tab, paymentPage, "The payer’s bank disputes $10.00");
    await see("payment, disputed in part", "Choose lines");
    expect(await tab.getByRole("link", { name: "Refund", exact: true }).count()).toBe(0);
    await tab.goto(stage.service.origin);
    await see("today with a dispute", "is disputed");
    await tab.goto(paymentPage);
    await tab.getByRole("link", { name: "Choose lines" }).click();
    await see("lines of a dispute", "must add up to $10.00");
    await tab.getByLabel(/^Statement 20425/).fill("3.00");
    await steps.press(tab, "Save");
    await see("lines of a dispute with an error", "They add up to $3.00 now");
    await tab.getByLabel(/^Statement 20425/).fill("10.00");
    await steps.press(tab, "Save");
    await tab.getByText("The lines are saved").waitFor();
    await atProcessor(stage.service, paymentPage, "dispute/close", { dispute, outcome: "won" });
    await steps.reloadUntil(tab, paymentPage, "The money is in the account");
    await see("payment, dispute won", "Won");
    await tab.getByRole("link", { name: "Refund", exact: true }).waitFor();
    expect(faults.splice(0)).toEqual([]);
  },
  CHAPTER_LIMIT_MS,
);
