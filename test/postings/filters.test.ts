import { expect, test } from "vitest";
import { makeApp } from "../../src/app.tsx";
import { dayOf } from "../../src/base/day.ts";
import { newId } from "../../src/base/id.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { exportPostings } from "../../src/postings/export.ts";
import { readFilter } from "../../src/postings/filter.ts";
import { startSession } from "../../src/web/session.ts";
import { makeBankDesk, movement, putPayout, readNow, receive } from "../deposits/bank-desk.ts";
import { useDatabase } from "../support/database.ts";
import { makeMember } from "../support/world.ts";
import { openBrowser, type Shown } from "./browser.ts";
import { type Desk, first, makeDesk, prepare, receivePosted, receivePrepared, write } from "./desk.ts";

const box = useDatabase();
const DAY_MS = 86_400_000;

async function deskWithThree() {
  const desk = await makeDesk(box, [
    { balanceMinor: 40_000n },
    { balanceMinor: 10_000n, kind: "trust_request" },
  ]);
  const [invoice, request] = desk.matter.statements;
  if (!invoice || !request) throw new Error("two statements are needed");
  const posted = first(
    await receivePrepared(desk, [{ statementId: invoice.id, amountMinor: 40_000n }], {
      receivedAt: new Date(desk.clock.at - 10 * DAY_MS),
    }),
  );
  await write(desk, posted);
  const trust = first(
    await receivePrepared(desk, [{ statementId: request.id, amountMinor: 10_000n }], { kind: "trust" }),
  );
  const unlaid = first(
    await receivePrepared(desk, [{ statementId: null, amountMinor: 7_500n }], { invoiceNumber: "77-B" }),
  );
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  const shown = async (query: string) => idsOf(await browser.get(`/postings?tab=all&${query}`));
  return { desk, posted, trust, unlaid, browser, shown };
}

const idsOf = (page: Shown) =>
  page.document
    .querySelectorAll("tbody[id]")
    .map((body) => body.getAttribute("id")?.slice("payment-".length));

test("the list is filtered by account, system, days, method and problem, each alone and together", async () => {
  const { desk, posted, trust, unlaid, shown } = await deskWithThree();
  const all = [unlaid, trust, posted].map((posting) => posting.payment_id);
  expect(await shown("")).toEqual(all);
  expect(await shown("account=trust")).toEqual([trust.payment_id]);
  expect(await shown(`account=${desk.firm.trustAccountId}`)).toEqual([trust.payment_id]);
  expect(await shown(`system=${desk.matter.connectionId}`)).toEqual([trust.payment_id, posted.payment_id]);
  expect(await shown(`system=${newId()}`)).toEqual([]);
  expect(await shown("method=card")).toEqual(all);
  expect(await shown("method=bank_debit")).toEqual([]);
  expect(await shown("problem=no_statement")).toEqual([unlaid.payment_id]);
  const old = dayOf(new Date(desk.clock.at - 10 * DAY_MS), "America/Chicago");
  expect(await shown(`from=${old}&to=${old}`)).toEqual([posted.payment_id]);
  expect(await shown(`to=${old}&account=trust`)).toEqual([]);
  expect(await shown(`deposit=${newId()}`)).toEqual([]);
});

test("the page of a deposit leads to exactly the postings of its payments", async () => {
  const desk = await makeBankDesk(box, []);
  const [one, other] = [await receive(desk, 10_000n), await receive(desk, 20_000n)];
  for (const { id } of [one, other]) await prepare(desk, id);
  const deposit = await readNow(
    desk,
    putPayout(desk, [movement("payment", 10_000n, { paymentIntentId: one.intent })]),
  );
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  expect(idsOf(await browser.get("/postings?tab=all"))).toHaveLength(2);
  const page = await browser.get(`/deposits/${deposit.id}`);
  const link = page.document.querySelectorAll("a").find((each) => each.text.trim() === "Show its postings");
  expect(idsOf(await browser.get(link?.getAttribute("href") ?? ""))).toEqual([one.id]);
});

test("a search finds payer, reference, matter, statement, number there and the number that was given", async () => {
  const { desk, posted, trust, unlaid, shown } = await deskWithThree();
  const { number } = first(desk.matter.statements);
  expect(await shown("q=okafor")).toHaveLength(3);
  expect(await shown("q=nobody")).toEqual([]);
  expect(await shown(`q=${number}`)).toEqual([posted.payment_id]);
  expect(await shown(`q=${posted.reference.toLowerCase()}`)).toEqual([posted.payment_id]);
  expect(await shown("q=ent_1")).toEqual([posted.payment_id]);
  expect(await shown("q=77-B")).toEqual([unlaid.payment_id]);
  expect(await shown("q=warehouse+lease")).toEqual([trust.payment_id, posted.payment_id]);
  expect(await shown("q=%25")).toEqual([]);
});

test("tabs count what the filter wants, and each filter can be taken away", async () => {
  const { browser, unlaid } = await deskWithThree();
  const page = await browser.get("/postings?tab=all&account=operating&q=okafor");
  const counts = page.document
    .querySelectorAll(".tabs li")
    .map((tab) => tab.text.replace(/\s+/g, " ").trim());
  expect(counts).toEqual([
    "Needs attention1",
    "Ready0",
    "Posting0",
    "Posted1",
    "Reversed0",
    "Set aside0",
    "All2",
  ]);
  expect(page.text).toContain("Account: operating, remove filter");
  const without = page.document.querySelector("a.chip[data-on]")?.getAttribute("href");
  expect(without).toBe("/postings?tab=all&q=okafor");
  const elsewhere = await browser.get("/postings?tab=ready&account=operating");
  expect(elsewhere.text).toContain("No posting of this tab fits");
  expect(elsewhere.text).toContain("Show all 2");
  expect(
    (await browser.get("/postings?q=okafor")).document.querySelector(".tabs [aria-current]")?.text,
  ).toContain("All");
  expect(idsOf(await browser.get("/postings"))).toEqual([unlaid.payment_id]);
});

test.each([
  ["from=yesterday", "from", "Enter the day like 2026-11-27"],
  ["to=2026-02-30", "to", "Enter the day like 2026-11-27"],
  ["from=2026-03-02&to=2026-03-01", "to", "Choose a last day that is not before the first"],
])("with %s the list says what is wrong and keeps what was typed", async (query, field, words) => {
  const { browser } = await deskWithThree();
  const page = await browser.get(`/postings?tab=all&${query}`);
  expect(page.status).toBe(422);
  expect(page.document.querySelector(".error-summary")?.text).toContain(words);
  const typed = new URLSearchParams(query).get(field);
  expect(page.document.querySelector(`input[name=${field}]`)?.getAttribute("value")).toBe(typed);
  expect(idsOf(page)).toHaveLength(3);
});

test("what is no value of a filter is left out", () => {
  const given: Record<string, string> = {
    account: "x",
    system: "1",
    method: "cash",
    problem: "constructor",
    tab: "?",
  };
  const { filter, errors } = readFilter((name) => given[name]);
  expect(Object.values(filter).filter((value) => value !== undefined && value !== "")).toEqual([]);
  expect(errors).toEqual({});
});

test("the counts of the tabs follow what happens to postings", async () => {
  const { browser, unlaid, desk } = await deskWithThree();
  const count = async (tab: string) => {
    const page = await browser.get("/postings?tab=all");
    return page.document
      .querySelectorAll(".tabs li")
      .find((each) => each.text.includes(tab))
      ?.text.match(/\d+/)?.[0];
  };
  expect(await count("Needs attention")).toBe("1");
  await browser.post(`/postings/${unlaid.id}/set-aside`, { reason: "Wait" });
  expect([await count("Needs attention"), await count("Set aside")]).toEqual(["0", "1"]);
  expect(desk.system.ledger).toHaveLength(1);
});

test("the page of a posting says who did what, newest first", async () => {
  const { desk, browser, unlaid } = await deskWithThree();
  await browser.post(`/postings/${unlaid.id}/set-aside`, { reason: "Client is asked" });
  await browser.post(`/postings/${unlaid.id}/put-back`);
  await browser.post(`/postings/${unlaid.id}/by-hand`, { number: "R-12", postedOn: "2026-11-20" });
  const page = await browser.get(`/postings/${unlaid.id}`);
  const titles = page.document.querySelectorAll(".timeline strong").map((each) => each.text);
  expect(titles).toEqual(["Marked as posted", "Put back to work", "Set aside", "Prepared"]);
  expect(page.text).toContain("Client is asked. Ines Ferrer.");
  expect(page.text).toContain("Number there: R-12.");
  const staff = await openBrowser(desk.cx, await makeMember(desk.cx, desk.firm.firmId, "staff"));
  expect((await staff.get(`/postings/${unlaid.id}`)).status).toBe(403);
  const stranger = await openBrowser(desk.cx, (await makeDesk(box, [])).bookkeeper);
  expect((await stranger.get(`/postings/${unlaid.id}`)).status).toBe(404);
});

test("what the filters show is exported as rows, as CSV and as a workbook", async () => {
  const { desk, posted, trust, unlaid } = await deskWithThree();
  const csv = await download(desk, "/postings/export.csv?account=operating");
  expect(csv.type).toContain("text/csv");
  const lines = csv.text.trim().split("\r\n");
  expect(lines).toHaveLength(3);
  expect(lines[0]).toContain('"Payment","Paid on","Payer"');
  expect(csv.text).toContain(posted.reference);
  expect(csv.text).not.toContain(trust.reference);
  expect(lines.find((line) => line.includes(unlaid.reference))).toContain("75.00");
  expect(csv.text).toContain("This money has no statement yet.");
  const only = await download(desk, "/postings/export.csv?tab=posted");
  expect(only.text.trim().split("\r\n")).toHaveLength(2);
  const xlsx = await download(desk, "/postings/export.xlsx");
  expect(xlsx.type).toContain("spreadsheetml");
  expect(xlsx.text.startsWith("PK")).toBe(true);
  const none = await download((await makeDesk(box, [])) as Desk, "/postings/export.csv");
  expect(none.text.trim().split("\r\n")).toHaveLength(1);
});

test("payments that do not fit into one reading are all exported, each posting once", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 90_000n }]);
  for (let count = 0; count < 9; count += 1) await receivePosted(desk);
  const { filter } = readFilter(() => undefined);
  const { rows } = exportPostings(desk.bookkeeper, {
    timeZone: "America/Chicago",
    wanted: filter,
    pageSize: 4,
  });
  const references: unknown[] = [];
  for await (const row of rows) references.push(row[13]);
  expect(references).toHaveLength(9);
  expect(new Set(references).size).toBe(9);
});

async function download(desk: Desk, path: string): Promise<{ type: string; text: string }> {
  const session = await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    startSession(tx, {
      firmId: desk.firm.firmId,
      memberId: desk.bookkeeper.actor.id,
      kind: "direct",
      now: desk.cx.now(),
    }),
  );
  const answer = await makeApp(desk.cx).request(path, { headers: { Cookie: `sfp_session=${session}` } });
  expect(answer.status).toBe(200);
  return { type: answer.headers.get("content-type") ?? "", text: await answer.text() };
}
