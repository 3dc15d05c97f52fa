import { expect, test } from "vitest";
import { newId } from "../../src/base/id.ts";
import { sweepAll, sweepFirm as sweepOne } from "../../src/payments/sweep.ts";
import { ProcessorError } from "../../src/stripe/port.ts";
import { card } from "../sandbox/processor/stand.ts";
import { useStage } from "./stage.ts";

const stage = useStage();
const MINUTE_MS = 60_000;

async function backOf(linkId: string, path: string): Promise<string> {
  const [checkout] = await stage.checkouts(linkId);
  return `${path}/back?checkout=${checkout?.id}`;
}

test("the return before the webhook shows the receipt as soon as the runner has asked", async () => {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link), card());
  const path = stage.pathOf(link);
  const back = stage.app().request(await backOf(link.id, path));
  while ((await stage.waiting()).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await stage.drain();
  const response = await back;
  expect([response.status, response.headers.get("Location")]).toEqual([303, path]);
  expect(await (await stage.app().request(path)).text()).toContain("Payment received");
  for (const event of await stage.events()) await stage.deliver(event);
  await stage.drain();
  expect(await stage.payments(link.id)).toHaveLength(1);
  expect(await stage.emails(link.id)).toHaveLength(1);
});

test("the webhook before the return leaves nothing to wait for", async () => {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link), card());
  for (const event of await stage.events()) await stage.deliver(event);
  await stage.drain();
  const response = await stage.app().request(await backOf(link.id, stage.pathOf(link)));
  expect(response.headers.get("Location")).toBe(stage.pathOf(link));
  expect(await stage.waiting()).toEqual([]);
});

test("while nothing is known the page says that it is being confirmed, and records nothing", async () => {
  const link = await stage.makeLink();
  await stage.begin(link);
  const back = await backOf(link.id, stage.pathOf(link));
  const response = await stage.app().request(back);
  expect(response.status).toBe(200);
  const page = await response.text();
  expect(page).toContain("We are confirming your payment");
  expect(page).toContain(back);
  expect(page).not.toContain("http-equiv");
  expect(await stage.payments(link.id)).toEqual([]);
  expect((await stage.waiting()).map(({ name }) => name)).toEqual(["payments.readCheckout"]);
  await stage.drain();
});

test("a return with somebody else's checkout, or with words, leads to the link and asks nobody", async () => {
  const link = await stage.makeLink();
  const other = await stage.makeLink();
  await stage.begin(other);
  const [foreign] = await stage.checkouts(other.id);
  for (const checkout of [foreign?.id, newId(), "words", ""]) {
    const response = await stage.app().request(`${stage.pathOf(link)}/back?checkout=${checkout}`);
    expect(response.headers.get("Location")).toBe(stage.pathOf(link));
  }
  expect(await stage.waiting()).toEqual([]);
});

test("a payment whose webhook never comes is found by the sweep, once", async () => {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link), card());
  stage.clock.aheadMs = 30_000;
  await sweep();
  expect(await stage.link(link.id)).toMatchObject({ state: "payment_received" });
  expect(await stage.payments(link.id)).toHaveLength(1);
  stage.clock.aheadMs = 20 * MINUTE_MS;
  await sweep();
  await sweep();
  expect(await stage.payments(link.id)).toHaveLength(1);
  expect(await stage.emails(link.id)).toHaveLength(1);
});

test("an open page is asked about after a minute and then ever less often", async () => {
  const link = await stage.makeLink();
  await stage.begin(link);
  const asked = async () => (await stage.checkouts(link.id))[0]?.read_at?.getTime() ?? 0;
  const times = new Set<number>();
  for (let minutes = 1; minutes <= 60; minutes++) {
    stage.clock.aheadMs = minutes * MINUTE_MS + 1_000;
    await sweepFirm();
    times.add(await asked());
  }
  expect(times.size).toBeGreaterThan(8);
  expect(times.size).toBeLessThan(20);
});

test("while the processor does not answer, a sweep asks once, and one sweep of a firm waits for another", async () => {
  for (const link of [await stage.makeLink(), await stage.makeLink()]) await stage.begin(link);
  stage.clock.aheadMs = 2 * MINUTE_MS;
  const { cx, firm } = stage.stage;
  let asked = 0;
  const findCheckout = () => {
    asked += 1;
    return Promise.reject(new ProcessorError("outage", "no answer"));
  };
  const silent = { ...cx, processor: { ...cx.processor, findCheckout } };
  await expect(sweepOne(silent, firm.firmId)).rejects.toThrow("no answer");
  expect(asked).toBe(1);
  await sweepAll(cx);
  const queues = await stage.owner(
    `select q.queue_name from graphile_worker._private_jobs j
     join graphile_worker._private_job_queues q on q.id = j.job_queue_id where j.payload ->> 'firmId' = $1`,
    [firm.firmId],
  );
  expect(queues).toEqual([{ queue_name: `sweepPayments:${firm.firmId}` }]);
});

test("a page that ran out is expired by the sweep", async () => {
  const link = await stage.makeLink();
  await stage.begin(link);
  const [session] = await stage.sessions(link.id);
  const stripeAccount = stage.stage.firm.processorAccounts.operating;
  await stage.stripe().checkout.sessions.expire(session?.id ?? "", {}, { stripeAccount });
  stage.clock.aheadMs = 2 * MINUTE_MS;
  await sweep();
  expect(await stage.checkouts(link.id)).toMatchObject([{ state: "expired" }]);
  expect(await stage.link(link.id)).toMatchObject({ state: "outstanding" });
});

test("the processor's word that a page ran out expires the checkout", async () => {
  const link = await stage.makeLink();
  await stage.begin(link);
  const [session] = await stage.sessions(link.id);
  const stripeAccount = stage.stage.firm.processorAccounts.operating;
  await stage.stripe().checkout.sessions.expire(session?.id ?? "", {}, { stripeAccount });
  const events = await stage.events();
  await stage.deliver(events.findLast(({ type }) => type === "checkout.session.expired"));
  await stage.drain();
  expect(await stage.checkouts(link.id)).toMatchObject([{ state: "expired" }]);
});

test("a checkout that never got a session is given up when its time is over", async () => {
  const link = await stage.makeLink();
  await stage.begin(link);
  await stage.inFirm(
    "update checkout set state = 'preparing', session_id = null, session_url = null where link_id = $1",
    [link.id],
  );
  stage.clock.aheadMs = 5 * MINUTE_MS;
  await sweepFirm();
  expect(await stage.checkouts(link.id)).toMatchObject([{ state: "preparing" }]);
  stage.clock.aheadMs = 3 * 60 * MINUTE_MS;
  await sweepFirm();
  expect(await stage.checkouts(link.id)).toMatchObject([{ state: "abandoned" }]);
});

test("a refund that nobody told us about is found in the list of events", async () => {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link), card());
  for (const event of await stage.events()) await stage.deliver(event);
  await stage.drain();
  const [payment] = await stage.payments(link.id);
  const stripeAccount = stage.stage.firm.processorAccounts.operating;
  // Other tests of this file looked at the events of days to come.
  await stage.inFirm("delete from processor_cursor");
  await stage
    .stripe()
    .refunds.create({ payment_intent: payment?.payment_intent_id ?? "", amount: 2_500 }, { stripeAccount });
  stage.clock.aheadMs = 24 * 60 * MINUTE_MS;
  await sweep();
  expect(await stage.payments(link.id)).toMatchObject([{ refunded_minor: 2_500n, state: "succeeded" }]);
});

test("a processor that is out of reach fails the sweep and loses nothing", async () => {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link), card());
  stage.clock.aheadMs = 48 * 60 * MINUTE_MS;
  await stage.control("faults", { kind: "rate_limit", count: 100, path: "/v1/" });
  await expect(sweepFirm()).rejects.toMatchObject({ kind: "outage" });
  await stage.control("faults", { reset: true });
  await sweepFirm();
  await stage.drain();
  expect(await stage.link(link.id)).toMatchObject({ state: "payment_received" });
});

/** As the timetable does: every firm, by jobs. */
async function sweep(): Promise<void> {
  stage.clock.aheadMs += MINUTE_MS;
  await sweepAll(stage.stage.cx);
  await stage.drain();
}

async function sweepFirm(): Promise<void> {
  await sweepOne(stage.stage.cx, stage.stage.firm.firmId);
}
