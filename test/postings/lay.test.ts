import { expect, test } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { layPosting } from "../../src/postings/lay.ts";
import { useDatabase } from "../support/database.ts";
import {
  type Desk,
  first,
  look,
  makeDesk,
  postingsOf,
  receivePosted,
  receivePrepared,
  setStatement,
  write,
} from "./desk.ts";
import { isWriteAsked } from "./desk-jobs.ts";

const box = useDatabase();
const MINUTE_MS = 60_000;

async function unlaid(
  amountMinor = 60_000n,
  statements: Parameters<typeof makeDesk>[1] = [{ balanceMinor: 60_000n }],
) {
  const desk = await makeDesk(box, statements);
  const [posting] = await receivePrepared(desk, [{ statementId: null, amountMinor }]);
  if (!posting) throw new Error("no posting was prepared");
  return { desk, posting, statement: first(desk.matter.statements) };
}

test("the posting gets its statement, the allocation too, and it goes", async () => {
  const { desk, posting, statement } = await unlaid();
  await layPosting(desk.bookkeeper, { postingId: posting.id, statementId: statement.id, amount: "600.00" });
  expect(await look(desk, posting)).toMatchObject({
    state: "ready",
    problem: null,
    statement_id: statement.id,
  });
  expect(await isWriteAsked(box, desk)).toBe(true);
  await write(desk, posting);
  expect(desk.system.ledger).toMatchObject([
    { statementExternalId: statement.externalId, amountMinor: 60_000n },
  ]);
  expect(await sums(desk, posting.payment_id)).toEqual({
    payment: 60_000n,
    allocations: 60_000n,
    postings: 60_000n,
  });
});

test("a part may be laid; the rest becomes a posting of its own and the sums hold", async () => {
  const { desk, posting, statement } = await unlaid(60_000n, [{ balanceMinor: 50_000n }]);
  await layPosting(desk.bookkeeper, { postingId: posting.id, statementId: statement.id, amount: "500" });
  const [laid, rest] = await postingsOf(desk, posting.payment_id);
  expect(laid).toMatchObject({ id: posting.id, state: "ready", amount_minor: 50_000n });
  expect(rest).toMatchObject({ state: "needs_attention", problem: "no_statement", amount_minor: 10_000n });
  expect(rest?.reference).not.toBe(laid?.reference);
  expect(await sums(desk, posting.payment_id)).toEqual({
    payment: 60_000n,
    allocations: 60_000n,
    postings: 60_000n,
  });
});

test("two who lay it at once do not lay it twice", async () => {
  const { desk, posting, statement } = await unlaid(60_000n, [{ balanceMinor: 60_000n }]);
  const lay = () =>
    layPosting(desk.bookkeeper, { postingId: posting.id, statementId: statement.id, amount: "200" });
  const outcomes = await Promise.allSettled([lay(), lay()]);
  expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await sums(desk, posting.payment_id)).toEqual({
    payment: 60_000n,
    allocations: 60_000n,
    postings: 60_000n,
  });
});

test.each([
  ["more than was paid", "600.01", "amount"],
  ["nothing", "0", "amount"],
  ["no figure", "all of it", "amount"],
])("%s is refused", async (_, amount, field) => {
  const { desk, posting, statement } = await unlaid();
  const lay = layPosting(desk.bookkeeper, { postingId: posting.id, statementId: statement.id, amount });
  await expect(lay).rejects.toMatchObject({ code: "invalid", fields: { [field]: expect.any(String) } });
});

test("more than is open on the statement is refused", async () => {
  const { desk, posting, statement } = await unlaid(60_000n, [{ balanceMinor: 50_000n }]);
  const lay = layPosting(desk.bookkeeper, {
    postingId: posting.id,
    statementId: statement.id,
    amount: "600",
  });
  await expect(lay).rejects.toMatchObject({
    fields: { amount: expect.stringContaining("Only $500.00 is open") },
  });
});

test("money for fees never goes on a trust request", async () => {
  const { desk, posting, statement } = await unlaid(60_000n, [
    { balanceMinor: 60_000n, kind: "trust_request" },
  ]);
  const lay = layPosting(desk.bookkeeper, {
    postingId: posting.id,
    statementId: statement.id,
    amount: "600",
  });
  await expect(lay).rejects.toMatchObject({
    fields: { statement: expect.stringContaining("never on the other kind") },
  });
});

test("a closed statement and one of another firm are refused", async () => {
  const { desk, posting, statement } = await unlaid();
  const other = await makeDesk(box, [{ balanceMinor: 60_000n }]);
  const input = { postingId: posting.id, amount: "600" };
  const foreign = layPosting(desk.bookkeeper, { ...input, statementId: first(other.matter.statements).id });
  await expect(foreign).rejects.toMatchObject({ fields: { statement: "Choose a statement" } });
  await setStatement(desk, statement.id, { state: "void" });
  const closed = layPosting(desk.bookkeeper, { ...input, statementId: statement.id });
  await expect(closed).rejects.toMatchObject({ fields: { statement: expect.stringContaining("is void") } });
});

test("a posting that may stand on its first statement is not given another", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }, { balanceMinor: 40_000n }], {
    capabilities: ["postPayment"],
    duplicates: "none",
  });
  const posting = first(await receivePosted(desk));
  desk.system.writeMishaps = ["lost"];
  await write(desk, posting);
  desk.clock.at += MINUTE_MS;
  await write(desk, posting);
  const statementId = desk.matter.statements[1]?.id ?? "";
  const lay = layPosting(desk.bookkeeper, { postingId: posting.id, statementId, amount: "400" });
  await expect(lay).rejects.toMatchObject({ code: "conflict" });
});

async function sums(desk: Desk, paymentId: string) {
  const postings = (await postingsOf(desk, paymentId)).reduce((sum, each) => sum + each.amount_minor, 0n);
  return await withFirm(desk.cx.database, desk.firm.firmId, async (tx) => {
    const payment = await tx
      .selectFrom("payment")
      .select("amount_minor")
      .where("firm_id", "=", desk.firm.firmId)
      .where("id", "=", paymentId)
      .executeTakeFirstOrThrow();
    const parts = await tx
      .selectFrom("payment_allocation")
      .select("amount_minor")
      .where("firm_id", "=", desk.firm.firmId)
      .where("payment_id", "=", paymentId)
      .execute();
    const allocations = parts.reduce((sum, each) => sum + each.amount_minor, 0n);
    return { payment: payment.amount_minor, allocations, postings };
  });
}
