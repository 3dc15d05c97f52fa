import { expect, test } from "vitest";
import { CLAIM_MS } from "../../src/postings/claim.ts";
import type { PostingRow } from "../../src/postings/queries.ts";
import { releaseAbsent } from "../../src/postings/release.ts";
import { useDatabase } from "../support/database.ts";
import { openBrowser } from "./browser.ts";
import { type Desk, first, look, makeDesk, receivePosted, setConnection, write } from "./desk.ts";
import { isWriteAsked } from "./desk-jobs.ts";

const box = useDatabase();
const MINUTE_MS = 60_000;

async function deskWithOne(
  options?: Parameters<typeof makeDesk>[2],
): Promise<{ desk: Desk; posting: PostingRow }> {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }], options);
  return { desk, posting: first(await receivePosted(desk)) };
}

test.each(["lost", "crashAfter"] as const)(
  "after a write whose answer is %s, the entry is found and taken over",
  async (mishap) => {
    const { desk, posting } = await deskWithOne();
    desk.system.writeMishaps = [mishap];
    await write(desk, posting);
    expect(await look(desk, posting)).toMatchObject({ state: "posting", outcome_unknown: true });
    desk.clock.at += MINUTE_MS;
    await write(desk, posting);
    expect(await look(desk, posting)).toMatchObject({ state: "posted", external_id: "ent_1", attempts: 2 });
    expect(desk.system.ledger).toHaveLength(1);
    expect(desk.system.calls).toEqual({ writes: 1, lookUps: 1 });
  },
);

test.each(["unsent", "crashBefore", "unreadable"] as const)(
  "after a write that ends in %s, nothing is found and it is written",
  async (mishap) => {
    const { desk, posting } = await deskWithOne();
    desk.system.writeMishaps = [mishap];
    await write(desk, posting);
    desk.clock.at += MINUTE_MS;
    await write(desk, posting);
    expect((await look(desk, posting)).state).toBe("posted");
    expect(desk.system.ledger).toHaveLength(1);
    expect(desk.system.calls).toEqual({ writes: 2, lookUps: 1 });
  },
);

test("a lost answer is not looked for before the system has had time to finish", async () => {
  const { desk, posting } = await deskWithOne();
  desk.system.writeMishaps = ["lost"];
  await write(desk, posting);
  await write(desk, posting);
  expect(desk.system.calls).toEqual({ writes: 1, lookUps: 0 });
  expect(await isWriteAsked(box, desk)).toBe(true);
});

test("a runner killed between the vendor's write and our record leaves one entry", async () => {
  const { desk, posting } = await deskWithOne();
  const killed = { ...desk.cx, database: breaksAfterClaim(desk) };
  await expect(write(desk, posting, killed)).rejects.toThrow("killed");
  expect(desk.system.ledger).toHaveLength(1);
  expect(await look(desk, posting)).toMatchObject({
    state: "posting",
    outcome_unknown: true,
    external_id: null,
  });

  await write(desk, posting);
  expect(desk.system.calls.lookUps).toBe(0);
  desk.clock.at += CLAIM_MS;
  await write(desk, posting);
  expect(await look(desk, posting)).toMatchObject({ state: "posted", external_id: "ent_1" });
  expect(desk.system.ledger).toHaveLength(1);
});

test.each([
  ["rate" as const, 7_000],
  ["outage" as const, 10_000],
])("%s puts the posting back to ready, to be tried again after %i milliseconds", async (mishap, pauseMs) => {
  const { desk, posting } = await deskWithOne();
  desk.system.writeMishaps = [mishap];
  await write(desk, posting);
  const waiting = await look(desk, posting);
  expect(waiting).toMatchObject({ state: "ready", outcome_unknown: false });
  expect(waiting.next_try_at?.getTime()).toBe(desk.clock.at + pauseMs);
  desk.clock.at += pauseMs;
  await write(desk, posting);
  expect((await look(desk, posting)).state).toBe("posted");
  expect(desk.system.calls).toEqual({ writes: 2, lookUps: 0 });
});

test("a token that is refused once is renewed on the way", async () => {
  const { desk, posting } = await deskWithOne();
  desk.system.writeMishaps = ["auth"];
  await write(desk, posting);
  expect((await look(desk, posting)).state).toBe("posted");
  expect(desk.system.ledger).toHaveLength(1);
});

test("a grant that is gone makes the posting wait until the connection is authorized again", async () => {
  const { desk, posting } = await deskWithOne();
  desk.system.refusesTokens = true;
  await write(desk, posting);
  expect(await look(desk, posting)).toMatchObject({
    state: "ready",
    outcome_unknown: false,
    next_try_at: null,
  });
  const { writes } = desk.system.calls;
  await write(desk, posting);
  expect(desk.system.calls.writes).toBe(writes);
  desk.system.refusesTokens = false;
  await setConnection(desk, { state: "authorized" });
  await write(desk, posting);
  expect((await look(desk, posting)).state).toBe("posted");
  expect(desk.system.ledger).toHaveLength(1);
});

test("an entry that is found twice goes to a person and is not written a third time", async () => {
  const { desk, posting } = await deskWithOne();
  desk.system.writeMishaps = ["lost"];
  await write(desk, posting);
  desk.system.ledger.push({ ...first(desk.system.ledger), externalId: "ent_other" });
  desk.clock.at += MINUTE_MS;
  await write(desk, posting);
  const doubled = await look(desk, posting);
  expect(doubled).toMatchObject({ state: "needs_attention", problem: "double_entry" });
  expect(doubled.problem_text).toContain("ent_1, ent_other");
  expect(desk.system.calls.writes).toBe(1);
});

test("where a system can neither be searched nor sees a repetition, a lost answer goes to a person", async () => {
  const { desk, posting } = await deskWithOne({ capabilities: ["postPayment"], duplicates: "none" });
  desk.system.writeMishaps = ["lost"];
  await write(desk, posting);
  desk.clock.at += MINUTE_MS;
  await write(desk, posting);
  const unclear = await look(desk, posting);
  expect(unclear).toMatchObject({ state: "needs_attention", problem: "unclear", outcome_unknown: true });
  expect(unclear.problem_text).toContain(posting.reference);
  expect(desk.system.calls.writes).toBe(1);
});

test("the question about a lost answer has both answers, in plain words", async () => {
  const { desk, posting } = await deskWithOne({ capabilities: ["postPayment"], duplicates: "none" });
  desk.system.writeMishaps = ["unsent"];
  await write(desk, posting);
  desk.clock.at += MINUTE_MS;
  await write(desk, posting);
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  const list = await browser.get("/postings");
  expect(list.text).toContain("It is not known whether this was written.");
  const page = await browser.get(`/postings/${posting.id}/absent`);
  expect(page.text).toContain("Is it in Docket?");
  expect(page.text).toContain(`Look for an entry of $400.00 on Statement`);
  expect(page.text).toContain("It is there");
  expect(page.document.querySelector(`a[href="/postings/${posting.id}/by-hand"]`)).not.toBeNull();
  await browser.post(`/postings/${posting.id}/absent`);
  await write(desk, posting);
  expect((await look(desk, posting)).state).toBe("posted");
  expect(desk.system.ledger).toHaveLength(1);
  expect((await browser.post(`/postings/${posting.id}/absent`)).notice).toContain(
    "has a known outcome by now",
  );
});

test("where we can look ourselves, a person's word that it is not there is not taken", async () => {
  const { desk, posting } = await deskWithOne();
  desk.system.writeMishaps = ["lost"];
  desk.system.lookUpMishaps = ["unreadable"];
  await write(desk, posting);
  desk.clock.at += MINUTE_MS;
  await write(desk, posting);
  await expect(releaseAbsent(desk.bookkeeper, { postingId: posting.id })).rejects.toThrow(
    "We can look for posting",
  );
  expect(await look(desk, posting)).toMatchObject({ problem: "unclear", outcome_unknown: true });
});

test("where the vendor itself sees a repetition, a lost answer is simply written again", async () => {
  const { desk, posting } = await deskWithOne({ capabilities: ["postPayment"], duplicates: "vendorKey" });
  desk.system.writeMishaps = ["unsent"];
  await write(desk, posting);
  desk.clock.at += MINUTE_MS;
  await write(desk, posting);
  expect((await look(desk, posting)).state).toBe("posted");
});

test.each(["rate", "outage", "crashBefore"] as const)(
  "a look-up that meets %s leaves the outcome unknown, and nothing is written meanwhile",
  async (mishap) => {
    const { desk, posting } = await deskWithOne();
    desk.system.writeMishaps = ["lost"];
    desk.system.lookUpMishaps = [mishap];
    await write(desk, posting);
    desk.clock.at += MINUTE_MS;
    await write(desk, posting);
    expect(await look(desk, posting)).toMatchObject({ state: "posting", outcome_unknown: true });
    desk.clock.at += MINUTE_MS;
    await write(desk, posting);
    expect((await look(desk, posting)).state).toBe("posted");
    expect(desk.system.ledger).toHaveLength(1);
  },
);

test("a look-up that cannot be understood goes to a person", async () => {
  const { desk, posting } = await deskWithOne();
  desk.system.writeMishaps = ["lost"];
  desk.system.lookUpMishaps = ["unreadable"];
  await write(desk, posting);
  desk.clock.at += MINUTE_MS;
  await write(desk, posting);
  expect(await look(desk, posting)).toMatchObject({ problem: "unclear", outcome_unknown: true });
});

test("eight writes without a clear answer go to a person", async () => {
  const { desk, posting } = await deskWithOne();
  desk.system.writeMishaps = Array.from({ length: 8 }, () => "unsent" as const);
  for (let attempt = 0; attempt < 8; attempt += 1) {
    await write(desk, posting);
    desk.clock.at += 15 * MINUTE_MS;
  }
  expect(await look(desk, posting)).toMatchObject({
    state: "needs_attention",
    problem: "unclear",
    attempts: 8,
  });
});

/** A database that is gone from the moment of the vendor's write. */
function breaksAfterClaim(desk: Desk): Desk["cx"]["database"] {
  const { database } = desk.cx;
  return new Proxy(database, {
    get(target, key, receiver) {
      if (key === "kysely" && desk.system.ledger.length > 0) throw new Error("killed");
      return Reflect.get(target, key, receiver);
    },
  });
}
