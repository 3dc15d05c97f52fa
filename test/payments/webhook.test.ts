import { beforeEach, expect, test } from "vitest";
import { signature } from "../../src/sandbox/processor/webhooks/send.ts";
import { appOf, deliverRaw } from "./app.ts";
import { useStage, WEBHOOK_SECRET } from "./stage.ts";

const stage = useStage();
const nowSeconds = () => Math.floor(Date.now() / 1000);
let count = 0;

/** An event as the processor writes it, about a payment that need not be there. */
function eventOf(change: Record<string, unknown> = {}): Record<string, unknown> {
  count += 1;
  return {
    id: `evt_test_${count}`,
    object: "event",
    account: stage.stage.firm.processorAccounts.operating,
    created: nowSeconds(),
    type: "payment_intent.succeeded",
    data: { object: { id: "pi_none", object: "payment_intent" } },
    ...change,
  };
}

const kept = async () =>
  (await stage.inFirm("select external_id from inbox_event order by received_at")).map(
    (row) => row.external_id,
  );

beforeEach(async () => {
  await stage.owner("truncate inbox_event, inbox_parked");
});

test("a signed event is kept once, however often it comes", async () => {
  const event = eventOf();
  expect(await (await stage.deliver(event)).json()).toEqual({ received: "new" });
  expect(await (await stage.deliver(event)).json()).toEqual({ received: "known" });
  expect(await kept()).toEqual([event.id]);
});

test("only where the object is found again is kept of an event", async () => {
  await stage.deliver(
    eventOf({ data: { object: { id: "pi_1", object: "payment_intent", receipt_email: "a@b.example" } } }),
  );
  const [row] = await stage.inFirm("select payload from inbox_event");
  expect(row?.payload).toEqual({ paymentIntentId: "pi_1" });
});

test.each([
  ["no signature", (_body: string) => undefined],
  ["an empty signature", () => ""],
  ["no signature of the known scheme", () => `t=${nowSeconds()},v0=abc`],
  ["another secret's signature", (body: string) => signature(body, "whsec_other", nowSeconds())],
  ["another body's signature", (body: string) => signature(`${body} `, WEBHOOK_SECRET, nowSeconds())],
  ["a signature that is too old", (body: string) => signature(body, WEBHOOK_SECRET, nowSeconds() - 310)],
  ["a signature from the future", (body: string) => signature(body, WEBHOOK_SECRET, nowSeconds() + 120)],
  ["words", () => "signed, honestly"],
])("a delivery with %s is refused, logged and not kept", async (_name, sign) => {
  const body = JSON.stringify(eventOf());
  const response = await deliverRaw(stage.app(), body, sign(body));
  expect(response.status).toBe(400);
  expect(await kept()).toEqual([]);
  expect(stage.log.lines.join()).toContain("a delivery to the payment webhook was refused");
});

test("a signed body that is no event is refused", async () => {
  for (const body of ["not json", '"text"', "{}", '{"object":"event"}']) {
    const response = await deliverRaw(stage.app(), body, signature(body, WEBHOOK_SECRET, nowSeconds()));
    expect(response.status, body).toBe(400);
  }
});

test("a body of more than 256 kB is not read", async () => {
  const response = await stage.deliver(eventOf({ filler: "x".repeat(256 * 1024) }));
  expect(response.status).toBe(413);
  expect(await kept()).toEqual([]);
});

test("an event of an account that nobody has here is parked without its content", async () => {
  const event = eventOf({ account: "acct_of_a_stranger" });
  expect(await (await stage.deliver(event)).json()).toEqual({ received: "parked" });
  expect(await (await stage.deliver(event)).json()).toEqual({ received: "parked" });
  const parked = await stage.owner("select external_id, account from inbox_parked");
  expect(parked).toEqual([{ external_id: event.id, account: "acct_of_a_stranger" }]);
});

test("an event of the platform itself is parked", async () => {
  const { account: _account, ...event } = eventOf();
  expect(await (await stage.deliver(event)).json()).toEqual({ received: "parked" });
});

test("an event that is not about money is answered and forgotten", async () => {
  expect(await (await stage.deliver(eventOf({ type: "person.updated" }))).json()).toEqual({
    received: "ignored",
  });
  expect(await kept()).toEqual([]);
});

test("what could not be stored is not confirmed, so that it is sent again", async () => {
  const broken = { ...stage.stage.cx, database: { ...stage.stage.cx.database, kysely: brokenDatabase() } };
  const body = JSON.stringify(eventOf());
  const response = await deliverRaw(appOf(broken), body, signature(body, WEBHOOK_SECRET, nowSeconds()));
  expect(response.status).toBe(500);
});

test("an event about something that the processor does not have is handled as missing", async () => {
  await stage.deliver(eventOf());
  await stage.drain();
  const [row] = await stage.inFirm("select outcome from inbox_event");
  expect(row).toEqual({ outcome: "missing" });
});

test("a payment that the firm took at the processor by itself is none of ours", async () => {
  const account = stage.stage.firm.processorAccounts.operating;
  const intent = await stage
    .stripe()
    .paymentIntents.create({ amount: 5_000, currency: "usd" }, { stripeAccount: account });
  await stage.deliver(eventOf({ data: { object: intent } }));
  await stage.drain();
  expect(await stage.inFirm("select outcome from inbox_event")).toEqual([{ outcome: "unrelated" }]);
});

function brokenDatabase() {
  return new Proxy(stage.stage.cx.database.kysely, {
    get() {
      throw new Error("the database is gone");
    },
  });
}
