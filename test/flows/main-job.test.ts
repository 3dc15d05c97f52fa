import { afterAll, beforeAll, expect, test } from "vitest";
import { payByCard, readDocketLedger } from "../support/main-job.ts";
import { newVisitor } from "../support/visitor.ts";
import { expectBooksToAgree, readLinkState, readPayments, readPostings, waitForPosted } from "./books.ts";
import { readCharges, settleDebit } from "./doors.ts";
import { BANK, openStage, payByBank, type Stage, sendRequest, waitForPage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

test("a statement is paid by card and stands in Docket, with the receipt at the link and in the post", async () => {
  const { payerLinks, page } = await sendRequest(stage, [{ number: "F-CARD", total: 412.35 }]);
  const payer = await payByCard(payerLinks[0] ?? "");
  await waitForPage(payer, payer.page.url, /Payment received/);
  expect(payer.page.text).toContain("$412.35");
  const posting = await waitForPosted(stage.books, "F-CARD");
  expect(posting).toMatchObject({ kind: "payment", amountMinor: 41_235n });
  await waitForPage(stage.staff, page, /Payment received/);
  await waitForPage(stage.bookkeeper, `${stage.service.origin}/postings?tab=posted`, /F-CARD/);
});

test("a basket with trust money becomes two links in one email, each paid into its own account", async () => {
  const { payerLinks, mail } = await sendRequest(stage, [
    { number: "F-INVOICE", total: 300 },
    { number: "F-TRUST", kind: "trust_request", total: 1_250.5 },
  ]);
  expect(payerLinks).toHaveLength(2);
  expect(mail.subject).not.toBe("");
  for (const link of payerLinks) {
    const payer = await payByCard(link);
    await waitForPage(payer, payer.page.url, /Payment received/);
  }
  const invoice = await waitForPosted(stage.books, "F-INVOICE");
  const trust = await waitForPosted(stage.books, "F-TRUST");
  expect(invoice).toMatchObject({ kind: "payment", amountMinor: 30_000n });
  expect(trust).toMatchObject({ kind: "trust_deposit", amountMinor: 125_050n });
  const ledger = await readDocketLedger(stage.service);
  expect(ledger.find((line) => line.reference === trust.reference)).toMatchObject({
    kind: "trust_deposit",
    amount: 1_250.5,
  });
});

test("a part of one statement and the whole of another are paid together, each by its own posting", async () => {
  const { payerLinks } = await sendRequest(stage, [
    { number: "F-PART", total: 500, asked: "120.25" },
    { number: "F-WHOLE", total: 80 },
  ]);
  const payer = await payByCard(payerLinks[0] ?? "");
  await waitForPage(payer, payer.page.url, /Payment received/);
  expect(payer.page.text).toContain("$200.25");
  expect(await waitForPosted(stage.books, "F-PART")).toMatchObject({ amountMinor: 12_025n });
  expect(await waitForPosted(stage.books, "F-WHOLE")).toMatchObject({ amountMinor: 8_000n });
  const search = `${stage.service.origin}/matters?q=F-PART`;
  await waitForPage(stage.staff, search, /\$379\.75/);
});

test("a bank debit is on its way first, and posted once it has settled", async () => {
  const { payerLinks } = await sendRequest(stage, [{ number: "F-DEBIT", total: 900 }]);
  const { payer, sessionId } = await payByBank(payerLinks[0] ?? "", BANK.pays);
  await waitForPage(payer, payer.page.url, /Your bank payment is clearing/);
  expect(await readLinkState(stage.books, "F-DEBIT")).toBe("processing");
  expect(await readPostings(stage.books, "F-DEBIT")).toEqual([]);
  await settleDebit(stage.service, sessionId);
  expect(await waitForPosted(stage.books, "F-DEBIT")).toMatchObject({ amountMinor: 90_000n });
  await waitForPage(payer, payerLinks[0] ?? "", /Payment received/);
});

test("a bank debit that comes back leaves the link to be paid in another way", async () => {
  const { payerLinks } = await sendRequest(stage, [{ number: "F-RETURN", total: 77.7 }]);
  const link = payerLinks[0] ?? "";
  const { sessionId } = await payByBank(link, BANK.hasNoFunds);
  await waitForPage(newVisitor(), link, /Your bank payment is clearing/);
  await settleDebit(stage.service, sessionId);
  await waitForPage(newVisitor(), link, /Continue to pay/);
  expect(await readPostings(stage.books, "F-RETURN")).toEqual([]);
  await payByCard(link);
  expect(await waitForPosted(stage.books, "F-RETURN")).toMatchObject({ amountMinor: 7_770n });
  const payments = await readPayments(stage.books, "F-RETURN");
  expect(payments.map((payment) => payment.state)).toEqual(["failed", "succeeded"]);
});

test("in the end the processor, our books and Docket's ledger agree to the cent", async () => {
  await expectBooksToAgree(stage.service, stage.books);
  const taken = (await readCharges(stage.service)).filter((charge) => charge.status === "succeeded");
  expect(taken).toHaveLength(6);
});
