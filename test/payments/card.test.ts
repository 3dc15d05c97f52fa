import { beforeEach, expect, test } from "vitest";
import { settlePayment } from "../../src/payments/settle.ts";
import { card } from "../sandbox/processor/stand.ts";
import { useStage } from "./stage.ts";

const stage = useStage();
const DECLINED = "4000000000000002";

beforeEach(() => stage.handled.splice(0));

/** Hands over every event of the link's sessions that the stand-in has, in this order, and does the jobs. */
async function deliverAll(order: "as they came" | "last first" = "as they came"): Promise<void> {
  const events = await stage.events();
  for (const event of order === "last first" ? events.reverse() : events)
    expect((await stage.deliver(event)).status).toBe(200);
  await stage.drain();
}

const started = (job: string) =>
  stage.handled.filter(({ name }) => name === job).map(({ payload }) => payload);
const prepared = () => stage.handled.filter(({ name }) => name === "postings.prepare");

test("a card payment closes the link, is laid on its statements and is told onwards once", async () => {
  const link = await stage.makeLink({ statements: [50_000n, 75_000n] });
  const url = await stage.begin(link, { receipt: "adaeze@okafor.example" });
  expect((await stage.submit(url, card())).status).toBe(303);
  await deliverAll();
  expect(await stage.link(link.id)).toMatchObject({ state: "payment_received" });
  const [payment, ...others] = await stage.payments(link.id);
  expect(others).toEqual([]);
  expect(payment).toMatchObject({
    state: "succeeded",
    amount_minor: 125_000n,
    method: "card",
    method_label: "Visa ··4242",
    fee_minor: 3_655n,
    is_surplus: false,
    account_kind: "operating",
  });
  expect(payment?.allocations.map(({ amountMinor }) => amountMinor)).toEqual([50_000n, 75_000n]);
  expect(await stage.checkouts(link.id)).toMatchObject([{ state: "completed" }]);
  expect(await stage.emails(link.id)).toMatchObject([
    { kind: "receipt", to_address: "adaeze@okafor.example" },
  ]);
  const { firmId } = stage.stage.firm;
  const toPrepare = { firmId, paymentIds: [payment?.id] };
  expect(prepared()).toEqual([{ name: "postings.prepare", payload: toPrepare }]);
  const toTell = { firmId, paymentId: payment?.id, event: "payment", occurrence: payment?.id };
  expect(started("delivery.notify")).toEqual([toTell]);
  expect(started("links.succeed")).toEqual([]);
  const audit = await stage.audit(link.id);
  expect(audit).toEqual(["checkout.opened", "link.paid", "payment.received"]);
});

test("a payment into trust stays whole: its fee is the platform's", async () => {
  const link = await stage.makeLink({ isTrust: true, amountMinor: 250_000n });
  await stage.submit(await stage.begin(link), card());
  const trust = stage.stage.firm.processorAccounts.trust;
  for (const event of await stage.events(trust)) await stage.deliver(event);
  await stage.drain();
  expect(await stage.payments(link.id)).toMatchObject([
    { account_kind: "trust", fee_minor: 0n, amount_minor: 250_000n, processor_account: trust },
  ]);
});

test("a part payment fills the statements in their order and leaves the link part paid", async () => {
  const link = await stage.makeLink({ statements: [50_000n, 75_000n, 10_000n], partAllowed: true });
  await stage.submit(await stage.begin(link, { how: "other", other: "600.00" }), card());
  await deliverAll();
  expect(await stage.link(link.id)).toMatchObject({ state: "part_paid" });
  const [payment] = await stage.payments(link.id);
  expect(payment?.allocations.map(({ amountMinor }) => amountMinor)).toEqual([50_000n, 10_000n]);
  expect(started("links.succeed")).toEqual([{ firmId: stage.stage.firm.firmId, linkId: link.id }]);
});

test("a payment of a link without statements waits on no statement", async () => {
  const link = await stage.makeLink({ statements: [], amountMinor: 40_000n });
  await stage.submit(await stage.begin(link), card());
  await deliverAll();
  const [payment] = await stage.payments(link.id);
  expect(payment?.allocations).toMatchObject([{ statementId: null, amountMinor: 40_000n }]);
});

test("a declined card is shown to the firm, and the next card pays", async () => {
  const link = await stage.makeLink();
  const url = await stage.begin(link);
  expect((await stage.submit(url, card(DECLINED))).status).toBe(402);
  await deliverAll();
  expect(await stage.link(link.id)).toMatchObject({
    state: "outstanding",
    tried_reason: "Your card was declined.",
  });
  expect(await stage.payments(link.id)).toEqual([]);
  expect((await stage.submit(url, card())).status).toBe(303);
  await deliverAll();
  expect(await stage.link(link.id)).toMatchObject({ state: "payment_received" });
  expect((await stage.audit(link.id)).filter((action) => action === "link.tried")).toHaveLength(1);
});

test("events that come last first end the same", async () => {
  const link = await stage.makeLink();
  const url = await stage.begin(link);
  await stage.submit(url, card(DECLINED));
  await stage.submit(url, card());
  await deliverAll("last first");
  expect(await stage.link(link.id)).toMatchObject({ state: "payment_received" });
  expect(await stage.payments(link.id)).toMatchObject([{ state: "succeeded" }]);
  expect(prepared()).toHaveLength(1);
});

test("the same event twenty times at once is one payment, one receipt, one posting", async () => {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link), card());
  const events = await stage.events();
  const paid = events.findLast((event) => event.type === "payment_intent.succeeded");
  const answers = await Promise.all(Array.from({ length: 20 }, () => stage.deliver(paid)));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  await stage.drain();
  expect(await stage.payments(link.id)).toHaveLength(1);
  expect(await stage.emails(link.id)).toHaveLength(1);
  expect(prepared()).toHaveLength(1);
});

test("twenty runners that settle one payment at the same moment write it once", async () => {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link), card());
  const [checkout] = await stage.checkouts(link.id);
  const subject = {
    firmId: stage.stage.firm.firmId,
    processorAccount: stage.stage.firm.processorAccounts.operating,
    sessionId: checkout?.session_id ?? "",
  };
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () => settlePayment(stage.stage.cx, subject)),
  );
  expect(outcomes.filter((outcome) => outcome === "recorded")).toHaveLength(1);
  expect(await stage.payments(link.id)).toHaveLength(1);
  await stage.drain();
  expect(prepared()).toHaveLength(1);
});

test("an event that is here before our row knows its session is laid at the right link", async () => {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link), card());
  await stage.inFirm(
    "update checkout set state = 'preparing', session_id = null, session_url = null where link_id = $1",
    [link.id],
  );
  await deliverAll();
  expect(await stage.link(link.id)).toMatchObject({ state: "payment_received" });
  const [checkout] = await stage.checkouts(link.id);
  expect(checkout).toMatchObject({ state: "completed", session_id: expect.stringMatching(/^cs_/) });
});
