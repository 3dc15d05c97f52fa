import { readXlsx } from "hucre/xlsx";
import { expect, test } from "vitest";
import { openBrowser } from "../postings/browser.ts";
import { first, receivePosted, write } from "../postings/desk.ts";
import { useDatabase } from "../support/database.ts";
import {
  type BankDesk,
  compare,
  inFirm,
  makeBankDesk,
  movement,
  putPayout,
  readNow,
  receive,
} from "./bank-desk.ts";
import { download } from "./download.ts";

const box = useDatabase();

/** What the processor calls one of our payments. */
async function intentOf(desk: BankDesk, paymentId: string): Promise<string> {
  const payment = await inFirm(desk, (tx) =>
    tx
      .selectFrom("payment")
      .select("payment_intent_id")
      .where("id", "=", paymentId)
      .executeTakeFirstOrThrow(),
  );
  return payment.payment_intent_id;
}

test("the pack ties in each of its sheets, and says first what does not", async () => {
  const desk = await makeBankDesk(box, [{ balanceMinor: 40_000n }]);
  const posting = first(await receivePosted(desk));
  await write(desk, posting);
  const paymentIntentId = await intentOf(desk, posting.payment_id);
  const bare = await receive(desk, 9_900n);
  await receive(desk, 5_000n);
  const payout = putPayout(desk, [
    movement("payment", 40_000n, { paymentIntentId }),
    movement("payment", 9_900n, { paymentIntentId: bare.intent }),
  ]);
  await readNow(desk, payout);
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  const query = `account=${desk.firm.operatingAccountId}&from=2020-01-01&to=2099-12-31`;
  const page = await browser.get(`/deposits/reconciliation?${query}`);
  expect(page.text).toContain("It does not tie.");
  expect(page.text).toContain("Our books and the matter system differ by $99.00.");
  expect(page.text).toContain("1 payment received in these days, $50.00, is not deposited yet.");
  const { sheets } = await readXlsx(await download(desk, `/deposits/reconciliation.xlsx?${query}`));
  expect(sheets.map(({ name }) => name)).toEqual([
    "Summary",
    "Differences",
    "Bank deposits",
    "Our payments",
    "Postings",
    "Not deposited yet",
  ]);
  const [summary, differences, deposits, payments, postings, waiting] = sheets.map(({ rows }) => rows);
  expect(summary?.slice(1, 4).map((row) => [row[0], row[1], row[3]])).toEqual([
    ["Three-way reconciliation", null, "Does not tie"],
    ["Bank less our books", 0, "Ties"],
    ["To be posted less posted in the matter system", 99, "Does not tie"],
  ]);
  expect(differences).toHaveLength(2);
  expect(deposits?.at(-1)?.[4]).toBe(499);
  expect(payments?.at(-1)?.slice(5, 12)).toEqual([499, 0, 499, 499, 0, 400, 99]);
  expect(postings?.at(-1)?.[6]).toBe(400);
  expect(waiting?.at(-1)?.[4]).toBe(50);
});

test("a pack in which everything is posted ties", async () => {
  const desk = await makeBankDesk(box, [{ balanceMinor: 40_000n }]);
  const posting = first(await receivePosted(desk));
  await write(desk, posting);
  const paymentIntentId = await intentOf(desk, posting.payment_id);
  await readNow(desk, putPayout(desk, [movement("payment", 40_000n, { paymentIntentId })]));
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  const page = await browser.get("/deposits/reconciliation?from=2020-01-01&to=2099-12-31");
  expect(page.text).toContain("All three sides tie to the cent: $400.00.");
});

test("a pack does not tie while the matter system shows an entry otherwise than it was written", async () => {
  const desk = await makeBankDesk(box, [{ balanceMinor: 40_000n }]);
  const posting = first(await receivePosted(desk));
  await write(desk, posting);
  const paymentIntentId = await intentOf(desk, posting.payment_id);
  await readNow(desk, putPayout(desk, [movement("payment", 40_000n, { paymentIntentId })]));
  desk.clock.at += 3_600_000;
  first(desk.system.ledger).amountMinor -= 1n;
  await compare(desk);
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  const query = "from=2020-01-01&to=2099-12-31";
  const page = await browser.get(`/deposits/reconciliation?${query}`);
  expect(page.text).toContain("It does not tie.");
  expect(page.text).toContain("The matter system shows 1 entry otherwise than written.");
  const { sheets } = await readXlsx(await download(desk, `/deposits/reconciliation.xlsx?${query}`));
  const rows = sheets[0]?.rows ?? [];
  expect(rows[1]?.[3]).toBe("Does not tie");
  expect(rows.find((row) => row[0] === "Entries that the matter system shows otherwise")?.[2]).toBe(1);
});
