import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { newVisitor, type Visitor } from "../support/visitor.ts";
import { expectBooksToAgree, readPayments, waitForPosted } from "./books.ts";
import { readCharges, readSession, setWebhooks, troubleProcessor } from "./doors.ts";
import {
  CARD,
  goToProcessor,
  openStage,
  payAndLeave,
  type Stage,
  sendRequest,
  sessionIdOf,
  waitForPage,
} from "./stage.ts";

/** The sweep runs each minute and asks about checkouts that are a minute old. */
const SWEEP_LIMIT_MS = 140_000;
const IMPATIENT_CLICKS = 20;
const RACES = 4;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  // Nobody tells us of this one. The last test waits until it was found.
  await setWebhooks(stage.service, { stopped: true });
  await payWithoutReturn("F-NEVER", 108.08);
  await setWebhooks(stage.service, { reset: true });
});
afterEach(() => setWebhooks(stage.service, { reset: true }));
afterAll(() => stage?.close());

async function sendOne(number: string, total: number): Promise<string> {
  const { payerLinks } = await sendRequest(stage, [{ number, total }]);
  return payerLinks[0] ?? "";
}

/** One payment in our books that took the link, one charge behind it, and one posting of it. */
async function expectOnePayment(number: string, minor: bigint): Promise<void> {
  const posting = await waitForPosted(stage.books, number);
  expect(posting.amountMinor).toBe(minor);
  const payments = await readPayments(stage.books, number);
  expect(payments).toMatchObject([
    { state: "succeeded", isSurplus: false, amountMinor: minor, linkState: "payment_received" },
  ]);
  const taken = (await readCharges(stage.service)).filter((charge) => charge.amount === Number(minor));
  expect(taken.map((charge) => charge.status)).toEqual(["succeeded"]);
}

test("twenty clicks at once lead to one and the same page of the processor, and to one charge", async () => {
  const link = await sendOne("F-CLICKS", 101.01);
  const payer = newVisitor();
  await payer.open(link);
  const answers = await payer.pressAtOnce(/^Continue/, IMPATIENT_CLICKS);
  const places = new Set(answers.filter(({ status }) => status === 303).map(({ location }) => location));
  expect(places.size).toBe(1);
  const [place] = places;
  await payer.open(place ?? "");
  const paid = await payer.pressAtOnce(/^Pay /, IMPATIENT_CLICKS, CARD);
  expect(paid.filter(({ status }) => status === 303)).toHaveLength(1);
  await waitForPage(payer, link, /Payment received/);
  await expectOnePayment("F-CLICKS", 10_101n);
});

test("the page in the first tab can no longer be paid once a second tab has begun another way", async () => {
  const link = await sendOne("F-TABS", 102.02);
  const [first, second] = [newVisitor(), newVisitor()];
  await first.open(link);
  await second.open(link);
  await first.press(/^Continue/, { receipt: "first@okafor.example" });
  const firstSession = sessionIdOf(first.page);
  await second.press(/^Continue/, { receipt: "second@okafor.example" });
  expect((await readSession(stage.service, firstSession)).status).toBe("expired");
  expect(await payAndLeave(first)).toBe(409);
  expect(await payAndLeave(second)).toBe(303);
  await waitForPage(second, link, /Payment received/);
  await expectOnePayment("F-TABS", 10_202n);
});

test("a first tab that is paid while the second begins closes the way for the second", async () => {
  const link = await sendOne("F-MOMENT", 103.03);
  const first = await goToProcessor(link, { receipt: "first@okafor.example" });
  const second = newVisitor();
  await second.open(link);
  const path = `/v1/checkout/sessions/${first.sessionId}/expire`;
  await troubleProcessor(stage.service, { kind: "latency", path, milliseconds: 1_500 });
  const beginning = second.press(/^Continue/, { receipt: "second@okafor.example" });
  expect(await payAndLeave(first)).toBe(303);
  await beginning;
  expect(second.page.url).not.toContain("/c/pay/");
  await waitForPage(second, link, /Payment received/);
  await expectOnePayment("F-MOMENT", 10_303n);
});

test("whoever wins a race between paying and beginning anew, the link is paid once", async () => {
  for (let race = 0; race < RACES; race += 1) {
    const number = `F-RACE-${race}`;
    const link = await sendOne(number, 110 + race);
    const first = await goToProcessor(link, { receipt: "first@okafor.example" });
    const second = newVisitor();
    await second.open(link);
    await Promise.all([payAndLeave(first), second.press(/^Continue/, { receipt: "second@okafor.example" })]);
    if (second.page.url.includes("/c/pay/")) await payAndLeave(second);
    await waitForPage(second, link, /Payment received/);
    await expectOnePayment(number, BigInt(11_000 + race * 100));
  }
});

test("a webhook that comes twice at once counts once", async () => {
  await setWebhooks(stage.service, { duplicate: 5 });
  await payWithoutReturn("F-DOUBLE", 104.04);
  await expectOnePayment("F-DOUBLE", 10_404n);
});

test("webhooks that come in the wrong order lead to the same end", async () => {
  await setWebhooks(stage.service, { disorder: 2_000, duplicate: 2 });
  await payWithoutReturn("F-DISORDER", 105.05);
  await expectOnePayment("F-DISORDER", 10_505n);
});

test("the receipt does not wait for a late webhook, which then changes nothing", async () => {
  await setWebhooks(stage.service, { delay_milliseconds: 6_000 });
  const link = await sendOne("F-LATE", 106.06);
  const payer = await goToProcessor(link);
  await payer.press(/^Pay /, CARD);
  await waitForPage(payer, payer.page.url, /Payment received/);
  const [payment] = await readPayments(stage.books, "F-LATE");
  const about = "payload->>'paymentIntentId' = $1";
  const count = (condition: string) => countKept(condition, payment?.paymentIntentId);
  expect(await count(about)).toBe(0);
  await until(
    "a late webhook is acted upon",
    async () => (await count(`${about} and outcome is not null`)) > 0,
  );
  expect(await count(`${about} and outcome = 'recorded'`)).toBe(0);
  await expectOnePayment("F-LATE", 10_606n);
});

test("a webhook that is faster than the payer's return shows the receipt at once", async () => {
  const { payer, link } = await payWithoutReturn("F-EARLY", 107.07);
  await waitForPosted(stage.books, "F-EARLY");
  await payer.open(link);
  expect(payer.page.text).toContain("Payment received");
  await expectOnePayment("F-EARLY", 10_707n);
});

test("a webhook with a bad signature is refused and not kept", async () => {
  const event = {
    id: "evt_forged",
    object: "event",
    type: "checkout.session.completed",
    data: { object: {} },
  };
  for (const signature of [
    undefined,
    "t=1,v1=00",
    `t=${Math.floor(Date.now() / 1000)},v1=${"0".repeat(64)}`,
  ]) {
    const answer = await fetch(`${stage.service.origin}/hooks/stripe`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(signature ? { "stripe-signature": signature } : {}),
      },
      body: JSON.stringify(event),
    });
    expect(answer.status).toBe(400);
  }
  expect(await countKept("external_id = $1", event.id)).toBe(0);
  const parked = await stage.books.read("select from inbox_parked where external_id = $1", [event.id]);
  expect(parked).toEqual([]);
});

test("a payment whose webhook never comes and whose payer never returns is found by the sweep", {
  timeout: SWEEP_LIMIT_MS + 20_000,
}, async () => {
  await waitForPosted(stage.books, "F-NEVER", SWEEP_LIMIT_MS);
  await expectOnePayment("F-NEVER", 10_808n);
  await expectBooksToAgree(stage.service, stage.books);
});

async function payWithoutReturn(number: string, total: number): Promise<{ payer: Visitor; link: string }> {
  const link = await sendOne(number, total);
  const payer = await goToProcessor(link);
  expect(await payAndLeave(payer)).toBe(303);
  return { payer, link };
}

/** The processor's events that were kept for the firm and fulfil a condition. */
async function countKept(condition: string, value: string | undefined): Promise<number> {
  const [row] = await stage.books.read<{ count: number }>(
    `select count(*)::int as count from inbox_event where source = 'stripe' and ${condition}`,
    [value],
  );
  return row?.count ?? 0;
}
