import { expect, test } from "vitest";
import { bank, card, OPERATING, type Stand, sessionFor, startStand } from "./stand.ts";

const on = { stripeAccount: OPERATING };

async function page(stand: Stand, path: string): Promise<{ status: number; text: string; headers: Headers }> {
  const response = await fetch(`${stand.origin}${path}`);
  return { status: response.status, text: await response.text(), headers: response.headers };
}

test("the page shows who is paid, for what, how much, how and the way back, without script", async () => {
  const stand = await startStand();
  const session = await stand.stripe.checkout.sessions.create(sessionFor(123_456), on);
  expect(session.url).toBe(`${stand.origin}/c/pay/${session.id}`);
  const { text, headers } = await page(stand, `/c/pay/${session.id}`);
  const words = [
    "Hale &amp; Brandt LLP",
    "$1,234.56",
    "Statement 1042",
    "US bank account",
    "4000 0000 0000 0002",
  ];
  for (const word of [...words, "https://firm.example/back"]) expect(text).toContain(word);
  expect(text).not.toContain("<script");
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
});

test("the form of the bank debit is one link away", async () => {
  const stand = await startStand();
  const session = await stand.stripe.checkout.sessions.create(sessionFor(), on);
  const { text } = await page(stand, `/c/pay/${session.id}?method=us_bank_account`);
  expect(text).toContain("Routing number");
  expect(text).toContain("000123456789");
  expect(text).not.toContain('name="cvc"');
});

test("an address that the session brought with it cannot be replaced by the payer", async () => {
  const stand = await startStand();
  const wish = { ...sessionFor(), customer_email: "client@example.com" };
  const session = await stand.stripe.checkout.sessions.create(wish, on);
  expect((await page(stand, `/c/pay/${session.id}`)).text).toContain('value="client@example.com"');
  await stand.pay(session, { ...card(), email: "other@example.com" });
  const paid = await stand.stripe.checkout.sessions.retrieve(session.id, {}, on);
  expect(paid.customer_details).toMatchObject({ email: "client@example.com", name: "Pat Payer" });
});

test("a page that is shown again does not bring the card's number back", async () => {
  const stand = await startStand();
  const session = await stand.stripe.checkout.sessions.create(sessionFor(), on);
  const again = await (await stand.pay(session, card("4000000000009987"))).text();
  expect(again).toContain('value="payer@example.com"');
  expect(again).not.toContain('value="4000000000009987"');
  // The reason is still there when the payer comes back later.
  expect((await page(stand, `/c/pay/${session.id}`)).text).toContain("Your card was declined.");
});

test("what a merchant writes is text, never markup", async () => {
  const stand = await startStand();
  const wish = sessionFor();
  const [item] = wish.line_items ?? [];
  if (item?.price_data?.product_data !== undefined)
    item.price_data.product_data.name = "<img src=x onerror=alert(1)>";
  const session = await stand.stripe.checkout.sessions.create(wish, on);
  expect((await page(stand, `/c/pay/${session.id}`)).text).not.toContain("<img");
});

test("an authorised debit, an expired session and an unknown one each say what they are", async () => {
  const stand = await startStand();
  const debited = await stand.stripe.checkout.sessions.create(sessionFor(), on);
  await stand.pay(debited, bank());
  expect((await page(stand, `/c/pay/${debited.id}`)).text).toContain("The bank debit is under way");
  const expired = await stand.stripe.checkout.sessions.create(sessionFor(), on);
  await stand.stripe.checkout.sessions.expire(expired.id, {}, on);
  expect((await page(stand, `/c/pay/${expired.id}`)).text).toContain("This payment page has expired");
  expect(await page(stand, "/c/pay/cs_test_none")).toMatchObject({ status: 404 });
});

test("a paid charge has a receipt at the address it names", async () => {
  const stand = await startStand();
  await stand.pay(await stand.stripe.checkout.sessions.create(sessionFor(5_000), on));
  const [charge] = (await stand.stripe.charges.list({}, on)).data;
  const receipt = await fetch(charge?.receipt_url ?? "");
  expect(await receipt.text()).toContain("$50.00");
});

test("the dashboard lists payments, payouts and events, and its buttons come back to it", async () => {
  const stand = await startStand();
  await stand.pay(await stand.stripe.checkout.sessions.create(sessionFor(), on), bank());
  const [charge] = (await stand.stripe.charges.list({}, on)).data;
  expect((await page(stand, "/dashboard")).text).toContain("Settle");
  const settled = await stand.submit("/control/settle", { charge: charge?.id ?? "", back: "dashboard" });
  expect([settled.status, settled.headers.get("location")]).toEqual([303, "/dashboard"]);
  await stand.submit("/control/payout", { account: OPERATING, back: "dashboard" });
  await stand.delivered("payout.paid");
  const { text } = await page(stand, "/dashboard");
  for (const words of [charge?.id ?? "", "Dispute", "payout.paid", "answered 200", "Send again"]) {
    expect(text).toContain(words);
  }
});
