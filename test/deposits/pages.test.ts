import { readXlsx } from "hucre/xlsx";
import { expect, test } from "vitest";
import { openBrowser } from "../postings/browser.ts";
import { first, receivePosted, write } from "../postings/desk.ts";
import { useDatabase } from "../support/database.ts";
import { makeFirm, makeMember } from "../support/world.ts";
import { inFirm, linesOf, makeBankDesk, movement, putPayout, readNow, receive } from "./bank-desk.ts";
import { download } from "./download.ts";

const box = useDatabase();

/** A deposit of one payment of ours and one that is not. */
async function untied() {
  const desk = await makeBankDesk(box, []);
  const paid = await receive(desk, 100_000n, { feeMinor: 2_930n });
  const payout = putPayout(desk, [
    movement("payment", 100_000n, { feeMinor: 2_930n, paymentIntentId: paid.intent }),
    movement("payment", 12_500n, { paymentIntentId: "pi_foreign", description: "=Taken at the counter" }),
  ]);
  const deposit = await readNow(desk, payout);
  return { desk, deposit, browser: await openBrowser(desk.cx, desk.bookkeeper) };
}

test("an empty list says what will stand there, and filters that match nothing lead back", async () => {
  const desk = await makeBankDesk(box, []);
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  expect((await browser.get("/deposits")).text).toContain("No deposits yet");
  putPayout(desk, []);
  await readNow(desk, desk.bank.payouts[0] ?? putPayout(desk, []));
  const narrowed = await browser.get("/deposits?from=2001-01-01&to=2001-01-31");
  expect(narrowed.text).toContain("Nothing matches");
  expect((await browser.get("/deposits?tab=does-not-tie")).text).toContain("Every deposit adds up");
});

test.each([
  ["from=yesterday", "from", "Enter the day like 2026-11-27"],
  ["from=2026-02-30", "from", "Enter the day like 2026-11-27"],
  ["from=2026-11-10&to=2026-11-01", "to", "Choose a last day that is not before the first"],
])("a period of %s is refused beside its field, with what was typed kept", async (query, field, words) => {
  const desk = await makeBankDesk(box, []);
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  for (const page of ["/deposits", "/deposits/reconciliation", "/deposits/trust"]) {
    const shown = await browser.get(`${page}?${query}`);
    expect(shown.status).toBe(422);
    expect(shown.document.querySelector(`#${field}-error`)?.text).toContain(words);
    expect(shown.document.querySelector(".error-summary")?.text).toContain(words);
    const typed = new URLSearchParams(query).get(field);
    expect(shown.document.querySelector(`#${field}`)?.getAttribute("value")).toBe(typed);
  }
  for (const file of ["/deposits/reconciliation.xlsx", "/deposits/trust.xlsx"])
    expect((await browser.get(`${file}?${query}`)).status).toBe(422);
});

test("the list and the page show what does not tie, and by how much", async () => {
  const { deposit, browser } = await untied();
  const list = await browser.get("/deposits");
  expect(list.text).toContain(deposit.reference);
  expect(list.text).toContain("$125.00 differs");
  expect(list.text).toContain("1 difference is open");
  const page = await browser.get(`/deposits/${deposit.id}`);
  expect(page.text).toContain("It does not tie: it is $125.00 more than our books say.");
  expect(page.text).toContain("No payment of ours belongs to it.");
});

test("a line is explained with a note, refused without one, and explained once", async () => {
  const { desk, deposit, browser } = await untied();
  const line = (await linesOf(desk, deposit)).find(({ problem }) => problem === "not_ours");
  const path = `/deposits/${deposit.id}/lines/${line?.id}`;
  expect((await browser.get(path)).text).toContain("What explains it");
  const empty = await browser.post(path, { note: "  " });
  expect(empty.status).toBe(422);
  expect(empty.document.querySelector("#note-error")?.text).toContain("Enter what explains it");
  const long = await browser.post(path, { note: "a".repeat(501) });
  expect(long.status).toBe(422);
  expect(long.document.querySelector("textarea")?.text.trim()).toHaveLength(501);
  const done = await browser.post(path, { note: "Taken at the counter for Okafor." });
  expect(done.status).toBe(303);
  expect(done.notice).toContain(`deposit ${deposit.reference} ties`);
  const again = await browser.post(path, { note: "Once more." });
  expect(again.notice).toContain("explained by now");
  const page = await browser.get(`/deposits/${deposit.id}`);
  expect(page.text).toContain("It ties to the cent");
  expect(page.text).toContain("Taken at the counter for Okafor.");
});

test("a difference is closed with a note on its own page", async () => {
  const { browser } = await untied();
  const list = await browser.get("/deposits/differences");
  const href = list.document.querySelectorAll("a.button").find((each) => each.text.trim() === "Close");
  const path = href?.getAttribute("href") ?? "";
  expect((await browser.get(path)).text).toContain("does not tie: $125.00");
  expect((await browser.post(path, { note: "" })).status).toBe(422);
  const closed = await browser.post(path, { note: "Known." });
  expect(closed.location).toBe("/deposits/differences");
  expect((await browser.get("/deposits/differences")).text).toContain("Known.");
  expect((await browser.get(path)).status).toBe(404);
});

test("staff see no deposits, and another firm finds none of ours", async () => {
  const { desk, deposit } = await untied();
  const staff = await openBrowser(desk.cx, desk.staff);
  const other = await makeFirm(desk.cx, "Hale & Brandt LLP");
  const stranger = await openBrowser(desk.cx, await makeMember(desk.cx, other.firmId, "admin"));
  const [line] = await linesOf(desk, deposit);
  const pages = [
    `/deposits/${deposit.id}`,
    `/deposits/${deposit.id}/lines.xlsx`,
    `/deposits/${deposit.id}/lines/${line?.id}`,
  ];
  for (const page of pages) {
    expect((await staff.get(page)).status).toBe(403);
    expect((await stranger.get(page)).status).toBe(404);
  }
  const form = `/deposits/${deposit.id}/lines/${line?.id}`;
  expect((await stranger.post(form, { note: "Mine" })).status).toBe(404);
  expect((await staff.post(form, { note: "Mine" })).status).toBe(403);
  const list = await stranger.get("/deposits");
  expect(list.text).not.toContain(deposit.reference);
  const dashboard = await staff.get("/");
  expect(dashboard.text).not.toContain("does not tie");
});

test("Today names the difference to a bookkeeper", async () => {
  const { browser } = await untied();
  const today = await browser.get("/");
  expect(today.text).toContain("does not tie: $125.00");
  expect(today.text).toContain("1 item needs a person.");
});

test("the sheet of a deposit adds up to the bank line, and its text is never a formula", async () => {
  const { desk, deposit } = await untied();
  await inFirm(desk, (tx) =>
    tx
      .updateTable("merchant_account")
      .set({ ledger_code: "1010-OP" })
      .where("id", "=", desk.firm.operatingAccountId)
      .execute(),
  );
  const account = await inFirm(desk, (tx) =>
    tx
      .selectFrom("merchant_account")
      .select(["name", "last4"])
      .where("id", "=", desk.firm.operatingAccountId)
      .executeTakeFirstOrThrow(),
  );
  const { sheets } = await readXlsx(await download(desk, `/deposits/${deposit.id}/lines.xlsx`));
  const rows = sheets[0]?.rows.slice(1) ?? [];
  const net = rows.map((row) => Number(row[10]));
  expect(net.slice(0, -1).reduce((sum, each) => sum + each, 0)).toBeCloseTo(net.at(-1) ?? 0, 2);
  expect(net.at(-1)).toBe(1_095.7);
  expect(sheets[0]?.rows[0]?.slice(-3)).toEqual(["Account", "Last four", "Ledger code"]);
  for (const row of rows) expect(row.slice(-3)).toEqual([account.name, account.last4, "1010-OP"]);
  const csv = new TextDecoder().decode(await download(desk, `/deposits/${deposit.id}/lines.csv`));
  expect(csv).toContain(`"'=Taken at the counter"`);
});

test("the trust report opens a ledger with its entries, and its workbook holds both", async () => {
  const desk = await makeBankDesk(box, [{ balanceMinor: 50_000n, kind: "trust_request" }]);
  await write(desk, first(await receivePosted(desk, { kind: "trust" })));
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  const query = "from=2020-01-01&to=2099-12-31";
  const page = await browser.get(`/deposits/trust?${query}`);
  expect(page.text).toContain("All ledgers");
  const href = page.document.querySelector("th a")?.getAttribute("href") ?? "";
  expect((await browser.get(href)).text).toContain("Entries of");
  const { sheets } = await readXlsx(await download(desk, `/deposits/trust.xlsx?${query}`));
  expect(sheets.map(({ rows }) => rows.length)).toEqual([3, 2]);
  expect(sheets[1]?.rows[1]?.slice(7, 9)).toEqual([500, 500]);
});
