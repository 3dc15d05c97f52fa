import { beforeEach, expect, test } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { makeFile } from "../../src/postings/make-file.ts";
import { markPosted } from "../../src/postings/mark-posted.ts";
import type { PostingRow } from "../../src/postings/queries.ts";
import { setAside } from "../../src/postings/set-aside.ts";
import { useDatabase } from "../support/database.ts";
import { waitingJobs } from "../support/world.ts";
import { type Desk, first, historyOf, look, makeDesk, postingsOf, receivePosted } from "./desk.ts";
import { comeBack, dispute, refund, reverse } from "./undone-desk.ts";

const box = useDatabase();
const CAME_BACK =
  "The money came back. If this was taken out in the matter system already, mark it as posted";
let desk: Desk;
let paymentId: string;
let refundId: string;
/** Of an entry that a person made, to be taken out by a person; its refund failed meanwhile. */
let reversal: PostingRow;
/** What that person was told first. */
let words: string | null;

beforeEach(async () => {
  desk = await makeDesk(box, [{ balanceMinor: 40_000n }], { capabilities: ["readStatements", "file"] });
  const entry = first(await receivePosted(desk));
  paymentId = entry.payment_id;
  await mark(entry, "R-1");
  refundId = await refund(desk, { paymentId, amounts: [40_000n] });
  const asked = await follow(({ kind }) => kind === "reversal");
  words = asked.problem_text;
  await comeBack(desk, "refund", refundId);
  reversal = await follow(({ id }) => id === asked.id);
});

const mark = (posting: PostingRow, number: string) =>
  markPosted(desk.bookkeeper, { postingId: posting.id, number, postedOn: "2026-11-20" });

/** Brings the postings in line, three times over as a job may be done, and finds one. */
async function follow(wanted: (posting: PostingRow) => boolean): Promise<PostingRow> {
  for (let time = 0; time < 3; time++) await reverse(desk, paymentId);
  return first((await postingsOf(desk, paymentId)).filter(wanted));
}

const isRestore = (posting: PostingRow) => posting.restores_posting_id !== null;

test("a reversal that a person may have taken out stays with that person when the money comes back, said once", async () => {
  expect(reversal).toMatchObject({ state: "needs_attention", problem: "unsupported", is_undone: true });
  expect(reversal.problem_text).toContain(CAME_BACK);
  expect(await historyOf(desk, reversal)).toEqual(["posting.prepared", "posting.needsAttention"]);
  expect((await postingsOf(desk, paymentId)).filter(isRestore)).toEqual([]);
  const file = makeFile(desk.bookkeeper, { postingId: reversal.id });
  await expect(file).rejects.toMatchObject({ code: "conflict" });
});

test("marked as posted, the posting anew follows", async () => {
  await mark(reversal, "R-2");
  expect(await follow(isRestore)).toMatchObject({
    kind: "payment",
    restores_posting_id: reversal.id,
    state: "needs_attention",
    problem: "unsupported",
    amount_minor: 40_000n,
  });
});

test("set aside by a member nothing more follows, and what else takes the money is reversed", async () => {
  const disputeId = await dispute(desk, { paymentId, amounts: [40_000n] });
  const isOfDispute = (posting: PostingRow) => posting.cause === `dispute:${disputeId}`;
  await expect(follow(isOfDispute)).rejects.toThrow("empty");
  const before = (await waitingJobs(box)).length;
  await setAside(desk.bookkeeper, { postingId: reversal.id, reason: "It was never taken out" });
  expect((await waitingJobs(box)).slice(before)).toMatchObject([{ name: "postings.reverse" }]);
  expect(await follow(isOfDispute)).toMatchObject({ state: "needs_attention", amount_minor: 40_000n });
  expect(await look(desk, reversal)).toMatchObject({ state: "set_aside", is_undone: false });
  expect((await postingsOf(desk, paymentId)).filter(isRestore)).toEqual([]);
});

test("when the money goes once more it is to be taken out as before, and there is no second reversal", async () => {
  await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx.updateTable("refund").set({ turn: 3, state: "succeeded" }).where("id", "=", refundId).execute(),
  );
  const asked = await follow(({ id }) => id === reversal.id);
  expect(asked).toMatchObject({ state: "needs_attention", is_undone: false, problem_text: words });
  expect((await postingsOf(desk, paymentId)).filter(({ kind }) => kind === "reversal")).toHaveLength(1);
});
