import { expect, test } from "vitest";
import { bank } from "../sandbox/processor/stand.ts";
import { useBooks } from "./books.ts";

const stage = useBooks();

/** Every event once more, in both directions, and every look at the payment: nothing is new. */
async function tellAgain(linkId: string): Promise<void> {
  const traces = async () => [
    await stage.disputes(linkId),
    await stage.refunds(linkId),
    await stage.inBooks(linkId),
    await stage.audit(linkId),
  ];
  const before = await traces();
  await stage.deliverAll({ backwards: true });
  await stage.deliverAll();
  expect(await traces()).toEqual(before);
}

const WHOLE_AND_PART = [
  ["the whole", "100.00", 10_000n],
  ["a part", "40.00", 4_000n],
] as const;

test.each(WHOLE_AND_PART)(
  "a refund of %s that fails beside a bank return is taken by the return, once its reversal is written",
  async (_name, amount, amountMinor) => {
    const link = await stage.paidLink({ statements: [10_000n] }, bank());
    const refund = await stage.refundHere(link.id, [amount]);
    expect(await stage.inBooks(link.id)).toEqual([10_000n - amountMinor]);
    await stage.takeBack(link.id);
    expect(await stage.disputes(link.id)).toMatchObject([{ turn: 1, excess_minor: amountMinor }]);
    expect(await stage.inBooks(link.id)).toEqual([0n]);
    await stage.fail(refund);
    const [row] = await stage.disputes(link.id);
    expect(row).toMatchObject({ state: "lost", turn: 3, is_laid: true, excess_minor: 0n });
    expect(await stage.partsOf(row?.id ?? "")).toEqual([10_000n]);
    expect(await stage.held(link.id)).toBe(0n);
    expect(await stage.inBooks(link.id)).toEqual([0n]);
    expect(await stage.openPostings(link.id)).toEqual([]);
    expect(await stage.audit(link.id)).toContain("dispute.laid");
    await tellAgain(link.id);
  },
);

test.each(WHOLE_AND_PART)(
  "a refund of %s that fails beside a bank return is taken by the return, its reversal not yet written",
  async (_name, amount, amountMinor) => {
    const link = await stage.paidLink({ statements: [10_000n] }, bank());
    await stage.hold();
    const refund = await stage.refundHere(link.id, [amount]);
    await stage.takeBack(link.id);
    expect(await stage.disputes(link.id)).toMatchObject([{ turn: 1, excess_minor: amountMinor }]);
    await stage.fail(refund);
    expect(await stage.inBooks(link.id)).toEqual([10_000n]);
    await stage.letGo();
    expect(await stage.disputes(link.id)).toMatchObject([{ turn: 3, excess_minor: 0n }]);
    expect(await stage.held(link.id)).toBe(0n);
    expect(await stage.inBooks(link.id)).toEqual([0n]);
    expect(await stage.openPostings(link.id)).toEqual([]);
    await tellAgain(link.id);
  },
);

test("a refund that failed and the return after it, heard of together, leave nothing in the books", async () => {
  const link = await stage.paidLink({ statements: [10_000n] }, bank());
  await stage.hold();
  const refund = await stage.refundHere(link.id, ["100.00"]);
  await stage.control("refund", { refund, outcome: "failed" });
  await stage.takeBack(link.id);
  expect(await stage.disputes(link.id)).toMatchObject([{ turn: 1, is_laid: true, excess_minor: 0n }]);
  await stage.letGo();
  expect([await stage.inBooks(link.id), await stage.held(link.id)]).toEqual([[0n], 0n]);
});

test("what a return took too little of is of several lines: a person says on which it lies", async () => {
  const link = await stage.paidLink({ statements: [6_000n, 4_000n] }, bank());
  const refund = await stage.refundHere(link.id, ["60.00", "40.00"]);
  await stage.takeBack(link.id, { amount: 5_000 });
  expect(await stage.disputes(link.id)).toMatchObject([{ is_laid: true, excess_minor: 5_000n }]);
  await stage.fail(refund);
  const [row] = await stage.disputes(link.id);
  expect(row).toMatchObject({ is_laid: false, excess_minor: 0n, turn: 1 });
  expect(await stage.inBooks(link.id)).toEqual([6_000n, 4_000n]);
  await tellAgain(link.id);
  await stage.lay(link.id, "dispute", row?.id ?? "", ["30.00", "20.00"]);
  expect(await stage.disputes(link.id)).toMatchObject([{ is_laid: true, turn: 1 }]);
  expect([await stage.inBooks(link.id), await stage.held(link.id)]).toEqual([[3_000n, 2_000n], 5_000n]);
});

test("what lies of it already stays where it lies, and a person is asked for the rest alone", async () => {
  const link = await stage.paidLink({ statements: [6_000n, 4_000n] }, bank());
  const refund = await stage.refundHere(link.id, ["60.00", "20.00"]);
  await stage.takeBack(link.id, { amount: 5_000 });
  const [before] = await stage.disputes(link.id);
  expect(before).toMatchObject({ is_laid: true, excess_minor: 3_000n });
  expect(await stage.partsOf(before?.id ?? "")).toEqual([2_000n]);
  await stage.fail(refund);
  expect(await stage.disputes(link.id)).toMatchObject([{ is_laid: false, excess_minor: 0n, turn: 1 }]);
  const lay = (amounts: string[]) => stage.lay(link.id, "dispute", before?.id ?? "", amounts);
  await expect(lay(["50.00", ""])).rejects.toThrow("must add up to $30.00. They add up to $50.00 now");
  await expect(lay(["9.00", "21.00"])).rejects.toThrow("Enter $20.00 or less");
  await lay(["10.00", "20.00"]);
  expect(await stage.partsOf(before?.id ?? "")).toEqual([1_000n, 4_000n]);
  expect(await stage.disputes(link.id)).toMatchObject([{ is_laid: true, excess_minor: 0n, turn: 3 }]);
  expect([await stage.inBooks(link.id), await stage.held(link.id)]).toEqual([[5_000n, 0n], 5_000n]);
  await tellAgain(link.id);
});

test("a refund that a dispute left nothing takes its part once the dispute is won", async () => {
  const link = await stage.paidLink({ statements: [10_000n] });
  const lost = stage.disputeFact(10_000n);
  const refund = stage.refundFact(4_000n);
  await stage.tell(link.id, [], [lost]);
  expect(await stage.tell(link.id, [refund], [lost])).toBe(true);
  expect(await stage.refunds(link.id)).toMatchObject([{ turn: 1, is_laid: true, excess_minor: 4_000n }]);
  expect(await stage.inBooks(link.id)).toEqual([0n]);
  const won = { ...lost, state: "won", isGone: false } as const;
  expect(await stage.tell(link.id, [refund], [won])).toBe(true);
  const [row] = await stage.refunds(link.id);
  expect(row).toMatchObject({ turn: 3, is_laid: true, excess_minor: 0n });
  expect(await stage.partsOf(row?.id ?? "")).toEqual([4_000n]);
  expect(await stage.inBooks(link.id)).toEqual([6_000n]);
  expect(await stage.tell(link.id, [refund], [won])).toBe(false);
  expect(await stage.inBooks(link.id)).toEqual([6_000n]);
});

test("while a refund is only asked for, what it asked for is not taken; once it is refused, it is", async () => {
  const link = await stage.paidLink({ statements: [10_000n] });
  const made = stage.refundFact(6_000n);
  await stage.tell(link.id, [made], []);
  const asked = await stage.ask(link.id, ["40.00"]);
  const lost = stage.disputeFact(9_000n);
  await stage.tell(link.id, [made], [lost]);
  const [before] = await stage.disputes(link.id);
  expect(before).toMatchObject({ is_laid: true, excess_minor: 5_000n });
  const failed = { ...made, state: "failed", isGone: false } as const;
  await stage.tell(link.id, [failed], [lost]);
  expect(await stage.disputes(link.id)).toMatchObject([{ turn: 1, excess_minor: 5_000n }]);
  await stage.inFirm("update refund set state = 'refused' where id = $1", [asked]);
  await stage.tell(link.id, [failed], [lost]);
  expect(await stage.disputes(link.id)).toMatchObject([{ turn: 3, excess_minor: 0n }]);
  expect(await stage.partsOf(before?.id ?? "")).toEqual([9_000n]);
  expect(await stage.inBooks(link.id)).toEqual([1_000n]);
});

/** A payment on two lines of which a part went back at the processor, and then the whole. */
async function behindRefund() {
  const link = await stage.paidLink({ statements: [6_000n, 4_000n] }, bank());
  await stage.refundThere(link.id, 3_000);
  await stage.takeBack(link.id);
  const [refund] = await stage.refunds(link.id);
  const [taken] = await stage.disputes(link.id);
  expect([refund?.is_laid, taken?.is_laid]).toEqual([false, false]);
  return { link, refund, refundId: refund?.id ?? "", takenId: taken?.id ?? "" };
}

test("a return that waited behind a refund is laid with it, and what went beyond the payment is kept apart", async () => {
  const { link, refund, refundId, takenId } = await behindRefund();
  await stage.lay(link.id, "refund", refundId, ["10.00", "20.00"]);
  expect(await stage.disputes(link.id)).toMatchObject([{ is_laid: true, excess_minor: 3_000n, turn: 1 }]);
  expect(await stage.partsOf(takenId)).toEqual([5_000n, 2_000n]);
  expect(await stage.inBooks(link.id)).toEqual([0n, 0n]);
  expect(await stage.held(link.id)).toBe(-3_000n);
  const actors = await stage.inFirm(
    "select action, actor_kind from audit_event where link_id = $1 and action like '%.laid' order by id",
    [link.id],
  );
  expect(actors.filter(({ action }) => action !== "posting.laid")).toEqual([
    { action: "refund.laid", actor_kind: "member" },
    { action: "dispute.laid", actor_kind: "system" },
  ]);
  // The refund does not reach the payer: what it gave back is the return's.
  await stage.fail(refund?.processor_refund_id ?? "");
  expect(await stage.disputes(link.id)).toMatchObject([{ is_laid: true, excess_minor: 0n, turn: 3 }]);
  expect(await stage.partsOf(takenId)).toEqual([6_000n, 4_000n]);
  expect([await stage.inBooks(link.id), await stage.held(link.id)]).toEqual([[0n, 0n], 0n]);
  await tellAgain(link.id);
});

test("where the return is laid first, the refund before it went beyond the payment", async () => {
  const { link, refundId, takenId } = await behindRefund();
  await stage.lay(link.id, "dispute", takenId, ["60.00", "40.00"]);
  expect(await stage.disputes(link.id)).toMatchObject([{ is_laid: true, excess_minor: 0n }]);
  expect(await stage.refunds(link.id)).toMatchObject([{ is_laid: true, excess_minor: 3_000n }]);
  expect(await stage.partsOf(refundId)).toEqual([]);
  expect(await stage.inBooks(link.id)).toEqual([0n, 0n]);
  await tellAgain(link.id);
});

test("a return of more than is left is laid by a person on all that is left", async () => {
  const { link, refundId, takenId } = await behindRefund();
  const refund = stage.refundFact(500n);
  await stage.tell(link.id, [refund], []);
  await stage.lay(link.id, "refund", refundId, ["30.00", ""]);
  // Another refund waits too, so that neither can be laid by itself.
  expect(await stage.disputes(link.id)).toMatchObject([{ is_laid: false }]);
  const lay = (amounts: string[]) => stage.lay(link.id, "dispute", takenId, amounts);
  await expect(lay(["30.00", "30.00"])).rejects.toThrow(
    "must add up to $70.00, which is all that is left of the payment. They add up to $60.00 now",
  );
  await expect(lay(["60.00", "40.00"])).rejects.toThrow("Enter $30.00 or less");
  await lay(["30.00", "40.00"]);
  expect(await stage.disputes(link.id)).toMatchObject([{ is_laid: true, excess_minor: 3_000n }]);
  expect((await stage.refunds(link.id)).map((row) => [row.is_laid, row.excess_minor])).toEqual([
    [true, 0n],
    [true, 500n],
  ]);
  expect(await stage.inBooks(link.id)).toEqual([0n, 0n]);
});

test("a return that waited behind a refund is laid by itself when that refund fails", async () => {
  const { link, refund, takenId } = await behindRefund();
  await stage.fail(refund?.processor_refund_id ?? "");
  expect(await stage.disputes(link.id)).toMatchObject([{ is_laid: true, excess_minor: 0n, turn: 1 }]);
  expect(await stage.partsOf(takenId)).toEqual([6_000n, 4_000n]);
  expect([await stage.inBooks(link.id), await stage.held(link.id)]).toEqual([[0n, 0n], 0n]);
});
