import { beforeAll, describe, expect, test } from "vitest";
import type { MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { layPosting } from "../../src/postings/lay.ts";
import { markPosted } from "../../src/postings/mark-posted.ts";
import type { PostingRow } from "../../src/postings/queries.ts";
import { releaseAbsent, releasePostings } from "../../src/postings/release.ts";
import { putBack, setAside } from "../../src/postings/set-aside.ts";
import { useDatabase } from "../support/database.ts";
import { makeMember, waitingJobs } from "../support/world.ts";
import {
  type Desk,
  first,
  historyOf,
  look,
  makeDesk,
  postingsOf,
  receivePosted,
  receivePrepared,
  setConnection,
  setStatement,
  write,
} from "./desk.ts";

const box = useDatabase();
const MINUTE_MS = 60_000;

async function unlaid(
  amountMinor = 60_000n,
  statements: Parameters<typeof makeDesk>[1] = [{ balanceMinor: 60_000n }],
) {
  const desk = await makeDesk(box, statements);
  const [posting] = await receivePrepared(desk, [{ statementId: null, amountMinor }]);
  if (!posting) throw new Error("no posting was prepared");
  return { desk, posting, statement: first(desk.matter.statements) };
}

async function rejected() {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  const posting = first(await receivePosted(desk));
  const { externalId } = first(desk.matter.statements);
  desk.system.statements.set(externalId, { state: "open", balanceMinor: 40_000n, deleted: false });
  desk.system.writeMishaps = ["rejected"];
  await write(desk, posting);
  return { desk, posting };
}

async function isEnqueued(posting: PostingRow): Promise<boolean> {
  const jobs = await waitingJobs(box);
  return jobs.some((job) => job.name === "postings.write" && job.payload.postingId === posting.id);
}

describe("releasing", () => {
  test("a ready posting that waits for its release goes, and who released it stands on it", async () => {
    const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
    await setConnection(desk, { posting_release: "manual" });
    const posting = first(await receivePosted(desk));
    expect(await isEnqueued(posting)).toBe(false);
    const result = await releasePostings(desk.bookkeeper, { postingIds: [posting.id] });
    expect(result).toEqual({ released: 1, skipped: [] });
    expect(await isEnqueued(posting)).toBe(true);
    expect((await look(desk, posting)).released_by).toBe(desk.bookkeeper.actor.id);
    await write(desk, posting);
    expect((await look(desk, posting)).state).toBe("posted");
  });

  test("releasing twice at once leaves one entry", async () => {
    const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
    const posting = first(await receivePosted(desk));
    const release = () => releasePostings(desk.bookkeeper, { postingIds: [posting.id] });
    await Promise.all([release(), release()]);
    await Promise.all([write(desk, posting), write(desk, posting)]);
    expect(desk.system.ledger).toHaveLength(1);
  });

  test("a rejected posting may be tried again", async () => {
    const { desk, posting } = await rejected();
    await releasePostings(desk.bookkeeper, { postingIds: [posting.id] });
    await write(desk, posting);
    expect((await look(desk, posting)).state).toBe("posted");
    expect(desk.system.calls.lookUps).toBe(0);
  });

  test("an unclear posting that is tried again is looked for first", async () => {
    const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
    const posting = first(await receivePosted(desk));
    desk.system.writeMishaps = ["lost"];
    desk.system.lookUpMishaps = ["unreadable"];
    await write(desk, posting);
    desk.clock.at += MINUTE_MS;
    await write(desk, posting);
    await setStatement(desk, first(desk.matter.statements).id, { state: "paid", balance_minor: 0n });
    await releasePostings(desk.bookkeeper, { postingIds: [posting.id] });
    await write(desk, posting);
    expect(await look(desk, posting)).toMatchObject({ state: "posted", external_id: "ent_1" });
    expect(desk.system.calls.writes).toBe(1);
  });

  test("each is decided by itself: what is still hindered says why", async () => {
    const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
    const [ready, unlaidPart] = await receivePrepared(desk, [
      { statementId: first(desk.matter.statements).id, amountMinor: 40_000n },
      { statementId: null, amountMinor: 5_000n },
    ]);
    const postingIds = [ready?.id ?? "", unlaidPart?.id ?? ""];
    const result = await releasePostings(desk.bookkeeper, { postingIds });
    expect(result.released).toBe(1);
    expect(result.skipped).toEqual([
      { reference: unlaidPart?.reference, why: "Nobody has said which statement this money is for." },
    ]);
  });

  test("a second payment of one link is not released by itself", async () => {
    const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
    const posting = first(await receivePosted(desk, { isSurplus: true }));
    const result = await releasePostings(desk.bookkeeper, { postingIds: [posting.id] });
    expect(result.skipped[0]?.why).toMatch(/paid twice/);
  });

  test("nothing selected is said", async () => {
    const desk = await makeDesk(box, []);
    await expect(releasePostings(desk.bookkeeper, { postingIds: [] })).rejects.toMatchObject({
      code: "invalid",
    });
  });

  test("in a system that cannot be searched, a person's word that it is not there lets it be written again", async () => {
    const desk = await makeDesk(box, [{ balanceMinor: 40_000n }], {
      capabilities: ["postPayment"],
      duplicates: "none",
    });
    const posting = first(await receivePosted(desk));
    desk.system.writeMishaps = ["unsent"];
    await write(desk, posting);
    desk.clock.at += MINUTE_MS;
    await write(desk, posting);
    await releaseAbsent(desk.bookkeeper, { postingId: posting.id });
    await write(desk, posting);
    expect((await look(desk, posting)).state).toBe("posted");
    expect(desk.system.ledger).toHaveLength(1);
    await expect(releaseAbsent(desk.bookkeeper, { postingId: posting.id })).rejects.toMatchObject({
      code: "conflict",
    });
  });
});

describe("laying on a statement", () => {
  test("the posting gets its statement, the allocation too, and it goes", async () => {
    const { desk, posting, statement } = await unlaid();
    await layPosting(desk.bookkeeper, { postingId: posting.id, statementId: statement.id, amount: "600.00" });
    expect(await look(desk, posting)).toMatchObject({
      state: "ready",
      problem: null,
      statement_id: statement.id,
    });
    expect(await isEnqueued(posting)).toBe(true);
    await write(desk, posting);
    expect(desk.system.ledger).toMatchObject([
      { statementExternalId: statement.externalId, amountMinor: 60_000n },
    ]);
    expect(await sums(desk, posting.payment_id)).toEqual({
      payment: 60_000n,
      allocations: 60_000n,
      postings: 60_000n,
    });
  });

  test("a part may be laid; the rest becomes a posting of its own and the sums hold", async () => {
    const { desk, posting, statement } = await unlaid(60_000n, [{ balanceMinor: 50_000n }]);
    await layPosting(desk.bookkeeper, { postingId: posting.id, statementId: statement.id, amount: "500" });
    const [laid, rest] = await postingsOf(desk, posting.payment_id);
    expect(laid).toMatchObject({ id: posting.id, state: "ready", amount_minor: 50_000n });
    expect(rest).toMatchObject({ state: "needs_attention", problem: "no_statement", amount_minor: 10_000n });
    expect(rest?.reference).not.toBe(laid?.reference);
    expect(await sums(desk, posting.payment_id)).toEqual({
      payment: 60_000n,
      allocations: 60_000n,
      postings: 60_000n,
    });
  });

  test("two who lay it at once do not lay it twice", async () => {
    const { desk, posting, statement } = await unlaid(60_000n, [{ balanceMinor: 60_000n }]);
    const lay = () =>
      layPosting(desk.bookkeeper, { postingId: posting.id, statementId: statement.id, amount: "200" });
    const outcomes = await Promise.allSettled([lay(), lay()]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await sums(desk, posting.payment_id)).toEqual({
      payment: 60_000n,
      allocations: 60_000n,
      postings: 60_000n,
    });
  });

  test.each([
    ["more than was paid", "600.01", "amount"],
    ["nothing", "0", "amount"],
    ["no figure", "all of it", "amount"],
  ])("%s is refused", async (_, amount, field) => {
    const { desk, posting, statement } = await unlaid();
    const lay = layPosting(desk.bookkeeper, { postingId: posting.id, statementId: statement.id, amount });
    await expect(lay).rejects.toMatchObject({ code: "invalid", fields: { [field]: expect.any(String) } });
  });

  test("more than is open on the statement is refused", async () => {
    const { desk, posting, statement } = await unlaid(60_000n, [{ balanceMinor: 50_000n }]);
    const lay = layPosting(desk.bookkeeper, {
      postingId: posting.id,
      statementId: statement.id,
      amount: "600",
    });
    await expect(lay).rejects.toMatchObject({
      fields: { amount: expect.stringContaining("Only $500.00 is open") },
    });
  });

  test("money for fees never goes on a trust request", async () => {
    const { desk, posting, statement } = await unlaid(60_000n, [
      { balanceMinor: 60_000n, kind: "trust_request" },
    ]);
    const lay = layPosting(desk.bookkeeper, {
      postingId: posting.id,
      statementId: statement.id,
      amount: "600",
    });
    await expect(lay).rejects.toMatchObject({
      fields: { statement: expect.stringContaining("never on the other kind") },
    });
  });

  test("a closed statement and one of another firm are refused", async () => {
    const { desk, posting, statement } = await unlaid();
    const other = await makeDesk(box, [{ balanceMinor: 60_000n }]);
    const input = { postingId: posting.id, amount: "600" };
    const foreign = layPosting(desk.bookkeeper, { ...input, statementId: first(other.matter.statements).id });
    await expect(foreign).rejects.toMatchObject({ fields: { statement: "Choose a statement" } });
    await setStatement(desk, statement.id, { state: "void" });
    const closed = layPosting(desk.bookkeeper, { ...input, statementId: statement.id });
    await expect(closed).rejects.toMatchObject({ fields: { statement: expect.stringContaining("is void") } });
  });

  test("a posting that may stand on its first statement is not given another", async () => {
    const desk = await makeDesk(box, [{ balanceMinor: 40_000n }, { balanceMinor: 40_000n }], {
      capabilities: ["postPayment"],
      duplicates: "none",
    });
    const posting = first(await receivePosted(desk));
    desk.system.writeMishaps = ["lost"];
    await write(desk, posting);
    desk.clock.at += MINUTE_MS;
    await write(desk, posting);
    const statementId = desk.matter.statements[1]?.id ?? "";
    const lay = layPosting(desk.bookkeeper, { postingId: posting.id, statementId, amount: "400" });
    await expect(lay).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("marking by hand", () => {
  const entry = { number: "DKT-771", postedOn: "2026-11-20" };

  test("the member's word posts and confirms it, and a late job writes nothing", async () => {
    const { desk, posting } = await rejected();
    await markPosted(desk.bookkeeper, { postingId: posting.id, ...entry });
    expect(await look(desk, posting)).toMatchObject({
      state: "posted",
      posted_by: "hand",
      external_id: "DKT-771",
      posted_on: "2026-11-20",
    });
    expect((await look(desk, posting)).confirmed_at).not.toBeNull();
    await write(desk, posting);
    expect(desk.system.ledger).toEqual([]);
    expect((await historyOf(desk, posting)).at(-1)).toBe("posting.markedPosted");
  });

  test.each([
    [{ number: "", postedOn: "2026-11-20" }, "number"],
    [{ number: "x".repeat(101), postedOn: "2026-11-20" }, "number"],
    [{ number: "DKT-771", postedOn: "2026-02-30" }, "postedOn"],
    [{ number: "DKT-771", postedOn: "20 November" }, "postedOn"],
  ])("%o is refused by its field", async (input, field) => {
    const { desk, posting } = await unlaid();
    const mark = markPosted(desk.bookkeeper, { postingId: posting.id, ...input });
    await expect(mark).rejects.toMatchObject({ code: "invalid", fields: { [field]: expect.any(String) } });
  });

  test("nobody decides by hand while it is on its way", async () => {
    const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
    const posting = first(await receivePosted(desk));
    desk.system.writeMishaps = ["lost"];
    await write(desk, posting);
    const input = { postingId: posting.id, ...entry };
    await expect(markPosted(desk.bookkeeper, input)).rejects.toMatchObject({ code: "conflict" });
    const aside = setAside(desk.bookkeeper, { postingId: posting.id, reason: "Later" });
    await expect(aside).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("setting aside", () => {
  test("it takes a reason, and a late job writes nothing", async () => {
    const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
    const posting = first(await receivePosted(desk));
    const empty = setAside(desk.bookkeeper, { postingId: posting.id, reason: "" });
    await expect(empty).rejects.toMatchObject({ fields: { reason: expect.any(String) } });
    await setAside(desk.bookkeeper, { postingId: posting.id, reason: "Client asked for a refund" });
    expect(await look(desk, posting)).toMatchObject({
      state: "set_aside",
      set_aside_reason: "Client asked for a refund",
    });
    await write(desk, posting);
    expect(desk.system.ledger).toEqual([]);
  });

  test("put back, it is ready and goes", async () => {
    const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
    const posting = first(await receivePosted(desk));
    await setAside(desk.bookkeeper, { postingId: posting.id, reason: "Wait" });
    await putBack(desk.bookkeeper, { postingId: posting.id });
    await write(desk, posting);
    expect(await look(desk, posting)).toMatchObject({ state: "posted", set_aside_reason: null });
    await expect(putBack(desk.bookkeeper, { postingId: posting.id })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("put back with its hindrance, it waits for a person again", async () => {
    const { desk, posting } = await unlaid();
    await setAside(desk.bookkeeper, { postingId: posting.id, reason: "Wait" });
    await putBack(desk.bookkeeper, { postingId: posting.id });
    expect(await look(desk, posting)).toMatchObject({ state: "needs_attention", problem: "no_statement" });
  });
});

describe("who may", () => {
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
});

async function sums(desk: Desk, paymentId: string) {
  const postings = (await postingsOf(desk, paymentId)).reduce((sum, each) => sum + each.amount_minor, 0n);
  return await withFirm(desk.cx.database, desk.firm.firmId, async (tx) => {
    const payment = await tx
      .selectFrom("payment")
      .select("amount_minor")
      .where("firm_id", "=", desk.firm.firmId)
      .where("id", "=", paymentId)
      .executeTakeFirstOrThrow();
    const parts = await tx
      .selectFrom("payment_allocation")
      .select("amount_minor")
      .where("firm_id", "=", desk.firm.firmId)
      .where("payment_id", "=", paymentId)
      .execute();
    const allocations = parts.reduce((sum, each) => sum + each.amount_minor, 0n);
    return { payment: payment.amount_minor, allocations, postings };
  });
}
