import { expect, test } from "vitest";
import { dayOf } from "../../src/base/day.ts";
import { newId } from "../../src/base/id.ts";
import { LANGUAGES } from "../../src/base/language.ts";
import { readLedger, readTrust } from "../../src/deposits/trust-report.ts";
import { wordsFor } from "../../src/pay/words.ts";
import { preparePostings } from "../../src/postings/prepare.ts";
import { addAccount } from "../../src/settings/add-account.ts";
import { first, postingsOf, receivePayment, receivePosted, write } from "../postings/desk.ts";
import { useDatabase } from "../support/database.ts";
import { type BankDesk, inFirm, makeBankDesk, receive } from "./bank-desk.ts";

const box = useDatabase();
const TRUST_REQUEST = { balanceMinor: 50_000n, kind: "trust_request" as const };

/** The name of the constraint that refuses; undefined where nothing does. */
async function refusedBy(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return (error as { constraint?: string }).constraint;
  }
}

test("an account that pays its own fees cannot be saved as trust, and one in trust cannot begin to", async () => {
  const desk = await makeBankDesk(box, []);
  const account = {
    name: "Client trust",
    kind: "trust",
    last4: "1234",
    processorAccount: "acct_new",
  } as const;
  const saving = addAccount(desk.bookkeeper, { ...account, feesPayer: "account" });
  await expect(saving).rejects.toThrow("fees never come out of client money");
  const change = (values: { fees_payer?: "account"; kind?: "operating" }) =>
    refusedBy(
      inFirm(desk, (tx) =>
        tx
          .updateTable("merchant_account")
          .set(values)
          .where("firm_id", "=", desk.firm.firmId)
          .where("id", "=", desk.firm.trustAccountId)
          .execute(),
      ),
    );
  expect(await change({ fees_payer: "account" })).toBe("merchant_account_trust_fees");
  expect(await change({ kind: "operating" })).toBe("merchant_account_keeps_kind");
});

test("a link keeps its account, and a checkout goes where its link goes", async () => {
  const desk = await makeBankDesk(box, []);
  const { firmId } = desk.firm;
  await receive(desk, 10_000n);
  const link = await inFirm(desk, (tx) =>
    tx.selectFrom("payment_link").selectAll().where("firm_id", "=", firmId).executeTakeFirstOrThrow(),
  );
  const moved = inFirm(desk, (tx) =>
    tx
      .updateTable("payment_link")
      .set({ merchant_account_id: desk.firm.trustAccountId, account_kind: "trust" })
      .where("firm_id", "=", firmId)
      .execute(),
  );
  expect(await refusedBy(moved)).toBe("payment_link_keeps_account");
  const checkout = inFirm(desk, (tx) =>
    tx
      .insertInto("checkout")
      .values({
        firm_id: firmId,
        id: newId(),
        link_id: link.id,
        merchant_account_id: desk.firm.trustAccountId,
        processor_account: desk.firm.processorAccounts.trust,
        amount_minor: 10_000n,
        currency: "USD",
        method: "card",
        state: "preparing",
        expires_at: new Date(),
      })
      .execute(),
  );
  expect(await refusedBy(checkout)).toBe("checkout_account_agrees");
});

test("money of an operating account is never laid on a trust request, nor posted as a trust deposit", async () => {
  const desk = await makeBankDesk(box, [TRUST_REQUEST, { balanceMinor: 50_000n }]);
  const [request, invoice] = desk.matter.statements;
  const laid = receivePayment(desk, [{ statementId: request?.id ?? "", amountMinor: 50_000n }]);
  expect(await refusedBy(laid)).toBe("payment_allocation_kind");
  const other = receivePayment(desk, [{ statementId: invoice?.id ?? "", amountMinor: 50_000n }], {
    kind: "trust",
  });
  expect(await refusedBy(other)).toBe("payment_allocation_kind");
  const paymentId = await receivePayment(desk, [{ statementId: invoice?.id ?? "", amountMinor: 50_000n }]);
  await preparePostings(desk.cx, { firmId: desk.firm.firmId, paymentIds: [paymentId] });
  const posting = first(await postingsOf(desk, paymentId));
  const change = (values: { kind?: "trust_deposit"; statement_id?: string }) =>
    refusedBy(
      inFirm(desk, (tx) => tx.updateTable("posting").set(values).where("id", "=", posting.id).execute()),
    );
  expect(await change({ kind: "trust_deposit" })).toBe("posting_kind_agrees");
  expect(await change({ statement_id: request?.id ?? "" })).toBe("posting_kind_agrees");
});

/** A reversal of a posting, written straight into the database. */
function reversal(
  desk: BankDesk,
  of: { id: string; payment_id: string; allocation_id: string },
  amount: bigint,
  cause = newId(),
) {
  return refusedBy(
    inFirm(desk, async (tx) => {
      const entry = await tx
        .selectFrom("posting")
        .selectAll()
        .where("id", "=", of.id)
        .executeTakeFirstOrThrow();
      await tx
        .insertInto("posting")
        .values({
          firm_id: desk.firm.firmId,
          id: newId(),
          reference: `SFP-${cause}`,
          payment_id: of.payment_id,
          allocation_id: of.allocation_id,
          kind: "reversal",
          reverses_posting_id: of.id,
          cause: `refund:${cause}`,
          connection_id: entry.connection_id,
          statement_id: entry.statement_id,
          amount_minor: amount,
          currency: "USD",
          state: "posted",
          posted_by: "api",
          posted_at: new Date(desk.clock.at),
          posted_on: new Date(desk.clock.at).toISOString().slice(0, 10),
        })
        .execute();
    }),
  );
}

test("a trust ledger never falls below zero from our postings", async () => {
  const desk = await makeBankDesk(box, [TRUST_REQUEST]);
  const posting = first(await receivePosted(desk, { kind: "trust" }));
  // Not in the ledger yet: nothing can be taken out.
  expect(await reversal(desk, posting, 10_000n)).toBe("posting_trust_ledger");
  await write(desk, posting);
  expect(await reversal(desk, posting, 30_000n)).toBeUndefined();
  expect(await reversal(desk, posting, 30_000n)).toBe("posting_reversal_within");
  expect(await reversal(desk, posting, 20_000n)).toBeUndefined();
});

test("the report shows receipts, reversals and the running balance of each client ledger", async () => {
  const desk = await makeBankDesk(box, [TRUST_REQUEST]);
  const posting = first(await receivePosted(desk, { kind: "trust" }));
  await write(desk, posting);
  await reversal(desk, posting, 12_500n);
  const today = dayOf(new Date(desk.clock.at), "America/Chicago");
  const month = { from: "2020-01-01", to: "2099-12-31" };
  const [ledger, ...more] = await readTrust(desk.bookkeeper, { period: month, accountId: undefined });
  expect(more).toEqual([]);
  expect(ledger).toMatchObject({
    openingMinor: 0n,
    receiptsMinor: 50_000n,
    receipts: 1,
    reversalsMinor: 12_500n,
    reversals: 1,
    closingMinor: 37_500n,
    lowestMinor: 37_500n,
    currency: "USD",
  });
  const wish = { period: month, accountId: desk.firm.trustAccountId, matterId: ledger?.matterId ?? "" };
  const entries = await readLedger(desk.bookkeeper, wish);
  expect(entries.map(({ kind, amountMinor, balanceMinor }) => [kind, amountMinor, balanceMinor])).toEqual([
    ["receipt", 50_000n, 50_000n],
    ["reversal", 12_500n, 37_500n],
  ]);
  const later = { from: "2090-01-01", to: "2090-01-31" };
  expect(await readTrust(desk.bookkeeper, { period: later, accountId: undefined })).toMatchObject([
    { openingMinor: 37_500n, receiptsMinor: 0n, reversalsMinor: 0n, closingMinor: 37_500n },
  ]);
  const before = { from: "2020-01-01", to: "2020-01-31" };
  expect(await readTrust(desk.bookkeeper, { period: before, accountId: undefined })).toEqual([]);
  expect(entries[0]?.postedOn).toBe(today);
  const none = { period: month, accountId: desk.firm.operatingAccountId };
  expect(await readTrust(desk.bookkeeper, none)).toEqual([]);
});

test.each(LANGUAGES)("in %s the payer reads in words that money goes to trust", (language) => {
  const words = wordsFor(language);
  expect(words.intoTrust).toMatch(/client trust account|fiduciaria|fidéicommis/i);
  expect(words.intoTrust).not.toBe(words.intoOperating);
});
