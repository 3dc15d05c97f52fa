import { beforeAll, expect, test } from "vitest";
import type { MemberContext } from "../../src/context.ts";
import { layPosting } from "../../src/postings/lay.ts";
import { markPosted } from "../../src/postings/mark-posted.ts";
import type { PostingRow } from "../../src/postings/queries.ts";
import { releaseAbsent, releasePostings } from "../../src/postings/release.ts";
import { putBack, setAside } from "../../src/postings/set-aside.ts";
import { useDatabase } from "../support/database.ts";
import { makeMember } from "../support/world.ts";
import { type Desk, first, look, makeDesk, receivePrepared } from "./desk.ts";

const box = useDatabase();

async function unlaid(
  amountMinor = 60_000n,
  statements: Parameters<typeof makeDesk>[1] = [{ balanceMinor: 60_000n }],
) {
  const desk = await makeDesk(box, statements);
  const [posting] = await receivePrepared(desk, [{ statementId: null, amountMinor }]);
  if (!posting) throw new Error("no posting was prepared");
  return { desk, posting, statement: first(desk.matter.statements) };
}

let desk: Desk;
let posting: PostingRow;
beforeAll(async () => {
  ({ desk, posting } = await unlaid());
});

const verbs: [string, (cx: MemberContext, postingId: string) => Promise<unknown>][] = [
  ["release", (cx, postingId) => releasePostings(cx, { postingIds: [postingId] })],
  ["release what is absent", (cx, postingId) => releaseAbsent(cx, { postingId })],
  [
    "lay",
    (cx, postingId) =>
      layPosting(cx, { postingId, statementId: first(desk.matter.statements).id, amount: "600" }),
  ],
  ["mark as posted", (cx, postingId) => markPosted(cx, { postingId, number: "1", postedOn: "2026-11-20" })],
  ["set aside", (cx, postingId) => setAside(cx, { postingId, reason: "Wait" })],
  ["put back", (cx, postingId) => putBack(cx, { postingId })],
];

test.each(verbs)("staff may not %s", async (_, verb) => {
  const staff = await makeMember(desk.cx, desk.firm.firmId, "staff");
  await expect(Promise.resolve().then(() => verb(staff, posting.id))).rejects.toMatchObject({
    code: "forbidden",
  });
  expect(await look(desk, posting)).toEqual(posting);
});

test.each(verbs)("a bookkeeper of another firm cannot %s", async (_, verb) => {
  const stranger = (await makeDesk(box, [])).bookkeeper;
  await expect(verb(stranger, posting.id)).rejects.toMatchObject({ code: "not_found" });
  expect(await look(desk, posting)).toEqual(posting);
});

test.each(verbs)("what is no id is not found when one tries to %s", async (_, verb) => {
  await expect(verb(desk.bookkeeper, "nothing")).rejects.toMatchObject({ code: "not_found" });
});
