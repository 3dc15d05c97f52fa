import { expect, test } from "vitest";
import { type Subject, settlePayment } from "../../src/payments/settle.ts";
import type { PaymentFacts } from "../../src/stripe/port.ts";
import { bank, card } from "../sandbox/processor/stand.ts";
import { useStage } from "./stage.ts";

const stage = useStage();

async function deliverAll(): Promise<void> {
  for (const event of await stage.events()) await stage.deliver(event);
  await stage.drain();
}

const subjectOf = async (linkId: string, index = 0): Promise<Subject> => ({
  firmId: stage.stage.firm.firmId,
  processorAccount: stage.stage.firm.processorAccounts.operating,
  sessionId: (await stage.checkouts(linkId))[index]?.session_id ?? "",
});

/** A context in which the processor says something else of each payment. */
const saying = (change: Partial<PaymentFacts>, now = stage.stage.cx.now) => {
  const { processor } = stage.stage.cx;
  const findPayment: typeof processor.findPayment = async (account, id) => ({
    ...(await processor.findPayment(account, id)),
    ...change,
  });
  return { ...stage.stage.cx, now, processor: { ...processor, findPayment } };
};

/** Two pages of one link that can both be paid, as when a message about the first went astray. */
async function twoPages(fields: Record<string, string> = {}, others: Record<string, string> = {}) {
  const link = await stage.makeLink();
  const first = await stage.begin(link, fields);
  await stage.inFirm("update checkout set state = 'expired' where link_id = $1", [link.id]);
  return { link, first, second: await stage.begin(link, others) };
}

test("a second payment of one link is kept apart, whole, for a person", async () => {
  const { link, first, second } = await twoPages();
  await stage.submit(first, card());
  await stage.submit(second, card());
  await deliverAll();
  const payments = await stage.payments(link.id);
  expect(payments.map(({ state, is_surplus }) => [state, is_surplus]).sort()).toEqual([
    ["succeeded", false],
    ["succeeded", true],
  ]);
  const surplus = payments.find(({ is_surplus }) => is_surplus);
  expect(surplus?.allocations).toMatchObject([{ statementId: null, amountMinor: 125_000n }]);
  expect(await stage.link(link.id)).toMatchObject({ state: "payment_received" });
});

test("when the first of two payments fails, the second pays the link", async () => {
  const { link, first, second } = await twoPages({ method: "bank" });
  await stage.submit(first, bank("000222222227"));
  await stage.submit(second, card());
  const debit = await subjectOf(link.id);
  await settlePayment(stage.stage.cx, debit);
  await settlePayment(stage.stage.cx, await subjectOf(link.id, 1));
  expect((await stage.payments(link.id)).find(({ is_surplus }) => is_surplus)?.state).toBe("succeeded");
  await stage.control("settle", { session: debit.sessionId });
  await deliverAll();
  expect((await stage.payments(link.id)).map(({ state, is_surplus }) => [state, is_surplus]).sort()).toEqual([
    ["failed", false],
    ["succeeded", false],
  ]);
  expect(await stage.link(link.id)).toMatchObject({ state: "payment_received" });
});

test("a second payment that fails leaves the link with the first, which is under way", async () => {
  const { link, first, second } = await twoPages({ method: "bank" }, { method: "bank" });
  await stage.submit(first, bank());
  await stage.submit(second, bank("000222222227"));
  await settlePayment(stage.stage.cx, await subjectOf(link.id));
  const debit = await subjectOf(link.id, 1);
  await settlePayment(stage.stage.cx, debit);
  await stage.control("settle", { session: debit.sessionId });
  await settlePayment(stage.stage.cx, debit);
  expect((await stage.payments(link.id)).map(({ state, is_surplus }) => [state, is_surplus]).sort()).toEqual([
    ["failed", false],
    ["processing", false],
  ]);
  expect(await stage.link(link.id)).toMatchObject({ state: "processing" });
});

test.each(["cancelled", "expired"] as const)(
  "money that comes on a link that was %s a moment before is taken in",
  async (state) => {
    const link = await stage.makeLink();
    await stage.submit(await stage.begin(link), card());
    await stage.inFirm("update payment_link set state = $2 where id = $1", [link.id, state]);
    await deliverAll();
    expect(await stage.link(link.id)).toMatchObject({ state: "payment_received" });
    expect(await stage.payments(link.id)).toMatchObject([{ state: "succeeded", is_surplus: false }]);
  },
);

test.each([
  ["amount", { amountMinor: 99_999n }],
  ["currency", { currency: "CAD" }],
])("a payment whose %s is not what was asked is kept whole, on no statement", async (_name, change) => {
  const link = await stage.makeLink({ statements: [50_000n, 75_000n] });
  await stage.submit(await stage.begin(link), card());
  await settlePayment(saying(change), await subjectOf(link.id));
  const [payment] = await stage.payments(link.id);
  expect(payment?.allocations).toMatchObject([{ statementId: null, amountMinor: payment?.amount_minor }]);
  expect(await stage.audit(link.id)).toContain("payment.differs");
});

test("a payment on another account than was asked is kept where the money lies", async () => {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link), card());
  const { processor } = stage.stage.cx;
  const { operating, trust } = stage.stage.firm.processorAccounts;
  const elsewhere = {
    ...processor,
    findPayment: (_account: string, id: string) => processor.findPayment(operating, id),
    findCheckout: (_account: string, id: string) => processor.findCheckout(operating, id),
  };
  const subject = { ...(await subjectOf(link.id)), processorAccount: trust };
  await settlePayment({ ...stage.stage.cx, processor: elsewhere }, subject);
  const [payment] = await stage.payments(link.id);
  expect(payment).toMatchObject({ account_kind: "trust", processor_account: trust });
  expect(payment?.allocations).toMatchObject([{ statementId: null }]);
});

test("another firm's account settles nothing of the link", async () => {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link), card());
  const { firmId } = stage.stage.other;
  expect(await settlePayment(stage.stage.cx, { ...(await subjectOf(link.id)), firmId })).toBe("unrelated");
  expect(await stage.payments(link.id)).toEqual([]);
});

test("refunds and disputes are never lost, also when they come twice", async () => {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link), card());
  await deliverAll();
  const [payment] = await stage.payments(link.id);
  const intent = payment?.payment_intent_id ?? "";
  const stripeAccount = stage.stage.firm.processorAccounts.operating;
  await stage.stripe().refunds.create({ payment_intent: intent, amount: 30_000 }, { stripeAccount });
  await deliverAll();
  expect(await stage.payments(link.id)).toMatchObject([{ refunded_minor: 30_000n, dispute: "none" }]);
  const dispute = await stage.control("dispute", { payment_intent: intent, amount: 95_000 });
  await deliverAll();
  expect(await stage.payments(link.id)).toMatchObject([{ dispute: "open" }]);
  await stage.control("dispute/close", { dispute: dispute.id, outcome: "lost" });
  await deliverAll();
  await deliverAll();
  expect(await stage.payments(link.id)).toMatchObject([
    { state: "succeeded", refunded_minor: 30_000n, dispute: "lost" },
  ]);
  const changes = (await stage.audit(link.id)).filter((action) => /^(refund|dispute)\./.test(action));
  expect(changes).toEqual(["refund.succeeded", "dispute.opened", "dispute.lost"]);
  expect(await (await stage.app().request(stage.pathOf(link))).text()).toContain(
    "<dt>Refunded</dt><dd>$300.00</dd>",
  );
});

test("a dispute that was won says so", async () => {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link), card("4000000000000259"));
  await deliverAll();
  const [payment] = await stage.payments(link.id);
  expect(payment?.dispute).toBe("open");
  const { data } = await stage
    .stripe()
    .disputes.list(
      { payment_intent: payment?.payment_intent_id ?? "" },
      { stripeAccount: stage.stage.firm.processorAccounts.operating },
    );
  await stage.control("dispute/close", { dispute: data[0]?.id, outcome: "won" });
  await deliverAll();
  expect(await stage.payments(link.id)).toMatchObject([{ dispute: "won" }]);
});

test("an answer to an earlier question does not overwrite a later one", async () => {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link), card());
  const subject = await subjectOf(link.id);
  await settlePayment(saying({ refundedMinor: 5_000n }), subject);
  const before = new Date(Date.now() - 60_000);
  expect(
    await settlePayment(
      saying({ refundedMinor: 0n }, () => before),
      subject,
    ),
  ).toBe("unchanged");
  expect(await stage.payments(link.id)).toMatchObject([{ refunded_minor: 5_000n }]);
  expect(await settlePayment(saying({ refundedMinor: 0n }), subject)).toBe("recorded");
  expect(await stage.payments(link.id)).toMatchObject([{ refunded_minor: 0n }]);
});

test.each(["processing", "failed", "open", "cancelled", "other"] as const)(
  "a payment that succeeded stays so when the processor says %s",
  async (state) => {
    const link = await stage.makeLink();
    await stage.submit(await stage.begin(link), card());
    const subject = await subjectOf(link.id);
    await settlePayment(stage.stage.cx, subject);
    await settlePayment(saying({ state }), subject);
    expect(await stage.payments(link.id)).toMatchObject([{ state: "succeeded", failure_reason: null }]);
    expect(await stage.link(link.id)).toMatchObject({ state: "payment_received" });
    expect((await stage.emails(link.id)).map(({ kind }) => kind)).toEqual(["receipt"]);
  },
);

test("without any address nothing is emailed and everything else happens", async () => {
  const link = await stage.makeLink({ payerEmails: [] });
  await stage.submit(await stage.begin(link), card());
  await settlePayment(saying({ payerEmail: undefined }), await subjectOf(link.id));
  expect(await stage.emails(link.id)).toEqual([]);
  expect(await stage.link(link.id)).toMatchObject({ state: "payment_received" });
});
