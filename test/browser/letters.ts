import type { Page as Tab } from "playwright-core";
import type { Service } from "../support/start-service.ts";
import { until } from "../support/until.ts";
import { press } from "./steps.ts";

type Mail = {
  id: string;
  subject: string;
  to: string[];
  html: string;
  text: string;
  links: string[];
  submitted_at: string;
};

/** Fills Quick Link for the operating account and sends it. Ends on the link's page. */
export async function sendQuickLink(
  tab: Tab,
  service: Service,
  asked: { payer: string; emails: string; amount: string; part?: boolean },
): Promise<string> {
  await tab.goto(`${service.origin}/quick`);
  await tab.getByRole("radio", { name: /^Operating/ }).check();
  await tab.getByLabel("Amount due").fill(asked.amount);
  await tab.getByLabel("What it is for").fill("Advice on the lease");
  await tab.getByLabel("Recipient’s name").fill(asked.payer);
  await tab.getByLabel("Email addresses").fill(asked.emails);
  if (asked.part) {
    await tab.getByText("Expiry and part payments").click();
    await tab.getByLabel("Another amount").selectOption("yes");
  }
  await press(tab, "Send link");
  await tab.waitForURL(/\/links\//);
  return tab.url();
}

/** The newest message to an address whose subject holds these words, as soon as it is in the outbox. */
export function waitForMail(service: Service, to: string, words: string, since?: Date): Promise<Mail> {
  const query = new URLSearchParams({ to, ...(since ? { since: since.toISOString() } : {}) });
  return until(`a message to ${to} about ${words}`, async () => {
    const answer = await fetch(`${service.mailbox.origin}/control/messages?${query}`);
    const { messages } = (await answer.json()) as { messages: Mail[] };
    return messages.find(({ subject }) => subject.includes(words));
  });
}

/** The payer's address in a message. */
export function payAddress(mail: Mail): string {
  return mail.links.find((link) => link.includes("/p/")) ?? "";
}
