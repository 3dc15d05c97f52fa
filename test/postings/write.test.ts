import { expect, test } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import type { PostingRow } from "../../src/postings/queries.ts";
import { useDatabase } from "../support/database.ts";
import type { Mishap } from "../support/fake-connector.ts";
import { waitingJobs } from "../support/world.ts";
import {
  type Desk,
  first,
  historyOf,
  look,
  makeDesk,
  receivePosted,
  setConnection,
  setStatement,
  write,
} from "./desk.ts";

const box = useDatabase();
const _MINUTE_MS = 60_000;

async function deskWithOne(
  options?: Parameters<typeof makeDesk>[2],
): Promise<{ desk: Desk; posting: PostingRow }> {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }], options);
  return { desk, posting: first(await receivePosted(desk)) };
}

test("a ready posting is written once, and the writing is on record", async () => {
  const { desk, posting } = await deskWithOne();
  await write(desk, posting);
  expect(desk.system.ledger).toMatchObject([
    {
      kind: "payment",
      reference: posting.reference,
      statementExternalId: first(desk.matter.statements).externalId,
      amountMinor: 40_000n,
    },
  ]);
  expect(await look(desk, posting)).toMatchObject({
    state: "posted",
    posted_by: "api",
    external_id: "ent_1",
    outcome_unknown: false,
    attempts: 1,
    next_try_at: null,
  });
  expect(await historyOf(desk, posting)).toEqual(["posting.prepared", "posting.started", "posting.posted"]);
  const syncs = (await waitingJobs(box)).filter((job) => job.name === "connections.sync");
  expect(syncs.map((job) => job.payload.connectionId)).toContain(desk.matter.connectionId);
});

test("writing twice leaves one entry", async () => {
  const { desk, posting } = await deskWithOne();
  await write(desk, posting);
  const before = await look(desk, posting);
  await write(desk, posting);
  expect(await look(desk, posting)).toEqual(before);
  expect(desk.system.calls).toEqual({ writes: 1, lookUps: 0 });
});

test("ten writers at once leave one entry", async () => {
  const { desk, posting } = await deskWithOne();
  await Promise.all(Array.from({ length: 10 }, () => write(desk, posting)));
  expect(desk.system.ledger).toHaveLength(1);
  expect(desk.system.calls.writes).toBe(1);
  expect((await look(desk, posting)).state).toBe("posted");
});

test("a trust deposit is written as one", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 250_000n, kind: "trust_request" }]);
  const posting = first(await receivePosted(desk, { kind: "trust" }));
  await write(desk, posting);
  expect(desk.system.ledger).toMatchObject([{ kind: "trust_deposit", amountMinor: 250_000n }]);
});

test.each([
  ["payment_date" as const, "2026-03-01"],
  ["posting_date" as const, "2026-03-04"],
])("by the rule %s the entry is dated %s, in the firm's own zone", async (rule, day) => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  await setConnection(desk, { posted_date: rule });
  // 5 a.m. in UTC is the evening before in Chicago.
  const posting = first(await receivePosted(desk, { receivedAt: new Date("2026-03-02T05:00:00Z") }));
  desk.clock.at = Date.parse("2026-03-05T05:00:00Z");
  await write(desk, posting);
  expect((await look(desk, posting)).posted_on).toBe(day);
  expect(first(desk.system.ledger).on).toBe(day);
});

test("where the firm releases by hand, a job alone writes nothing", async () => {
  const { desk, posting } = await deskWithOne();
  await setConnection(desk, { posting_release: "manual" });
  await write(desk, posting);
  expect(desk.system.calls.writes).toBe(0);
  expect((await look(desk, posting)).state).toBe("ready");
});

test("what changed since the posting was made keeps it back", async () => {
  const { desk, posting } = await deskWithOne();
  await setStatement(desk, first(desk.matter.statements).id, { state: "void" });
  await write(desk, posting);
  expect(await look(desk, posting)).toMatchObject({ state: "needs_attention", problem: "statement_closed" });
  expect(desk.system.calls.writes).toBe(0);
});

test("a reversal undoes the entry of the posting that it names", async () => {
  const { desk, posting } = await deskWithOne();
  await write(desk, posting);
  const undo = {
    ...(await look(desk, posting)),
    id: crypto.randomUUID(),
    reference: "SFP-UNDO",
    attempts: 0,
  };
  const reversal: PostingRow = {
    ...undo,
    kind: "reversal",
    cause: "refund re_1",
    reverses_posting_id: posting.id,
    state: "ready",
    external_id: null,
  };
  await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx.insertInto("posting").values(reversal).execute(),
  );
  await setStatement(desk, first(desk.matter.statements).id, { state: "paid", balance_minor: 0n });
  await write(desk, reversal);
  expect((await look(desk, reversal)).state).toBe("posted");
  expect(desk.system.ledger[1]).toMatchObject({
    kind: "reversal",
    reference: "SFP-UNDO",
    amountMinor: 40_000n,
  });
});

test("a posting of another firm is not written", async () => {
  const { desk, posting } = await deskWithOne();
  const stranger = await makeDesk(box, []);
  await write(stranger, posting);
  expect(desk.system.calls.writes).toBe(0);
});

test("a refusal goes to a person with the vendor's words", async () => {
  const { desk, posting } = await deskWithOne();
  standsAs(desk, { state: "open", balanceMinor: 40_000n });
  desk.system.writeMishaps = ["rejected"];
  await write(desk, posting);
  expect(await look(desk, posting)).toMatchObject({
    state: "needs_attention",
    problem: "rejected",
    problem_text: "Docket refused it: The period is closed.",
    outcome_unknown: false,
  });
});

test.each<[string, Mishap, Parameters<typeof standsAs>[1], string, RegExp]>([
  ["fell", "rejected", { state: "open", balanceMinor: 10_000n }, "balance_changed", /Only \$100\.00 is open/],
  ["is void", "rejected", { state: "void", balanceMinor: 0n }, "statement_closed", /is void/],
  ["is gone", "missing", undefined, "statement_closed", /is no longer there/],
])("when the statement %s, the refusal is told as that", async (_, mishap, fresh, problem, text) => {
  const { desk, posting } = await deskWithOne();
  standsAs(desk, fresh);
  desk.system.writeMishaps = [mishap];
  await write(desk, posting);
  const refused = await look(desk, posting);
  expect(refused).toMatchObject({ state: "needs_attention", problem });
  expect(refused.problem_text).toMatch(text);
});

function standsAs(
  desk: Desk,
  fresh: { state: "open" | "paid" | "void"; balanceMinor: bigint } | undefined,
): void {
  const { externalId } = first(desk.matter.statements);
  if (fresh) desk.system.statements.set(externalId, { ...fresh, deleted: false });
  else desk.system.statements.delete(externalId);
}
