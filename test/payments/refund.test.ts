import { beforeAll, expect, test } from "vitest";
import { newId } from "../../src/base/id.ts";
import type { MemberContext } from "../../src/context.ts";
import { layUndone } from "../../src/payments/lay-undone.ts";
import { requestRefund } from "../../src/payments/request-refund.ts";
import { sweepFirm } from "../../src/payments/sweep.ts";
import { ProcessorError } from "../../src/stripe/port.ts";
import { bank } from "../sandbox/processor/stand.ts";
import { makeMember } from "../support/world.ts";
import { useUndone } from "./undone-stage.ts";

const stage = useUndone();
let bookkeeper: MemberContext;
beforeAll(async () => {
  bookkeeper = await makeMember(stage.stage.cx, stage.stage.firm.firmId, "bookkeeper", "Ines Ferrer");
});

const NOTE = "Billed twice";

/** Asks for a refund by line, in the order of the lines; `""` leaves a line out. */
async function ask(linkId: string, amounts: string[], refundId = newId(), who = bookkeeper) {
  const [payment] = await stage.payments(linkId);
  const typed = new Map(payment?.allocations.map((line, index) => [line.id, amounts[index] ?? ""]));
  return await requestRefund(who, { paymentId: payment?.id ?? "", refundId, amounts: typed, note: NOTE });
}

test("a refund is stored before the processor is asked, and read back with its state", async () => {
  const link = await stage.paidLink({ statements: [90_000n, 35_000n] });
  const refund = await ask(link.id, ["100.00", "350.00"]);
  expect(refund).toMatchObject({ state: "requested", amount_minor: 45_000n, turn: 0, asked_at: null });
  expect((await stage.waiting()).map(({ name }) => name)).toEqual(["payments.askRefund"]);
  await stage.drain();
  expect(await stage.refunds(link.id)).toMatchObject([
    { id: refund.id, state: "succeeded", turn: 1, is_laid: true, note: NOTE },
  ]);
  expect(await stage.partsOf(refund.id)).toEqual([10_000n, 35_000n]);
  expect(await stage.payments(link.id)).toMatchObject([{ refunded_minor: 45_000n }]);
  expect(await stage.atProcessor(link.id)).toMatchObject([
    { amount: 45_000, metadata: { refund_id: refund.id } },
  ]);
  expect(stage.handled.some(({ name }) => name === "postings.reverse")).toBe(true);
  expect(await stage.audit(link.id)).toEqual(
    expect.arrayContaining(["refund.requested", "refund.succeeded"]),
  );
});

test("the job done twice, and every event twice and backwards, make no second refund", async () => {
  const link = await stage.paidLink({ statements: [90_000n] });
  const refund = await ask(link.id, ["900.00"]);
  const payload = { firmId: stage.stage.firm.firmId, refundId: refund.id };
  await stage.askRefund(payload);
  await stage.askRefund(payload);
  await stage.deliverAll();
  await stage.deliverAll({ backwards: true });
  expect(await stage.refunds(link.id)).toMatchObject([{ state: "succeeded", turn: 1 }]);
  expect(await stage.atProcessor(link.id)).toHaveLength(1);
  const actions = (await stage.audit(link.id)).filter((action) => action.startsWith("refund."));
  expect(actions).toEqual(["refund.requested", "refund.succeeded"]);
});

test("the same form sent twice is one refund", async () => {
  const link = await stage.paidLink({ statements: [90_000n] });
  const refundId = newId();
  await Promise.all([ask(link.id, ["100.00"], refundId), ask(link.id, ["100.00"], refundId)]);
  await stage.drain();
  expect(await stage.refunds(link.id)).toHaveLength(1);
  expect(await stage.atProcessor(link.id)).toHaveLength(1);
});

test("two refunds at the same moment never give more than there is", async () => {
  const link = await stage.paidLink({ statements: [90_000n] });
  const outcomes = await Promise.allSettled([ask(link.id, ["600.00"]), ask(link.id, ["600.00"])]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  await stage.drain();
  expect(await stage.refunds(link.id)).toMatchObject([{ state: "succeeded", amount_minor: 60_000n }]);
});

test("a refund whose answer was lost is found again, also after the key is forgotten", async () => {
  const link = await stage.paidLink({ statements: [90_000n] });
  const refund = await ask(link.id, ["100.00"]);
  const payload = { firmId: stage.stage.firm.firmId, refundId: refund.id };
  const { processor } = stage.stage.cx;
  const deaf = {
    ...processor,
    createRefund: async (request: Parameters<typeof processor.createRefund>[0]) => {
      await processor.createRefund(request);
      throw new ProcessorError("outage", "the answer was lost");
    },
  };
  await expect(stage.askRefund(payload, { ...stage.stage.cx, processor: deaf })).rejects.toThrow("lost");
  expect(await stage.refunds(link.id)).toMatchObject([{ state: "requested", asked_at: expect.any(Date) }]);
  const forgetful = {
    ...processor,
    createRefund: () => Promise.reject(new Error("a second refund would be made")),
  };
  await stage.askRefund(payload, { ...stage.stage.cx, processor: forgetful });
  expect(await stage.refunds(link.id)).toMatchObject([{ state: "succeeded" }]);
  expect(await stage.atProcessor(link.id)).toHaveLength(1);
});

test("a refund whose job was lost is asked for by the sweep", async () => {
  const link = await stage.paidLink({ statements: [90_000n] });
  await ask(link.id, ["100.00"]);
  await stage.owner("delete from graphile_worker._private_jobs");
  stage.clock.aheadMs = 10 * 60_000;
  await sweepFirm(stage.stage.cx, stage.stage.firm.firmId);
  expect(await stage.refunds(link.id)).toMatchObject([{ state: "succeeded" }]);
});

test("a refund that the processor refuses moves nothing and says why", async () => {
  const link = await stage.paidLink({ statements: [90_000n] });
  const refund = await ask(link.id, ["100.00"]);
  const { intent, stripeAccount } = await stage.intentOf(link.id);
  await stage.control("dispute", { payment_intent: intent });
  await stage.drain();
  expect(await stage.refunds(link.id)).toMatchObject([
    { id: refund.id, state: "refused", turn: 0, failure_reason: expect.stringContaining("disputes") },
  ]);
  expect(await stage.disputes(link.id)).toMatchObject([{ state: "open", turn: 1, is_laid: true }]);
  await expect(ask(link.id, ["100.00"])).rejects.toThrow("cannot be refunded before the dispute is won");
  expect(stripeAccount).toBe(stage.stage.firm.processorAccounts.operating);
});

test("a refund at the processor itself lies where it can only lie", async () => {
  const link = await stage.paidLink({ statements: [90_000n, 35_000n] });
  await stage.refundThere(link.id, 35_000);
  expect(await stage.refunds(link.id)).toMatchObject([
    { origin: "processor", state: "succeeded", turn: 1, is_laid: true, requested_by: null },
  ]);
  await stage.refundThere(link.id, 10_000);
  const [first, second] = await stage.refunds(link.id);
  expect(await stage.partsOf(first?.id ?? "")).toEqual([35_000n]);
  expect(await stage.partsOf(second?.id ?? "")).toEqual([10_000n]);
});

test("a refund at the processor that could be of several lines waits for a bookkeeper", async () => {
  const link = await stage.paidLink({ statements: [90_000n, 35_000n] });
  await stage.refundThere(link.id, 10_000);
  const [refund] = await stage.refunds(link.id);
  expect(refund).toMatchObject({ state: "succeeded", turn: 1, is_laid: false });
  await expect(ask(link.id, ["1.00", ""])).rejects.toThrow("Say first which line that was for");
  const [payment] = await stage.payments(link.id);
  const lay = (amounts: string[]) =>
    layUndone(bookkeeper, {
      paymentId: payment?.id ?? "",
      kind: "refund",
      id: refund?.id ?? "",
      amounts: new Map(payment?.allocations.map((line, index) => [line.id, amounts[index] ?? ""])),
    });
  await expect(lay(["50.00", ""])).rejects.toThrow("must add up to $100.00. They add up to $50.00 now");
  await expect(lay(["", ""])).rejects.toThrow("Enter what went back of this line");
  await lay(["40.00", "60.00"]);
  await expect(lay(["40.00", "60.00"])).rejects.toThrow("Somebody said this meanwhile");
  expect(await stage.partsOf(refund?.id ?? "")).toEqual([4_000n, 6_000n]);
  expect(await stage.audit(link.id)).toContain("refund.laid");
  expect(await ask(link.id, ["860.00", "290.00"])).toMatchObject({ amount_minor: 115_000n });
});

test.each([
  ["more than is left of a line", ["900.01", ""], "$900.00 or less"],
  ["words", ["all of it", ""], "Enter the amount in figures"],
  ["a negative amount", ["-5", ""], "Enter an amount above zero"],
  ["three decimals", ["1.005", ""], "at most two decimals"],
  ["nothing at all", ["", ""], "Enter the amount to refund"],
  ["zero", ["0.00", "0"], "Enter the amount to refund"],
])("a refund of %s is refused beside its field", async (_name, amounts, words) => {
  const link = await stage.paidLink({ statements: [90_000n, 35_000n] });
  await expect(ask(link.id, amounts)).rejects.toThrow(words);
  expect(await stage.refunds(link.id)).toEqual([]);
});

test("a payment under way cannot be refunded", async () => {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link, { method: "bank" }), bank("000000000009"));
  await stage.deliverAll();
  await expect(ask(link.id, ["1.00"])).rejects.toThrow("once it has arrived");
});

test("staff and another firm's bookkeeper cannot refund", async () => {
  const link = await stage.paidLink({ statements: [90_000n] });
  await expect(ask(link.id, ["1.00"], newId(), stage.stage.staff)).rejects.toThrow("Your role does not");
  const stranger = await makeMember(stage.stage.cx, stage.stage.other.firmId, "bookkeeper");
  await expect(ask(link.id, ["1.00"], newId(), stranger)).rejects.toThrow("no such payment");
  expect(await stage.refunds(link.id)).toEqual([]);
});

test("the database itself refuses more than was paid", async () => {
  const link = await stage.paidLink({ statements: [90_000n] });
  const refund = await ask(link.id, ["900.00"]);
  await expect(
    stage.inFirm("update undone_part set amount_minor = 90001 where refund_id = $1", [refund.id]),
  ).rejects.toThrow("does not add up");
  await stage.drain();
  await expect(
    stage.inFirm(
      `with r as (update refund set amount_minor = 90001 where id = $1 returning id)
       update undone_part set amount_minor = 90001 where refund_id = (select id from r)`,
      [refund.id],
    ),
  ).rejects.toThrow("more than was paid");
});
