import { beforeEach, expect, test } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { layPosting } from "../../src/postings/lay.ts";
import { dropFile, makeFile } from "../../src/postings/make-file.ts";
import { markPosted } from "../../src/postings/mark-posted.ts";
import type { PostingRow } from "../../src/postings/queries.ts";
import { releasePostings } from "../../src/postings/release.ts";
import { holdUnapplied, putBack, setAside } from "../../src/postings/set-aside.ts";
import { useDatabase } from "../support/database.ts";
import { waitingJobs } from "../support/world.ts";
import { openBrowser } from "./browser.ts";
import {
  type Desk,
  first,
  historyOf,
  look,
  makeDesk,
  postingsOf,
  receivePrepared,
  setStatement,
} from "./desk.ts";
import { confirm } from "./desk-jobs.ts";
import { comeBack, refund, reverse } from "./undone-desk.ts";

const box = useDatabase();
const TO_ENTER = "Docket cannot be written to. Enter $400.00 on statement";
const WENT_BACK = "The money went back to the payer. If this was entered in the matter system already";
let desk: Desk;
let statementId: string;
let posting: PostingRow;

beforeEach(async () => {
  desk = await makeDesk(box, [{ balanceMinor: 100_000n }], { capabilities: ["readStatements", "file"] });
  statementId = first(desk.matter.statements).id;
  posting = await receive(40_000n);
});

async function receive(amountMinor: bigint): Promise<PostingRow> {
  return first(await receivePrepared(desk, [{ statementId, amountMinor }]));
}

/** What is asked of a person about the posting, three times over as a job may be done. */
async function follow(): Promise<PostingRow> {
  const { payment_id: paymentId } = posting;
  for (let time = 0; time < 3; time++) await reverse(desk, paymentId);
  return await look(desk, posting);
}

const refundWhole = () => refund(desk, { paymentId: posting.payment_id, amounts: [40_000n] });

async function findReversal(): Promise<PostingRow | undefined> {
  return (await postingsOf(desk, posting.payment_id)).find(({ kind }) => kind === "reversal");
}

async function isReverseAsked(): Promise<boolean> {
  const jobs = await waitingJobs(box);
  return jobs.some((job) => job.name === "postings.reverse" && job.payload.paymentId === posting.payment_id);
}

test("what is refunded whole while a person may have entered it stays with that person, said once", async () => {
  await refundWhole();
  const called = await follow();
  expect(called).toMatchObject({ state: "needs_attention", problem: "unsupported", is_undone: true });
  expect(called.problem_text).toContain(WENT_BACK);
  expect(called.watched_balance_minor).toBe(100_000n);
  expect(await historyOf(desk, posting)).toEqual(["posting.prepared", "posting.needsAttention"]);
  expect(await findReversal()).toBeUndefined();
});

test("a refund of a part leaves it to be entered whole", async () => {
  await refund(desk, { paymentId: posting.payment_id, amounts: [15_000n] });
  const waiting = await follow();
  expect(waiting).toMatchObject({ state: "needs_attention", is_undone: false });
  expect(waiting.problem_text).toContain(TO_ENTER);
});

test("nobody is told any more to enter it, and it goes nowhere else", async () => {
  await refundWhole();
  await follow();
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  for (const page of ["/postings", `/postings/${posting.id}`]) {
    const { text } = await browser.get(page);
    expect(text).toContain("Was this entered already?");
    expect(text).toContain(WENT_BACK);
    for (const words of ["What to enter", "Choose statement", TO_ENTER]) expect(text).not.toContain(words);
    for (const words of ["Mark as posted by hand", "Set aside"]) expect(text).toContain(words);
  }
  const enter = await browser.get(`/postings/${posting.id}/enter`);
  expect([enter.location, enter.notice]).toEqual([
    `/postings/${posting.id}`,
    expect.stringContaining("nothing is to be entered any more"),
  ]);
  const before = await look(desk, posting);
  const { skipped } = await releasePostings(desk.bookkeeper, { postingIds: [posting.id] });
  expect(first(skipped).why).toContain(WENT_BACK);
  const lay = layPosting(desk.bookkeeper, { postingId: posting.id, statementId, amount: "400" });
  await expect(lay).rejects.toThrow("went back to the payer");
  const hold = holdUnapplied(desk.bookkeeper, { postingId: posting.id, reason: "Later" });
  await expect(hold).rejects.toThrow("may stand in the matter system already");
  expect(await look(desk, posting)).toEqual(before);
});

test("marked as posted, its reversal is asked for", async () => {
  await refundWhole();
  await follow();
  await markPosted(desk.bookkeeper, { postingId: posting.id, number: "R-9", postedOn: "2026-11-20" });
  expect(await isReverseAsked()).toBe(true);
  expect(await follow()).toMatchObject({ state: "posted", is_undone: false });
  const reversal = await findReversal();
  expect(reversal).toMatchObject({ state: "needs_attention", problem: "unsupported", amount_minor: 40_000n });
  expect(reversal?.problem_text).toContain("Take $400.00 back on statement");
});

test("confirmed by the balance, its reversal is asked for", async () => {
  await refundWhole();
  await follow();
  await setStatement(desk, statementId, { balance_minor: 60_000n });
  await confirm(desk);
  expect(await follow()).toMatchObject({ state: "posted", posted_by: "hand", is_undone: false });
  expect(await findReversal()).toMatchObject({ state: "needs_attention", amount_minor: 40_000n });
});

test("set aside by a member it stays so, also when the refund fails; put back it is to be entered", async () => {
  const refundId = await refundWhole();
  await follow();
  await setAside(desk.bookkeeper, { postingId: posting.id, reason: "It was never entered" });
  const aside = await follow();
  expect(aside).toMatchObject({ state: "set_aside", is_undone: false });
  await comeBack(desk, "refund", refundId);
  expect(await follow()).toEqual(aside);
  expect(await findReversal()).toBeUndefined();
  await putBack(desk.bookkeeper, { postingId: posting.id });
  expect((await follow()).problem_text).toContain(TO_ENTER);
});

test("put back by a member while its money is gone, it asks again whether it was entered", async () => {
  await refundWhole();
  await follow();
  await setAside(desk.bookkeeper, { postingId: posting.id, reason: "A slip" });
  await putBack(desk.bookkeeper, { postingId: posting.id });
  expect(await isReverseAsked()).toBe(true);
  expect((await follow()).problem_text).toContain(WENT_BACK);
});

test("when the refund fails it is to be entered again, and stands in the next file", async () => {
  const refundId = await refundWhole();
  await follow();
  await comeBack(desk, "refund", refundId);
  const asked = await follow();
  expect(asked).toMatchObject({ state: "needs_attention", problem: "unsupported", is_undone: false });
  expect(asked.problem_text).toBe(posting.problem_text);
  expect(asked.watched_from).toEqual(posting.watched_from);
  const history = ["posting.prepared", "posting.needsAttention", "posting.needsAttention"];
  expect(await historyOf(desk, posting)).toEqual(history);
  await makeFile(desk.bookkeeper, { postingId: posting.id });
  expect((await look(desk, posting)).file_id).not.toBeNull();
});

test("it is in no new file", async () => {
  await refundWhole();
  await follow();
  await expect(makeFile(desk.bookkeeper, { postingId: posting.id })).rejects.toMatchObject({
    code: "conflict",
  });
  const other = await receive(25_000n);
  await makeFile(desk.bookkeeper, { postingId: other.id });
  expect((await look(desk, posting)).file_id).toBeNull();
  expect((await look(desk, other)).file_id).not.toBeNull();
});

test("what stands in a file is not set aside, whatever its problem, and taken out of it is in no other", async () => {
  await makeFile(desk.bookkeeper, { postingId: posting.id });
  await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx
      .updateTable("posting")
      .set({ problem: "statement_closed", problem_text: "Statement is paid already." })
      .where("id", "=", posting.id)
      .execute(),
  );
  const refundId = await refundWhole();
  expect(await follow()).toMatchObject({
    state: "needs_attention",
    problem: "statement_closed",
    problem_text: expect.stringContaining(WENT_BACK),
    is_undone: true,
  });
  await dropFile(desk.bookkeeper, { postingId: posting.id });
  expect(await follow()).toMatchObject({ state: "needs_attention", is_undone: true, file_id: null });
  await comeBack(desk, "refund", refundId);
  expect(await follow()).toMatchObject({ problem: "unsupported", is_undone: false });
});

test("the page of one that stands in a file shows the file and asks for nothing to be entered", async () => {
  await makeFile(desk.bookkeeper, { postingId: posting.id });
  await refundWhole();
  expect((await follow()).problem_text).toContain("or its file imported, mark it as posted");
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  expect((await browser.get("/postings")).text).toContain("Its file");
  const page = await browser.get(`/postings/${posting.id}/enter`);
  expect([page.status, page.document.querySelectorAll("td code").length]).toEqual([200, 0]);
  for (const words of ["Nothing is to be entered", WENT_BACK, "do not import it any more"])
    expect(page.text).toContain(words);
  expect(page.text).not.toContain("Import it once");
  await browser.post(`/postings/${posting.id}/file/drop`);
  expect(await follow()).toMatchObject({ state: "needs_attention", is_undone: true, file_id: null });
});

test("what only the service writes is set aside by itself, also when it was refused", async () => {
  desk = await makeDesk(box, [{ balanceMinor: 100_000n }]);
  statementId = first(desk.matter.statements).id;
  for (const change of [{ state: "ready" }, { state: "needs_attention", problem: "rejected" }] as const) {
    posting = await receive(40_000n);
    await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
      tx.updateTable("posting").set(change).where("id", "=", posting.id).execute(),
    );
    await refundWhole();
    expect(await follow()).toMatchObject({ state: "set_aside", is_undone: true });
  }
});
