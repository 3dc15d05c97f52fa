import { beforeEach, expect, test } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { markPosted } from "../../src/postings/mark-posted.ts";
import type { PostingRow } from "../../src/postings/queries.ts";
import { releasePostings } from "../../src/postings/release.ts";
import { putBack, setAside } from "../../src/postings/set-aside.ts";
import { useDatabase } from "../support/database.ts";
import { openBrowser } from "./browser.ts";
import {
  type Desk,
  first,
  historyOf,
  look,
  makeDesk,
  postingsOf,
  receivePosted,
  setConnection,
  write,
} from "./desk.ts";
import { refund, reverse } from "./undone-desk.ts";

const box = useDatabase();
const WORDS =
  "The payment was entered in Docket by hand as ent_1. Take $900.00 of it out there by hand, then mark this as posted.";
let desk: Desk;
/** Another part of the same payment, ready and held. */
let other: PostingRow;
/** Undoes what a member entered, in a system that could reverse its own entries. */
let reversal: PostingRow;

beforeEach(async () => {
  desk = await makeDesk(box, [{ balanceMinor: 90_000n }, { balanceMinor: 35_000n }]);
  await setConnection(desk, { posting_release: "manual" });
  const [entered, held] = await receivePosted(desk);
  if (!entered || !held) throw new Error("two postings are needed");
  // What the member typed is the number of something else there.
  await markPosted(desk.bookkeeper, { postingId: entered.id, number: "ent_1", postedOn: "2026-11-20" });
  const paymentId = entered.payment_id;
  await refund(desk, { paymentId, amounts: [90_000n, 0n] });
  await reverse(desk, paymentId);
  const found = (await postingsOf(desk, paymentId)).find(({ kind }) => kind === "reversal");
  if (!found) throw new Error("no reversal was asked for");
  [other, reversal] = [held, found];
  expect(reversal).toMatchObject({ state: "needs_attention", problem: "unsupported", problem_text: WORDS });
});

/** Writes what may be written; of the reversal that is nothing. */
async function expectUntaken(): Promise<void> {
  await write(desk, reversal);
  await write(desk, reversal);
  expect(desk.system.ledger.filter(({ kind }) => kind === "reversal")).toEqual([]);
  expect(await look(desk, reversal)).toMatchObject({
    state: "needs_attention",
    problem: "unsupported",
    problem_text: WORDS,
    outcome_unknown: false,
  });
}

/** What a row says after something was changed behind everybody's back. */
async function change(to: Partial<PostingRow>): Promise<void> {
  await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx.updateTable("posting").set(to).where("id", "=", reversal.id).execute(),
  );
}

test("released among others it stays as it is and says why, and the others go", async () => {
  const postingIds = [reversal.id, other.id];
  expect(await releasePostings(desk.bookkeeper, { postingIds })).toEqual({
    released: 1,
    skipped: [{ reference: reversal.reference, why: WORDS }],
  });
  expect(await look(desk, reversal)).toEqual(reversal);
  expect(await historyOf(desk, reversal)).toEqual(["posting.prepared"]);
  await expectUntaken();
  expect(desk.system.ledger).toMatchObject([{ kind: "payment", amountMinor: 35_000n }]);
});

test.each(["release", "retry"])("the button %s of the list says so and changes nothing", async (button) => {
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  const answer = await browser.post(`/postings/${button}`, { payment: reversal.payment_id });
  expect((await browser.get(answer.location ?? "")).text).toContain(WORDS);
  expect(await look(desk, reversal)).toEqual(reversal);
  await expectUntaken();
});

test("put back by a member it waits for a person again", async () => {
  await setAside(desk.bookkeeper, { postingId: reversal.id, reason: "Tomorrow" });
  await putBack(desk.bookkeeper, { postingId: reversal.id });
  await expectUntaken();
});

test("put back it is not taken for a second payment, which its payment was", async () => {
  await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx.updateTable("payment").set({ is_surplus: true }).where("id", "=", reversal.payment_id).execute(),
  );
  await setAside(desk.bookkeeper, { postingId: reversal.id, reason: "Tomorrow" });
  await putBack(desk.bookkeeper, { postingId: reversal.id });
  await expectUntaken();
});

test("one that is released already is given to a person when its turn comes, once", async () => {
  await change({ state: "ready", problem: null, problem_text: null, released_at: desk.cx.now() });
  await expectUntaken();
  const history = await historyOf(desk, reversal);
  expect(history.filter((action) => action === "posting.needsAttention")).toHaveLength(1);
});

test("one that is released already is given to a person when it is released again", async () => {
  await change({ state: "ready", problem: null, problem_text: null });
  const { released, skipped } = await releasePostings(desk.bookkeeper, { postingIds: [reversal.id] });
  expect([released, skipped]).toEqual([0, [{ reference: reversal.reference, why: WORDS }]]);
  await expectUntaken();
});

test("one that may have been written is looked for, and not written when it is not there", async () => {
  await change({ state: "posting", problem: null, problem_text: null, outcome_unknown: true });
  await write(desk, reversal);
  expect([desk.system.calls.lookUps, desk.system.calls.writes]).toEqual([1, 0]);
  expect(await look(desk, reversal)).toMatchObject({ state: "needs_attention", outcome_unknown: false });
  const again = await releasePostings(desk.bookkeeper, { postingIds: [reversal.id] });
  expect(first(again.skipped).why).toBe(WORDS);
  await write(desk, reversal);
  expect(desk.system.ledger).toEqual([]);
});

test("one that may have been written and is there is posted by what stands there", async () => {
  await change({ state: "posting", problem: null, problem_text: null, outcome_unknown: true });
  const { reference, amount_minor: amountMinor } = reversal;
  const entry = { externalId: "ent_7", kind: "reversal", reference, amountMinor, on: "2026-11-20" } as const;
  desk.system.ledger.push({ ...entry, statementExternalId: undefined });
  await write(desk, reversal);
  expect(await look(desk, reversal)).toMatchObject({ state: "posted", external_id: "ent_7" });
  expect(desk.system.calls.writes).toBe(0);
});
