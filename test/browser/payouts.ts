import { ACCOUNTS, control, openStripe } from "../flows/doors.ts";
import type { Service } from "../support/start-service.ts";
import type { Cast, See } from "./chapters.ts";
import * as steps from "./steps.ts";

const [OPERATING, TRUST] = ACCOUNTS;
const FOREIGN_CENTS = 12_500;
const CARD = { method: "card", email: "counter@okafor.example", name: "Counter", number: "4242424242424242" };

/** A bookkeeper's deposits: empty, one that ties, one that does not and is explained, one that comes back, and the reports. */
export async function depositing(cast: Cast, see: See): Promise<void> {
  const { service, admin, staff } = cast;
  const { tab } = admin;
  const page = `${service.origin}/deposits`;
  await tab.goto(page);
  await see("deposits, none", tab, "No deposits yet");
  await payAll(cast, ["20391", "20437"]);
  // The member is still on the page of the link that was made last.
  await tab.goto(staff.tab.url());
  await see("link, expected deposit", tab, /^Expected /);
  await payOut(service, OPERATING);
  await steps.reloadUntil(tab, `${page}?tab=paid`, /^Ties$/);
  await see("deposits", tab, "Ties");
  await tab.getByRole("link", { name: /^D-/ }).first().click();
  await see("deposit that ties", tab, "It ties to the cent");
  await explaining(cast, see);
  await reporting(cast, see);
}

async function explaining({ service, admin, staff, payer }: Cast, see: See): Promise<void> {
  const { tab } = admin;
  const page = `${service.origin}/deposits`;
  await payer.tab.goto(await steps.makeLink(staff.tab, service, "20425"));
  await steps.payByCard(payer.tab);
  await payAtCounter(service);
  const payoutId = await payOut(service, OPERATING);
  await steps.reloadUntil(tab, `${page}?tab=does-not-tie`, /\$[\d.]+ differs/);
  await see("deposits, does not tie", tab, "1 difference is open");
  await tab.getByRole("link", { name: /^D-/ }).first().click();
  await see("deposit that does not tie", tab, "Not explained by our books");
  await tab.getByRole("link", { name: "Explain" }).click();
  await steps.press(tab, /^Explain/);
  await see("explain a line, error", tab, "There is a problem");
  await tab.goto(`${service.origin}/`);
  await see("today with a difference", tab, "does not tie");
  await tab.goto(`${page}/differences`);
  await see("differences", tab, "does not tie");
  await tab.getByRole("link", { name: "Close", exact: true }).first().click();
  await see("close a difference", tab, "Close this difference?");
  await tab.goto(`${page}?tab=does-not-tie`);
  await tab.getByRole("link", { name: /^D-/ }).first().click();
  await tab.getByRole("link", { name: "Explain" }).click();
  await tab.getByLabel("What explains it").fill("Taken at the counter, receipt 4711.");
  await steps.press(tab, /^Explain/);
  await see("deposit that was explained", tab, "It ties to the cent");
  await control(service, "payout/fail", { payout: payoutId });
  await steps.reloadUntil(tab, `${page}?tab=failed`, "Came back");
  await tab.getByRole("link", { name: /^D-/ }).first().click();
  await see("deposit that came back", tab, "did not reach your bank");
}

async function reporting(cast: Cast, see: See): Promise<void> {
  const { service, admin } = cast;
  const { tab } = admin;
  const page = `${service.origin}/deposits`;
  await control(service, "fees", { account: TRUST, payer: "account" });
  await payAll(cast, ["TR-0612"]);
  await payOut(service, TRUST);
  await steps.reloadUntil(tab, page, "Money left a trust account that may not.");
  await see("deposits with an alarm", tab, "Money left a trust account");
  await tab.goto(`${page}/differences`);
  await see("differences with an alarm", tab, "Trust alarm");
  await tab.goto(`${page}/reconciliation?from=2026-01-01&to=2099-12-31`);
  await see("three-way reconciliation", tab, "Bank less our books");
  await tab.getByLabel("Arrived from").fill("2099-01-01");
  await steps.press(tab, "Show");
  await see("three-way reconciliation, nothing arrived", tab, "No deposit arrived");
  await tab.goto(`${page}/reconciliation?from=never`);
  await see("three-way reconciliation, error", tab, "There is a problem");
  await steps.reloadUntil(tab, `${page}/trust?from=2026-01-01&to=2099-12-31`, "All ledgers");
  await tab
    .getByRole("link", { name: /Okafor/ })
    .first()
    .click();
  await see("trust report", tab, "Entries of");
}

async function payAll({ service, staff, payer }: Cast, numbers: readonly string[]): Promise<void> {
  for (const number of numbers) {
    await payer.tab.goto(await steps.makeLink(staff.tab, service, number));
    await steps.payByCard(payer.tab);
  }
}

async function payOut(service: Service, account: string): Promise<string> {
  const stripe = await openStripe(service);
  await control(service, "payout", { account });
  const { data } = await stripe.payouts.list({ limit: 1 }, { stripeAccount: account });
  return data[0]?.id ?? "";
}

/** The firm takes a payment at the processor's own page, without us. */
async function payAtCounter(service: Service): Promise<void> {
  const stripe = await openStripe(service);
  const item = { currency: "usd", unit_amount: FOREIGN_CENTS, product_data: { name: "Counter" } };
  const session = await stripe.checkout.sessions.create(
    {
      mode: "payment",
      line_items: [{ quantity: 1, price_data: item }],
      success_url: "https://firm.example/done",
      cancel_url: "https://firm.example/back",
    },
    { stripeAccount: OPERATING },
  );
  const body = new URLSearchParams({ ...CARD, expiry: "12 / 34", cvc: "123" });
  const answer = await fetch(session.url ?? "", { method: "POST", body, redirect: "manual" });
  if (answer.status !== 303) throw new Error(`the counter's payment was refused: ${answer.status}`);
}
