import { beforeAll, expect, test } from "vitest";
import type { MemberContext } from "../../src/context.ts";
import { layUndone } from "../../src/payments/lay-undone.ts";
import { sweepFirm } from "../../src/payments/sweep.ts";
import { bank } from "../sandbox/processor/stand.ts";
import { makeMember } from "../support/world.ts";
import { useUndone } from "./undone-stage.ts";

const stage = useUndone();
let bookkeeper: MemberContext;
beforeAll(async () => {
  bookkeeper = await makeMember(stage.stage.cx, stage.stage.firm.firmId, "bookkeeper", "Ines Ferrer");
});

async function dispute(linkId: string, wish: Record<string, unknown> = {}): Promise<string> {
  const { intent } = await stage.intentOf(linkId);
  const { id } = await stage.control("dispute", { payment_intent: intent, ...wish });
  await stage.deliverAll();
  return String(id);
}

async function close(id: string, outcome: "won" | "lost"): Promise<void> {
  await stage.control("dispute/close", { dispute: id, outcome });
  await stage.deliverAll();
}

test("an opened dispute counts from the day on which the money is withdrawn, with its deadline", async () => {
  const link = await stage.paidLink({ statements: [90_000n, 35_000n] });
  await dispute(link.id);
  const [row] = await stage.disputes(link.id);
  expect(row).toMatchObject({ kind: "chargeback", state: "open", turn: 1, is_laid: true, excess_minor: 0n });
  const days = ((row?.evidence_due_at?.getTime() ?? 0) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(8);
  expect(await stage.partsOf(row?.id ?? "")).toEqual([90_000n, 35_000n]);
  expect(await stage.payments(link.id)).toMatchObject([{ dispute: "open" }]);
  expect(await stage.audit(link.id)).toContain("dispute.opened");
});

test("a dispute that is won brings the money back; events twice and backwards change nothing", async () => {
  const link = await stage.paidLink({ statements: [90_000n] });
  await close(await dispute(link.id), "won");
  await stage.deliverAll({ backwards: true });
  await stage.deliverAll();
  expect(await stage.disputes(link.id)).toMatchObject([
    { state: "won", turn: 2, closed_at: expect.any(Date) },
  ]);
  const actions = (await stage.audit(link.id)).filter((action) => action.startsWith("dispute."));
  expect(actions).toEqual(["dispute.opened", "dispute.won"]);
});

test("a dispute that is lost moves nothing more", async () => {
  const link = await stage.paidLink({ statements: [90_000n] });
  await close(await dispute(link.id), "lost");
  expect(await stage.disputes(link.id)).toMatchObject([{ state: "lost", turn: 1 }]);
});

test("a dispute of which we hear only when it is decided comes to the same end", async () => {
  const link = await stage.paidLink({ statements: [90_000n] });
  const { intent } = await stage.intentOf(link.id);
  const { id } = await stage.control("dispute", { payment_intent: intent });
  await stage.control("dispute/close", { dispute: id, outcome: "won" });
  await stage.deliverAll();
  expect(await stage.disputes(link.id)).toMatchObject([{ state: "won", turn: 0 }]);
});

test("a dispute whose webhook never comes is found in the processor's list of events, once", async () => {
  const link = await stage.paidLink({ statements: [90_000n] });
  const { intent } = await stage.intentOf(link.id);
  await stage.control("dispute", { payment_intent: intent });
  stage.clock.aheadMs = 15 * 60_000;
  for (let round = 0; round < 2; round++) {
    await sweepFirm(stage.stage.cx, stage.stage.firm.firmId);
    await stage.drain();
  }
  expect(await stage.disputes(link.id)).toMatchObject([{ state: "open", turn: 1 }]);
});

test("an inquiry moves no money and ends without any", async () => {
  const link = await stage.paidLink({ statements: [90_000n] });
  const id = await dispute(link.id, { inquiry: true });
  expect(await stage.disputes(link.id)).toMatchObject([{ state: "inquiry", turn: 0, is_laid: false }]);
  await close(id, "won");
  expect(await stage.disputes(link.id)).toMatchObject([{ state: "closed", turn: 0 }]);
  expect(await stage.audit(link.id)).toEqual(expect.arrayContaining(["dispute.inquiry", "dispute.closed"]));
});

test("a bank debit that comes back after it settled is lost at once, and called a return", async () => {
  const link = await stage.paidLink({ statements: [90_000n] }, bank());
  await dispute(link.id);
  expect(await stage.disputes(link.id)).toMatchObject([
    { kind: "bank_return", state: "lost", turn: 1, evidence_due_at: null },
  ]);
  expect(await stage.audit(link.id)).toContain("dispute.returned");
  const told = stage.handled.filter(({ name }) => name === "delivery.notify");
  expect(told.at(-1)?.payload).toMatchObject({ event: "payment_failed" });
});

test("a dispute of more than a refund left over keeps what went beyond the payment apart", async () => {
  const link = await stage.paidLink({ statements: [90_000n] });
  await stage.refundThere(link.id, 20_000);
  await dispute(link.id);
  const [row] = await stage.disputes(link.id);
  expect(row).toMatchObject({ amount_minor: 90_000n, excess_minor: 20_000n, is_laid: true });
  expect(await stage.partsOf(row?.id ?? "")).toEqual([70_000n]);
});

test("a dispute over a part of several lines waits for a bookkeeper", async () => {
  const link = await stage.paidLink({ statements: [90_000n, 35_000n] });
  await dispute(link.id, { amount: 10_000 });
  const [row] = await stage.disputes(link.id);
  expect(row).toMatchObject({ is_laid: false, turn: 1 });
  const [payment] = await stage.payments(link.id);
  const input = {
    paymentId: payment?.id ?? "",
    kind: "dispute" as const,
    id: row?.id ?? "",
    amounts: new Map([[payment?.allocations[1]?.id ?? "", "100.00"]]),
  };
  await expect(layUndone(stage.stage.staff, input)).rejects.toThrow("Your role does not");
  const stranger = await makeMember(stage.stage.cx, stage.stage.other.firmId, "bookkeeper");
  await expect(layUndone(stranger, input)).rejects.toThrow("no such payment");
  await layUndone(bookkeeper, input);
  expect(await stage.partsOf(row?.id ?? "")).toEqual([10_000n]);
});
