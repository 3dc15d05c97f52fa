import type { Page as Tab } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { DESKTOP, type Person, PHONE } from "../support/browser.ts";
import { until } from "../support/until.ts";
import { inspect } from "./inspect.ts";
import { useStage } from "./stage.ts";
import { press, signIn } from "./steps.ts";

const LIMIT_MS = 120_000;
const PICTURES = process.env.SETTINGS_PICTURES;
const ANA = "ana@marlowkeane.example";
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="60"><rect width="240" height="60" fill="#1f4a40"/></svg>`;

const stage = useStage();
let admin: Person;
let faults: string[] = [];

beforeAll(async () => {
  admin = await stage.browser.newPerson();
  await signIn(admin.tab, stage.service, "admin");
}, LIMIT_MS);

/** Waits for these words, looks at the page for faults and, when asked, takes its picture at both widths. */
async function see(name: string, words: string | RegExp): Promise<void> {
  const { tab } = admin;
  await tab.locator("main").getByText(words).filter({ visible: true }).first().waitFor();
  await tab.waitForLoadState("load");
  faults.push(...(await inspect(name, tab)));
  if (PICTURES === undefined) return;
  for (const size of [DESKTOP, PHONE]) {
    await tab.setViewportSize(size);
    const path = `${PICTURES}/${name.replace(/\W+/g, "-")}-${size.width}.png`;
    await tab.screenshot({ path, fullPage: true });
  }
  await tab.setViewportSize(DESKTOP);
}

function walk(name: string, steps: (tab: Tab, origin: string) => Promise<void>): void {
  test(
    name,
    async () => {
      faults = [];
      await steps(admin.tab, stage.service.origin);
      expect([...faults, ...admin.troubles.splice(0)]).toEqual([]);
    },
    LIMIT_MS,
  );
}

walk("an administrator writes a message, sees it as the payer will, and gets a test of it", async (tab) => {
  await tab.getByRole("link", { name: "Settings", exact: true }).click();
  await see("messages", "What the payer reads");
  await tab.getByLabel("Message", { exact: true }).fill("Hello , please pay by .");
  await tab.getByLabel("Message", { exact: true }).evaluate((field: HTMLTextAreaElement) => {
    field.setSelectionRange(6, 6);
  });
  await press(tab, "{payer name}");
  await tab.locator("#message-preview").getByText("Hello Elena Vasquez, please pay by").waitFor();
  await tab.getByLabel("Message", { exact: true }).fill("Hello {payer}, please pay.");
  await press(tab, "Save message");
  await see("messages with an error", "Did you mean {payer name}?");
  await tab
    .getByLabel("Message", { exact: true })
    .fill("Hello {payer name}, please pay {amount} by {due date}.");
  const since = new Date();
  await press(tab, "Save and send me a test");
  await see("messages, saved", "a test of it is on the way to you");
  const query = new URLSearchParams({ to: ANA, since: since.toISOString() });
  const subject = await until("the test mail", async () => {
    const answer = await fetch(`${stage.service.mailbox.origin}/control/messages?${query}`);
    const { messages } = (await answer.json()) as { messages: { subject: string }[] };
    return messages.map((message) => message.subject).find((words) => words.startsWith("Test:"));
  });
  expect(subject).toBe("Test: Payment request from Marlow Keane LLP");
  await tab.getByRole("link", { name: "Back to the standard words" }).click();
  await see("back to the standard words", "Keep yours");
  await press(tab, "Use the standard words");
  await tab.getByText("The standard words are in use again.").waitFor();
});

walk("an administrator gives the payer's page the firm's look", async (tab, origin) => {
  await tab.goto(`${origin}/settings/page`);
  await tab.getByLabel("Brand color").fill("#ffcc00");
  await press(tab, "Save payment page");
  await see("payment page with an error", "The nearest darker color that can be read is");
  await tab.getByLabel("Brand color").fill("#1f3f7a");
  await tab
    .getByLabel("Logo", { exact: true })
    .setInputFiles({ name: "logo.svg", mimeType: "image/svg+xml", buffer: Buffer.from(LOGO) });
  await press(tab, "Save payment page");
  await see("payment page", "The payment page is saved.");
  const [preview] = await Promise.all([
    tab.context().waitForEvent("page"),
    tab.getByRole("button", { name: /^See the page/ }).click(),
  ]);
  await preview.getByText("This is a preview").waitFor();
  expect(
    await preview.locator(".pay-firm img").evaluate((image: HTMLImageElement) => image.naturalWidth),
  ).toBe(240);
  faults.push(...(await inspect("preview of the payer's page", preview)));
  if (PICTURES !== undefined)
    await preview.screenshot({ path: `${PICTURES}/preview-1280.png`, fullPage: true });
  await preview.close();
});

walk("an administrator sets security, part payments and notifications", async (tab, origin) => {
  await tab.goto(`${origin}/settings/security`);
  await tab.getByLabel("Captcha before paying").selectOption("turnstile");
  await tab.getByLabel("Site key").fill("sandbox-turnstile-site");
  await tab.getByLabel("Secret").fill("not-the-secret-of-it");
  await press(tab, "Save security");
  await see("security with an error", "Turnstile does not know this secret");
  await tab.getByLabel("Secret").fill("sandbox-turnstile-secret");
  await tab.getByLabel("Links expire", { exact: true }).fill("14");
  await press(tab, "Save security");
  await see("security", "A secret is stored.");
  await tab.getByLabel("Captcha before paying").selectOption("off");
  await press(tab, "Save security");
  await tab.getByText("Security is saved.").waitFor();

  await tab.goto(`${origin}/settings/part-payments`);
  await tab.getByLabel("Payers may choose another amount").check();
  await press(tab, "Save part payments");
  await see("part payments", "Part payments are saved.");

  await tab.goto(`${origin}/settings/notifications`);
  const dispute = tab.getByRole("group", { name: "A payer disputes a payment" });
  await dispute.getByText("Tell others as well").click();
  await dispute.getByLabel("Ben Ortiz").check();
  await press(tab, "Save notifications");
  await see("notifications", "Also told: Ben Ortiz");
});

walk(
  "an administrator adds an account, and no account that pays its own fees holds client money",
  async (tab, origin) => {
    await tab.goto(`${origin}/settings/accounts`);
    await see("merchant accounts", "Client trust");
    await tab.getByRole("link", { name: "Add an account" }).click();
    await tab.getByLabel("Account at the card processor").fill("acct_marlow_second");
    await tab.getByRole("radio", { name: /^Trust/ }).check();
    await tab.getByLabel("Name", { exact: true }).fill("New York");
    await press(tab, "Add account");
    await see("an account refused", "they would come out of client money");
    await tab.getByRole("radio", { name: /^Operating/ }).check();
    await press(tab, "Add account");
    await see("merchant accounts, three", "New York can receive payments now.");
    await tab.getByRole("link", { name: "Edit New York" }).click();
    await see("an account", "Taken out of each payment");
    await tab.getByRole("link", { name: "Archive" }).click();
    await see("the question before archiving", "New requests cannot go into it.");
    await press(tab, "Archive New York");
    await tab.getByText("New York is archived.").waitFor();
  },
);

walk("an administrator reads the record, and two who write at once lose nothing", async (tab, origin) => {
  await tab.goto(`${origin}/settings/part-payments`);
  const other = await tab.context().newPage();
  await other.goto(`${origin}/settings/part-payments`);
  await other.getByLabel(/^Least amount/).fill("75.00");
  await press(other, "Save part payments");
  await other.getByText("Part payments are saved.").waitFor();
  await other.close();
  await tab.getByLabel(/^Least amount/).fill("80.00");
  await press(tab, "Save part payments");
  await see("somebody else was quicker", "Somebody else changed this while you were writing.");
  await press(tab, "Save part payments");
  await tab.getByText("Part payments are saved.").waitFor();
  await tab.getByRole("link", { name: "Record", exact: true }).click();
  await see("record", "Part payments changed");
  await tab.getByLabel("What").selectOption("settings");
  await press(tab, "Show");
  await see("record, filtered", "Merchant account archived");
});
