import { beforeEach, expect, test } from "vitest";
import { layPosting } from "../../src/postings/lay.ts";
import { markPosted } from "../../src/postings/mark-posted.ts";
import { releasePostings } from "../../src/postings/release.ts";
import { putBack, setAside } from "../../src/postings/set-aside.ts";
import { useDatabase } from "../support/database.ts";
import {
  type Desk,
  first,
  historyOf,
  look,
  makeDesk,
  postingsOf,
  prepare,
  receivePayment,
  receivePosted,
  setConnection,
  setStatement,
  write,
} from "./desk.ts";
import { comeBack, dispute, refund, reverse, settleAll } from "./undone-desk.ts";

const box = useDatabase();
let desk: Desk;
beforeEach(async () => {
  desk = await makeDesk(box, [{ balanceMinor: 90_000n }, { balanceMinor: 35_000n }]);
});

/** What stands in the matter system: kind, statement by its place, amount. */
function ledger(): string[] {
  const places = new Map(desk.matter.statements.map((each, index) => [each.externalId, index + 1]));
  return desk.system.ledger.map(
    (entry) => `${entry.kind} ${places.get(entry.statementExternalId ?? "") ?? "?"} ${entry.amountMinor}`,
  );
}

async function posted(): Promise<string> {
  const postings = await receivePosted(desk);
  for (const posting of postings) await write(desk, posting);
  return first(postings).payment_id;
}

test("a refund by part reverses its parts and leaves the others", async () => {
  const paymentId = await posted();
  await refund(desk, { paymentId, amounts: [0n, 20_000n] });
  const postings = await settleAll(desk, paymentId);
  expect(ledger()).toEqual(["payment 1 90000", "payment 2 35000", "reversal 2 20000"]);
  const [, entry, reversal] = postings;
  expect(reversal).toMatchObject({
    kind: "reversal",
    state: "posted",
    reverses_posting_id: entry?.id,
    statement_id: entry?.statement_id,
    amount_minor: 20_000n,
  });
  expect(reversal?.cause).toMatch(/^refund:/);
  const history = await historyOf(desk, reversal ?? first(postings));
  expect(history.join()).toBe("posting.prepared,posting.started,posting.posted");
});

test("a refund that failed after its reversal is posted anew with the original allocation", async () => {
  const paymentId = await posted();
  const id = await refund(desk, { paymentId, amounts: [90_000n, 35_000n] });
  await settleAll(desk, paymentId);
  // Our copy still says that the statement is paid: its reversal is not read back yet.
  for (const statement of desk.matter.statements)
    await setStatement(desk, statement.id, { state: "paid", balance_minor: 0n });
  await comeBack(desk, "refund", id);
  await settleAll(desk, paymentId);
  expect(ledger()).toEqual([
    "payment 1 90000",
    "payment 2 35000",
    "reversal 1 90000",
    "reversal 2 35000",
    "payment 1 90000",
    "payment 2 35000",
  ]);
});

test("a dispute that is won before its reversal was written leaves only the payment", async () => {
  const paymentId = await posted();
  await setConnection(desk, { posting_release: "manual" });
  const id = await dispute(desk, { paymentId, amounts: [90_000n, 35_000n] });
  await reverse(desk, paymentId);
  await comeBack(desk, "dispute", id);
  await reverse(desk, paymentId);
  const reversals = (await postingsOf(desk, paymentId)).filter(({ kind }) => kind === "reversal");
  expect(reversals).toMatchObject([
    { state: "set_aside", is_undone: true, set_aside_reason: expect.stringContaining("came back") },
    { state: "set_aside", is_undone: true },
  ]);
  expect(ledger()).toHaveLength(2);
});

test("what is refunded whole before it is posted is set aside with its reason, and goes back when the refund fails", async () => {
  const paymentId = await receivePayment(desk, [
    { statementId: first(desk.matter.statements).id, amountMinor: 90_000n },
  ]);
  const id = await refund(desk, { paymentId, amounts: [90_000n] });
  await prepare(desk, paymentId);
  await reverse(desk, paymentId);
  const [posting] = await postingsOf(desk, paymentId);
  expect(posting).toMatchObject({
    state: "set_aside",
    is_undone: true,
    set_aside_reason: "The money was refunded before this was posted.",
  });
  await expect(putBack(desk.bookkeeper, { postingId: posting?.id ?? "" })).rejects.toThrow(
    "The money of this posting went back to the payer",
  );
  await settleAll(desk, paymentId);
  expect(ledger()).toEqual([]);
  await comeBack(desk, "refund", id);
  await settleAll(desk, paymentId);
  expect(ledger()).toEqual(["payment 1 90000"]);
});

test("what is refunded in part before it is posted is posted in full and reversed in part", async () => {
  const paymentId = await receivePayment(desk, [
    { statementId: first(desk.matter.statements).id, amountMinor: 90_000n },
  ]);
  await refund(desk, { paymentId, amounts: [40_000n] });
  await prepare(desk, paymentId);
  await settleAll(desk, paymentId);
  expect(ledger()).toEqual(["payment 1 90000", "reversal 1 40000"]);
});

test("a refund while the entry is being written is followed once its outcome is known", async () => {
  const [posting, other] = await receivePosted(desk);
  const paymentId = posting?.payment_id ?? "";
  desk.system.writeMishaps.push("lost");
  await write(desk, posting ?? { id: "" });
  await refund(desk, { paymentId, amounts: [90_000n, 35_000n] });
  await reverse(desk, paymentId);
  expect(await look(desk, posting ?? { id: "" })).toMatchObject({ state: "posting" });
  expect(await look(desk, other ?? { id: "" })).toMatchObject({ state: "set_aside", is_undone: true });
  desk.clock.at += 3_600_000;
  await write(desk, posting ?? { id: "" });
  await settleAll(desk, paymentId);
  expect(ledger()).toEqual(["payment 1 90000", "reversal 1 90000"]);
});

test("what a person set aside is neither reversed nor put back", async () => {
  const [posting] = await receivePosted(desk);
  const paymentId = posting?.payment_id ?? "";
  await setAside(desk.bookkeeper, { postingId: posting?.id ?? "", reason: "Entered under another matter" });
  await refund(desk, { paymentId, amounts: [90_000n, 0n] });
  await settleAll(desk, paymentId);
  expect(ledger()).toEqual(["payment 2 35000"]);
  expect(await look(desk, posting ?? { id: "" })).toMatchObject({ state: "set_aside", is_undone: false });
});

test("what a person entered by hand is taken out by hand", async () => {
  const [posting] = await receivePosted(desk);
  const paymentId = posting?.payment_id ?? "";
  await markPosted(desk.bookkeeper, { postingId: posting?.id ?? "", number: "P-77", postedOn: "2026-11-20" });
  await refund(desk, { paymentId, amounts: [90_000n, 0n] });
  await reverse(desk, paymentId);
  const reversal = (await postingsOf(desk, paymentId)).find(({ kind }) => kind === "reversal");
  expect(reversal).toMatchObject({ state: "needs_attention", problem: "unsupported" });
  expect(reversal?.problem_text).toBe(
    "The payment was entered in Docket by hand as P-77. Take $900.00 of it out there by hand, then mark this as posted.",
  );
});

test("a system that cannot reverse gets a reversal that a person enters", async () => {
  desk = await makeDesk(box, [{ balanceMinor: 90_000n }], {
    capabilities: ["readStatements", "postPayment", "postTrustDeposit", "lookUp"],
  });
  const paymentId = await posted();
  await refund(desk, { paymentId, amounts: [90_000n] });
  await settleAll(desk, paymentId);
  const reversal = (await postingsOf(desk, paymentId)).find(({ kind }) => kind === "reversal");
  expect(reversal).toMatchObject({ state: "needs_attention", problem: "unsupported" });
  expect(ledger()).toEqual(["payment 1 90000"]);
});

test("a lost answer to a reversal is looked up, and it stands there once", async () => {
  const paymentId = await posted();
  await refund(desk, { paymentId, amounts: [90_000n, 0n] });
  desk.system.writeMishaps.push("lost");
  await settleAll(desk, paymentId);
  desk.clock.at += 3_600_000;
  const reversal = (await postingsOf(desk, paymentId)).find(({ kind }) => kind === "reversal");
  await write(desk, reversal ?? { id: "" });
  expect(await look(desk, reversal ?? { id: "" })).toMatchObject({ state: "posted" });
  expect(ledger().filter((line) => line.startsWith("reversal"))).toEqual(["reversal 1 90000"]);
});

test("a reversal carries the date on which the money went, where the payment's date is the rule", async () => {
  const paymentId = await posted();
  desk.clock.at = Date.parse("2026-12-24T18:00:00Z");
  await refund(desk, { paymentId, amounts: [90_000n, 0n] });
  desk.clock.at = Date.parse("2026-12-30T18:00:00Z");
  await settleAll(desk, paymentId);
  expect(desk.system.ledger.at(-1)).toMatchObject({ kind: "reversal", on: "2026-12-24" });
});

test("another firm's payment is not touched", async () => {
  const paymentId = await posted();
  await refund(desk, { paymentId, amounts: [90_000n, 0n] });
  const stranger = await makeDesk(box, [{ balanceMinor: 1n }]);
  await reverse({ ...desk, firm: stranger.firm }, paymentId);
  expect(await postingsOf(desk, paymentId)).toHaveLength(2);
});

test("a payment without a statement that was refunded in part is laid with at least what went back", async () => {
  const paymentId = await receivePayment(desk, [{ statementId: null, amountMinor: 90_000n }]);
  await prepare(desk, paymentId);
  await refund(desk, { paymentId, amounts: [40_000n] });
  await reverse(desk, paymentId);
  const [posting] = await postingsOf(desk, paymentId);
  expect(posting).toMatchObject({ state: "needs_attention", problem: "no_statement" });
  const lay = (amount: string) =>
    layPosting(desk.bookkeeper, {
      postingId: posting?.id ?? "",
      statementId: first(desk.matter.statements).id,
      amount,
    });
  await expect(lay("300.00")).rejects.toThrow(
    "Enter $400.00 or more: that much of it went back to the payer",
  );
  await lay("900.00");
  await settleAll(desk, paymentId);
  expect(ledger()).toEqual(["payment 1 90000", "reversal 1 40000"]);
});

test("a posting anew that the system refuses stays on its statement", async () => {
  const paymentId = await posted();
  const id = await refund(desk, { paymentId, amounts: [90_000n, 0n] });
  await settleAll(desk, paymentId);
  await comeBack(desk, "refund", id);
  desk.system.writeMishaps.push("rejected");
  const anew = (await settleAll(desk, paymentId)).find((each) => each.restores_posting_id !== null);
  expect(anew).toMatchObject({ state: "needs_attention", problem: "statement_closed" });
  const [, second] = desk.matter.statements;
  await expect(
    layPosting(desk.bookkeeper, {
      postingId: anew?.id ?? "",
      statementId: second?.id ?? "",
      amount: "1.00",
    }),
  ).rejects.toThrow("puts back what was undone");
  expect(await releasePostings(desk.bookkeeper, { postingIds: [anew?.id ?? ""] })).toMatchObject({
    released: 1,
  });
  await settleAll(desk, paymentId);
  expect(ledger().slice(2)).toEqual(["reversal 1 90000", "payment 1 90000"]);
});
