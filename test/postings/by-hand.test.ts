import { describe, expect, test } from "vitest";
import { markPosted } from "../../src/postings/mark-posted.ts";
import { putBack, setAside } from "../../src/postings/set-aside.ts";
import { useDatabase } from "../support/database.ts";
import { first, historyOf, look, makeDesk, receivePosted, receivePrepared, write } from "./desk.ts";

const box = useDatabase();
const _MINUTE_MS = 60_000;

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
