import { expect, test } from "vitest";
import { releaseAbsent, releasePostings } from "../../src/postings/release.ts";
import { useDatabase } from "../support/database.ts";
import {
  first,
  look,
  makeDesk,
  receivePosted,
  receivePrepared,
  setConnection,
  setStatement,
  write,
} from "./desk.ts";
import { isWriteAsked } from "./desk-jobs.ts";

const box = useDatabase();
const MINUTE_MS = 60_000;

async function rejected() {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  const posting = first(await receivePosted(desk));
  const { externalId } = first(desk.matter.statements);
  desk.system.statements.set(externalId, { state: "open", balanceMinor: 40_000n, deleted: false });
  desk.system.writeMishaps = ["rejected"];
  await write(desk, posting);
  return { desk, posting };
}

test("a ready posting that waits for its release goes, and who released it stands on it", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  await setConnection(desk, { posting_release: "manual" });
  const posting = first(await receivePosted(desk));
  expect(await isWriteAsked(box, desk)).toBe(false);
  const result = await releasePostings(desk.bookkeeper, { postingIds: [posting.id] });
  expect(result).toEqual({ released: 1, skipped: [] });
  expect(await isWriteAsked(box, desk)).toBe(true);
  expect((await look(desk, posting)).released_by).toBe(desk.bookkeeper.actor.id);
  await write(desk, posting);
  expect((await look(desk, posting)).state).toBe("posted");
});

test("a held posting whose statement was voided meanwhile comes to where its fix is offered", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  await setConnection(desk, { posting_release: "manual" });
  const posting = first(await receivePosted(desk));
  await setStatement(desk, first(desk.matter.statements).id, { state: "void" });
  const { released, skipped } = await releasePostings(desk.bookkeeper, { postingIds: [posting.id] });
  expect(released).toBe(0);
  expect(skipped).toMatchObject([{ reference: posting.reference, why: expect.stringMatching(/void/) }]);
  expect(await look(desk, posting)).toMatchObject({ state: "needs_attention", problem: "statement_closed" });
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

test("an entry that stood there twice is taken over once a person has removed the other", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  const posting = first(await receivePosted(desk));
  desk.system.writeMishaps = ["lost"];
  await write(desk, posting);
  desk.system.ledger.push({ ...first(desk.system.ledger), externalId: "ent_other" });
  desk.clock.at += MINUTE_MS;
  await write(desk, posting);
  const release = () => releasePostings(desk.bookkeeper, { postingIds: [posting.id] });
  await release();
  await write(desk, posting);
  expect(await look(desk, posting)).toMatchObject({ state: "needs_attention", problem: "double_entry" });
  desk.system.ledger.shift();
  await release();
  await write(desk, posting);
  expect(await look(desk, posting)).toMatchObject({ state: "posted", external_id: "ent_other" });
  expect(desk.system.calls.writes).toBe(1);
});

test("a posting that waits after an outage may be tried at once", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  const posting = first(await receivePosted(desk));
  desk.system.writeMishaps = ["outage"];
  await write(desk, posting);
  await releasePostings(desk.bookkeeper, { postingIds: [posting.id] });
  await write(desk, posting);
  expect((await look(desk, posting)).state).toBe("posted");
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
