import { expect, test } from "vitest";
import { newId } from "../../src/base/id.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { layPosting } from "../../src/postings/lay.ts";
import { makeFile } from "../../src/postings/make-file.ts";
import { markPosted } from "../../src/postings/mark-posted.ts";
import type { PostingRow } from "../../src/postings/queries.ts";
import { useDatabase } from "../support/database.ts";
import { openBrowser } from "./browser.ts";
import { type Desk, first, historyOf, look, makeDesk, receivePrepared, setStatement, write } from "./desk.ts";
import { confirm } from "./desk-jobs.ts";

const box = useDatabase();
const READS_ONLY = { capabilities: ["readStatements", "file"] } as const;

/** A desk whose system cannot be written to, with payments of these amounts on its only statement. */
async function deskWith(amounts: bigint[], balanceMinor = 100_000n) {
  const desk = await makeDesk(box, [{ balanceMinor }], READS_ONLY);
  const statement = first(desk.matter.statements);
  const postings: PostingRow[] = [];
  for (const amountMinor of amounts)
    postings.push(first(await receivePrepared(desk, [{ statementId: statement.id, amountMinor }])));
  return { desk, statement, postings };
}

/** What a sync does when it has read the statement's new balance; twice, as a job may be done. */
async function readAgain(desk: Desk, statementId: string, balanceMinor: bigint): Promise<void> {
  await setStatement(desk, statementId, { balance_minor: balanceMinor });
  await confirm(desk);
  await confirm(desk);
}

const states = async (desk: Desk, postings: PostingRow[]) =>
  (await Promise.all(postings.map((posting) => look(desk, posting)))).map((posting) => posting.state);

test("a posting for a system that cannot be written to asks a person, and is confirmed when the balance falls by it", async () => {
  const { desk, statement, postings } = await deskWith([40_000n]);
  const posting = first(postings);
  expect(posting).toMatchObject({ state: "needs_attention", problem: "unsupported" });
  expect(await look(desk, posting)).toMatchObject({ watched_balance_minor: 100_000n });
  await readAgain(desk, statement.id, 100_000n);
  expect(await states(desk, postings)).toEqual(["needs_attention"]);
  await readAgain(desk, statement.id, 60_000n);
  const posted = await look(desk, posting);
  expect(posted).toMatchObject({ state: "posted", posted_by: "hand", problem: null, watched_from: null });
  expect(posted.confirmed_at).not.toBeNull();
  expect((await historyOf(desk, posting)).filter((action) => action === "posting.confirmed")).toHaveLength(1);
});

test("of two payments of one amount neither is confirmed by one fall of the balance, both by two", async () => {
  const { desk, statement, postings } = await deskWith([40_000n, 40_000n]);
  await readAgain(desk, statement.id, 60_000n);
  expect(await states(desk, postings)).toEqual(["needs_attention", "needs_attention"]);
  expect((await look(desk, first(postings))).watch_note).toContain("More than one open entry explains that");
  await readAgain(desk, statement.id, 20_000n);
  expect(await states(desk, postings)).toEqual(["posted", "posted"]);
});

test("after one of two was marked by hand, the fall of the balance is not taken for the other", async () => {
  const { desk, statement, postings } = await deskWith([40_000n, 40_000n]);
  const [one, two] = postings;
  if (!one || !two) throw new Error("two postings are needed");
  await markPosted(desk.bookkeeper, { postingId: one.id, number: "R-1", postedOn: "2026-11-20" });
  await readAgain(desk, statement.id, 60_000n);
  expect((await look(desk, two)).state).toBe("needs_attention");
  await readAgain(desk, statement.id, 20_000n);
  expect((await look(desk, two)).state).toBe("posted");
});

test("a payment that came in parts of different amounts is confirmed part by part", async () => {
  const { desk, statement, postings } = await deskWith([40_000n, 25_000n]);
  await readAgain(desk, statement.id, 75_000n);
  expect(await states(desk, postings)).toEqual(["needs_attention", "posted"]);
  await readAgain(desk, statement.id, 35_000n);
  expect(await states(desk, postings)).toEqual(["posted", "posted"]);
});

test("another change of the balance ends the watch and asks a person", async () => {
  const { desk, statement, postings } = await deskWith([40_000n]);
  await readAgain(desk, statement.id, 90_000n);
  const noted = await look(desk, first(postings));
  expect(noted).toMatchObject({ state: "needs_attention", watched_balance_minor: null });
  expect(noted.watch_note).toContain("went from $1,000.00 to $900.00");
  await readAgain(desk, statement.id, 60_000n);
  expect(await states(desk, postings)).toEqual(["needs_attention"]);
});

test("a bank debit under way on the same statement leaves it open whose entry it is", async () => {
  const { desk, statement, postings } = await deskWith([40_000n]);
  await receivePrepared(desk, [{ statementId: statement.id, amountMinor: 40_000n }], { state: "processing" });
  await readAgain(desk, statement.id, 60_000n);
  expect(await states(desk, postings)).toEqual(["needs_attention"]);
});

test("a posting that is set aside for the same amount leaves it open too", async () => {
  const { desk, statement, postings } = await deskWith([40_000n, 40_000n]);
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  await browser.post(`/postings/${postings[1]?.id}/set-aside`, { reason: "Entered already?" });
  await readAgain(desk, statement.id, 60_000n);
  expect((await look(desk, first(postings))).state).toBe("needs_attention");
});

test("the page says what to enter and where, each value to be copied or selected", async () => {
  const { desk, statement, postings } = await deskWith([40_000n]);
  const posting = first(postings);
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  expect((await browser.get("/postings")).text).toContain("What to enter");
  const page = await browser.get(`/postings/${posting.id}/enter`);
  const values = page.document.querySelectorAll("td code").map((code) => code.text);
  expect(values).toEqual(
    expect.arrayContaining([statement.number, "400.00", posting.reference, "10482-003", "Adaeze Okafor"]),
  );
  const copies = page.document
    .querySelectorAll("[data-copy]")
    .map((button) => button.getAttribute("data-copy"));
  expect(copies).toEqual(values);
  expect(page.document.querySelector(`a[href$="/matters/${desk.matter.matterExternalId}"]`)).not.toBeNull();
});

test("money without a statement is laid on one of a system that cannot be written to, and waits to be entered", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }], READS_ONLY);
  const posting = first(await receivePrepared(desk, [{ statementId: null, amountMinor: 40_000n }]));
  const statement = first(desk.matter.statements);
  await layPosting(desk.bookkeeper, { postingId: posting.id, statementId: statement.id, amount: "400" });
  expect(await look(desk, posting)).toMatchObject({
    state: "needs_attention",
    problem: "unsupported",
    watched_balance_minor: 40_000n,
  });
  await setStatement(desk, statement.id, { state: "paid", balance_minor: 0n });
  await confirm(desk);
  expect((await look(desk, posting)).state).toBe("posted");
});

test("a reversal that the system does not take is confirmed when the balance rises by it", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }], {
    capabilities: ["readStatements", "postPayment", "lookUp"],
  });
  const statement = first(desk.matter.statements);
  const posting = first(await receivePrepared(desk, [{ statementId: statement.id, amountMinor: 40_000n }]));
  await write(desk, posting);
  await markRead(desk);
  await setStatement(desk, statement.id, { state: "paid", balance_minor: 0n });
  const reversal = await insertReversal(desk, posting);
  await readAgain(desk, statement.id, 0n);
  expect((await look(desk, reversal)).state).toBe("needs_attention");
  const page = await (await openBrowser(desk.cx, desk.bookkeeper)).get(`/postings/${reversal.id}/enter`);
  expect(page.text).toContain("Take it back in Docket");
  await setStatement(desk, statement.id, { state: "open" });
  await readAgain(desk, statement.id, 40_000n);
  expect(await look(desk, reversal)).toMatchObject({ state: "posted", posted_by: "hand" });
});

test("a posting that nobody has to enter leads to its own page", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  const statement = first(desk.matter.statements);
  const posting = first(await receivePrepared(desk, [{ statementId: statement.id, amountMinor: 40_000n }]));
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  const answer = await browser.get(`/postings/${posting.id}/enter`);
  expect([answer.status, answer.location]).toEqual([303, `/postings/${posting.id}`]);
  expect(answer.notice).toContain("does not wait to be entered by hand");
  await expect(makeFile(desk.bookkeeper, { postingId: posting.id })).rejects.toMatchObject({
    code: "unavailable",
  });
});

/** Says that the system was read to its end just now: what was written before is in the balances. */
async function markRead(desk: Desk): Promise<void> {
  desk.clock.at += 60_000;
  await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx
      .insertInto("sync_run")
      .values({
        firm_id: desk.firm.firmId,
        id: newId(),
        connection_id: desk.matter.connectionId,
        kind: "incremental",
        state: "done",
        started_at: new Date(desk.clock.at),
      })
      .execute(),
  );
}

async function insertReversal(desk: Desk, posting: PostingRow): Promise<PostingRow> {
  return await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx
      .insertInto("posting")
      .values({
        firm_id: desk.firm.firmId,
        id: newId(),
        reference: `SFP-UNDO-${posting.reference.slice(-4)}`,
        payment_id: posting.payment_id,
        allocation_id: posting.allocation_id,
        kind: "reversal",
        reverses_posting_id: posting.id,
        cause: `refund:${newId()}`,
        connection_id: posting.connection_id,
        statement_id: posting.statement_id,
        amount_minor: posting.amount_minor,
        currency: posting.currency,
        state: "needs_attention",
        problem: "unsupported",
        problem_text: "Docket takes nothing back for us.",
      })
      .returningAll()
      .executeTakeFirstOrThrow(),
  );
}
