import { expect, test } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { useDatabase } from "../support/database.ts";
import { look, postingsOf, prepare, receivePayment, setConnection, write } from "./desk.ts";
import { isWriteAsked } from "./desk-jobs.ts";
import { openDesk, paymentFacts, receiveTyped, renumber } from "./match-desk.ts";

const box = useDatabase();

test("a payment that names one open statement is laid on it, posted, and on record", async () => {
  const { desk, statement } = await openDesk(box);
  const posting = await receiveTyped(desk, 40_000n, { invoiceNumber: statement.number });
  expect(posting).toMatchObject({
    state: "ready",
    problem: null,
    statement_id: statement.id,
    connection_id: desk.matter.connectionId,
  });
  expect(await paymentFacts(desk, posting.payment_id)).toEqual({
    allocations: [{ statement_id: statement.id, amount_minor: 40_000n }],
    actions: ["payment.matched"],
  });
  expect(await isWriteAsked(box, desk)).toBe(true);
  await write(desk, posting);
  expect(desk.system.ledger).toMatchObject([
    { statementExternalId: statement.externalId, amountMinor: 40_000n },
  ]);
});

test("preparing it again, also at once, lays nothing anew", async () => {
  const { desk, statement } = await openDesk(box);
  const facts = { invoiceNumber: statement.number };
  const paymentId = await receivePayment(desk, [{ statementId: null, amountMinor: 40_000n }], facts);
  await Promise.all([prepare(desk, paymentId), prepare(desk, paymentId), prepare(desk, paymentId)]);
  const before = await postingsOf(desk, paymentId);
  await prepare(desk, paymentId);
  expect(await postingsOf(desk, paymentId)).toEqual(before);
  expect(before).toHaveLength(1);
  expect((await paymentFacts(desk, paymentId)).actions).toEqual(["payment.matched"]);
});

test("a part payment of a link is laid as far as it goes", async () => {
  const { desk, statement } = await openDesk(box);
  const facts = { invoiceNumber: statement.number, askedMinor: 40_000n };
  const paymentId = await receivePayment(desk, [{ statementId: null, amountMinor: 15_000n }], facts);
  await withFirm(desk.cx.database, desk.firm.firmId, async (tx) => {
    const { link_id } = await tx
      .selectFrom("payment")
      .select("link_id")
      .where("id", "=", paymentId)
      .executeTakeFirstOrThrow();
    const checkoutId = paymentId;
    await tx
      .insertInto("checkout")
      .values({
        firm_id: desk.firm.firmId,
        id: checkoutId,
        link_id,
        merchant_account_id: desk.firm.operatingAccountId,
        processor_account: desk.firm.processorAccounts.operating,
        amount_minor: 15_000n,
        currency: "USD",
        method: "card",
        state: "completed",
        expires_at: new Date(),
      })
      .execute();
    await tx.updateTable("payment").set({ checkout_id: checkoutId }).where("id", "=", paymentId).execute();
  });
  await prepare(desk, paymentId);
  expect(await postingsOf(desk, paymentId)).toMatchObject([
    { state: "ready", statement_id: statement.id, amount_minor: 15_000n },
  ]);
});

test("a number in small letters finds its statement", async () => {
  const { desk, statement } = await openDesk(box);
  await renumber(desk, statement.id, "INV-77A");
  expect(await receiveTyped(desk, 40_000n, { invoiceNumber: "inv-77a" })).toMatchObject({ state: "ready" });
});

test("a payment of an uploaded link finds its statement in the same way", async () => {
  const { desk, statement } = await openDesk(box);
  const facts = { source: "bulk", invoiceNumber: statement.number } as const;
  expect(await receiveTyped(desk, 40_000n, facts)).toMatchObject({ state: "ready" });
});

test("where the firm releases by hand, what was found waits for its release", async () => {
  const { desk, statement } = await openDesk(box);
  await setConnection(desk, { posting_release: "manual" });
  const posting = await receiveTyped(desk, 40_000n, { invoiceNumber: statement.number });
  expect(posting).toMatchObject({ state: "ready", statement_id: statement.id });
  expect(await isWriteAsked(box, desk)).toBe(false);
});

test("a second payment of the link waits as one; it finds the statement once it is the only one", async () => {
  const { desk, statement } = await openDesk(box);
  const posting = await receiveTyped(desk, 40_000n, { invoiceNumber: statement.number, isSurplus: true });
  expect(posting).toMatchObject({ problem: "surplus", statement_id: null });
  await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx.updateTable("payment").set({ is_surplus: false }).where("id", "=", posting.payment_id).execute(),
  );
  await prepare(desk, posting.payment_id);
  expect(await look(desk, posting)).toMatchObject({
    state: "ready",
    problem: null,
    statement_id: statement.id,
    connection_id: desk.matter.connectionId,
  });
  expect(await isWriteAsked(box, desk)).toBe(true);
});
