import { expect, test } from "vitest";
import { newId } from "../../src/base/id.ts";
import { payJobs } from "../../src/pay/jobs.ts";
import { paymentJobs } from "../../src/payments/jobs.ts";
import { card } from "../sandbox/processor/stand.ts";
import { useStage } from "./stage.ts";

const stage = useStage();

const snapshot = async (linkId: string) => ({
  link: await stage.link(linkId),
  payments: (await stage.payments(linkId)).map(({ read_at: _readAt, ...payment }) => payment),
  checkouts: (await stage.checkouts(linkId)).map(({ read_at: _readAt, ...checkout }) => checkout),
  emails: await stage.emails(linkId),
  audit: await stage.audit(linkId),
});

async function paidLink() {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link), card());
  const [checkout] = await stage.checkouts(link.id);
  return { link, checkoutId: checkout?.id ?? "", firmId: stage.stage.firm.firmId };
}

test("payments.readCheckout done twice ends the same", async () => {
  const { link, ...payload } = await paidLink();
  await paymentJobs["payments.readCheckout"](stage.stage.cx, payload);
  const once = await snapshot(link.id);
  await paymentJobs["payments.readCheckout"](stage.stage.cx, payload);
  expect(await snapshot(link.id)).toEqual(once);
  expect(once.link.state).toBe("payment_received");
});

test("payments.onStripe done twice ends the same, also when its event was not yet marked", async () => {
  const { link, firmId } = await paidLink();
  const event = (await stage.events()).findLast(({ type }) => type === "checkout.session.completed");
  await stage.deliver(event);
  const [row] = await stage.inFirm("select id from inbox_event where external_id = $1", [event?.id]);
  const payload = { firmId, inboxEventId: String(row?.id) };
  await paymentJobs["payments.onStripe"](stage.stage.cx, payload);
  const once = await snapshot(link.id);
  await paymentJobs["payments.onStripe"](stage.stage.cx, payload);
  await stage.inFirm("update inbox_event set handled_at = null, outcome = null");
  await paymentJobs["payments.onStripe"](stage.stage.cx, payload);
  expect(await snapshot(link.id)).toEqual(once);
  const [handled] = await stage.inFirm("select outcome, handled_at from inbox_event where id = $1", [
    row?.id,
  ]);
  expect(handled).toEqual({ outcome: "unchanged", handled_at: expect.any(Date) });
});

test("payments.sweepFirm and sweepAll done twice end the same", async () => {
  const { link, firmId } = await paidLink();
  stage.clock.aheadMs = 120_000;
  await paymentJobs["payments.sweepFirm"](stage.stage.cx, { firmId });
  await stage.drain();
  const once = await snapshot(link.id);
  await paymentJobs["payments.sweepFirm"](stage.stage.cx, { firmId });
  await paymentJobs["payments.sweepAll"](stage.stage.cx);
  await paymentJobs["payments.sweepAll"](stage.stage.cx);
  const sweeps = (await stage.waiting()).filter(({ name }) => name === "payments.sweepFirm");
  expect(sweeps).toHaveLength(2);
  await stage.drain();
  expect(await snapshot(link.id)).toEqual(once);
});

test("pay.expireCheckouts ends what could be paid on a closed link, and done twice ends the same", async () => {
  const link = await stage.makeLink();
  const url = await stage.begin(link);
  const payload = { firmId: stage.stage.firm.firmId, linkId: link.id };
  await payJobs["pay.expireCheckouts"](stage.stage.cx, payload);
  expect(await stage.checkouts(link.id)).toMatchObject([{ state: "open" }]);
  await stage.inFirm("update payment_link set state = 'cancelled' where id = $1", [link.id]);
  await payJobs["pay.expireCheckouts"](stage.stage.cx, payload);
  const once = await snapshot(link.id);
  await payJobs["pay.expireCheckouts"](stage.stage.cx, payload);
  expect(await snapshot(link.id)).toEqual(once);
  expect(once.checkouts).toMatchObject([{ state: "expired" }]);
  expect((await stage.submit(url, card())).status).toBe(409);
});

test("pay.expireCheckouts finds a page that was paid a moment ago, and the payment is taken in", async () => {
  const { link, firmId } = await paidLink();
  await stage.inFirm("update payment_link set state = 'cancelled' where id = $1", [link.id]);
  await payJobs["pay.expireCheckouts"](stage.stage.cx, { firmId, linkId: link.id });
  await stage.drain();
  expect(await stage.link(link.id)).toMatchObject({ state: "payment_received" });
});

test("pay.expireCheckouts gives up a checkout without a session and one that the processor does not know", async () => {
  for (const change of ["state = 'preparing', session_id = null", "session_id = 'cs_test_nowhere'"]) {
    const link = await stage.makeLink();
    await stage.begin(link);
    await stage.inFirm(`update checkout set ${change} where link_id = $1`, [link.id]);
    await stage.inFirm("update payment_link set state = 'cancelled' where id = $1", [link.id]);
    const payload = { firmId: stage.stage.firm.firmId, linkId: link.id };
    await payJobs["pay.expireCheckouts"](stage.stage.cx, payload);
    expect(["abandoned", "expired"]).toContain((await stage.checkouts(link.id))[0]?.state);
  }
});

test("jobs for rows that are not there, or another firm's, do nothing", async () => {
  const { link, checkoutId } = await paidLink();
  const { firmId } = stage.stage.other;
  await paymentJobs["payments.readCheckout"](stage.stage.cx, { firmId, checkoutId });
  await paymentJobs["payments.onStripe"](stage.stage.cx, { firmId, inboxEventId: newId() });
  await payJobs["pay.expireCheckouts"](stage.stage.cx, { firmId, linkId: link.id });
  expect(await stage.payments(link.id)).toEqual([]);
  expect(await stage.checkouts(link.id)).toMatchObject([{ state: "open" }]);
});

test("payments.readCheckout of a session that the processor does not know closes the checkout", async () => {
  const link = await stage.makeLink();
  await stage.begin(link);
  await stage.inFirm("update checkout set session_id = 'cs_test_gone' where link_id = $1", [link.id]);
  const [checkout] = await stage.checkouts(link.id);
  const payload = { firmId: stage.stage.firm.firmId, checkoutId: checkout?.id ?? "" };
  await paymentJobs["payments.readCheckout"](stage.stage.cx, payload);
  expect(await stage.checkouts(link.id)).toMatchObject([{ state: "expired" }]);
});
