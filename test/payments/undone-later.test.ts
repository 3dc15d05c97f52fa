import { beforeAll, expect, test } from "vitest";
import { newId } from "../../src/base/id.ts";
import type { MemberContext } from "../../src/context.ts";
import { requestRefund } from "../../src/payments/request-refund.ts";
import { sweepFirm } from "../../src/payments/sweep.ts";
import { bank } from "../sandbox/processor/stand.ts";
import { makeMember } from "../support/world.ts";
import { useUndone } from "./undone-stage.ts";

const stage = useUndone({ followUpDelayMilliseconds: 3_600_000 });
let bookkeeper: MemberContext;
beforeAll(async () => {
  bookkeeper = await makeMember(stage.stage.cx, stage.stage.firm.firmId, "bookkeeper", "Ines Ferrer");
});

async function refundWhole(linkId: string) {
  const [payment] = await stage.payments(linkId);
  const amounts = new Map(
    payment?.allocations.map((line) => [line.id, (Number(line.amountMinor) / 100).toFixed(2)]),
  );
  const refund = { paymentId: payment?.id ?? "", refundId: newId(), amounts, note: "Billed twice" };
  await requestRefund(bookkeeper, refund);
  await stage.drain();
  const [made] = await stage.atProcessor(linkId);
  return made?.id ?? "";
}

/** Of what the firm was told about a link's payment. */
async function toldOf(linkId: string): Promise<unknown[]> {
  const [payment] = await stage.payments(linkId);
  return stage.handled
    .filter(({ name }) => name === "delivery.notify")
    .map(({ payload }) => payload as { paymentId?: string; event: string })
    .filter(({ paymentId }) => paymentId === payment?.id)
    .map(({ event }) => event);
}

/** How often postings were asked to follow so far. */
const follows = () => stage.handled.filter(({ name }) => name === "postings.reverse").length;

test("a refund of a bank debit is gone from the day it is made, and arrives later", async () => {
  const link = await stage.paidLink({ statements: [90_000n] }, bank());
  const before = follows();
  const refund = await refundWhole(link.id);
  expect(await stage.refunds(link.id)).toMatchObject([{ state: "pending", turn: 1 }]);
  await stage.control("refund", { refund, outcome: "succeeded" });
  await stage.deliverAll();
  expect(await stage.refunds(link.id)).toMatchObject([{ state: "succeeded", turn: 1 }]);
  expect(follows() - before).toBe(1);
  expect(await stage.audit(link.id)).toEqual(
    expect.arrayContaining(["refund.requested", "refund.pending", "refund.succeeded"]),
  );
});

test("a pending refund that fails brings the money back", async () => {
  const link = await stage.paidLink({ statements: [90_000n] }, bank());
  const refund = await refundWhole(link.id);
  await stage.control("refund", { refund, outcome: "failed" });
  await stage.deliverAll({ backwards: true });
  expect(await stage.refunds(link.id)).toMatchObject([
    { state: "failed", turn: 2, failure_reason: "The card has expired or was canceled." },
  ]);
  expect(await stage.payments(link.id)).toMatchObject([{ refunded_minor: 0n }]);
});

test("a refund that fails days after it succeeded brings the money back, and can be asked for again", async () => {
  const link = await stage.paidLink({ statements: [90_000n] });
  const before = follows();
  const refund = await refundWhole(link.id);
  expect(await stage.refunds(link.id)).toMatchObject([{ state: "succeeded", turn: 1 }]);
  await stage.control("refund", { refund, outcome: "failed" });
  await stage.deliverAll();
  await stage.deliverAll({ backwards: true });
  expect(await stage.refunds(link.id)).toMatchObject([{ state: "failed", turn: 2 }]);
  expect(follows() - before).toBe(2);
  expect(await toldOf(link.id)).toEqual(["payment", "refund_failed"]);
  await refundWhole(link.id);
  expect(await stage.refunds(link.id)).toMatchObject([{ state: "failed" }, { state: "succeeded" }]);
});

test("a refund under way whose webhook never comes is read by the sweep", async () => {
  const link = await stage.paidLink({ statements: [90_000n] }, bank());
  const refund = await refundWhole(link.id);
  await stage.control("refund", { refund, outcome: "succeeded" });
  stage.clock.aheadMs = 10 * 60_000;
  await sweepFirm(stage.stage.cx, stage.stage.firm.firmId);
  expect(await stage.refunds(link.id)).toMatchObject([{ state: "succeeded" }]);
});
