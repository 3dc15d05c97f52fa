import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { postingJobs } from "../../src/postings/jobs.ts";
import { nextSize } from "../../src/postings/pace.ts";
import type { PostingRow } from "../../src/postings/queries.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import { keepingLog } from "../support/world.ts";
import { type Desk, first, historyOf, look, makeDesk, receivePosted, write } from "./desk.ts";
import { FIRST_TRY } from "./desk-jobs.ts";

const box = useDatabase();
const PARTS = 30;
const PAUSE_MS = 10_000;

let desk: Desk;
let postings: PostingRow[];
/** How many postings were claimed and not posted yet at each write. */
let claimed: number[];

async function openBacklog(options?: Parameters<typeof makeDesk>[2]): Promise<void> {
  desk = await makeDesk(
    box,
    Array.from({ length: PARTS }, (_, index) => ({ balanceMinor: 10_000n + BigInt(index) })),
    options,
  );
  postings = await receivePosted(desk);
  claimed = [];
  desk.system.beforeWrite = async () => {
    const states = await Promise.all(postings.map(async (posting) => (await look(desk, posting)).state));
    claimed.push(states.filter((state) => state === "posting").length);
  };
}

const amounts = () => desk.system.ledger.map((entry) => entry.amountMinor);
const wanted = () => postings.map((posting) => posting.amount_minor);

describe("a backlog of one connection", () => {
  beforeEach(() => openBacklog());

  test("is written by one job, in order, in batches that grow while the system is quick", async () => {
    await write(desk, first(postings));
    expect(amounts()).toEqual(wanted());
    expect(claimed[0]).toBe(1);
    expect(Math.max(...claimed)).toBeGreaterThan(4);
    for (const posting of postings)
      expect(await look(desk, posting)).toMatchObject({
        state: "posted",
        attempts: 1,
        outcome_unknown: false,
      });
  });

  test("is given back untried where the system goes down in the middle, and ends in order once it is up", async () => {
    desk.system.writeMishaps = [...Array.from({ length: 8 }, () => "none" as const), "outage"];
    await write(desk, first(postings));
    expect(amounts()).toEqual(wanted().slice(0, 8));
    const states = await Promise.all(postings.map((posting) => look(desk, posting)));
    expect(states.slice(8).every((posting) => posting.state === "ready" && !posting.outcome_unknown)).toBe(
      true,
    );
    expect(states[8]).toMatchObject({ attempts: 1, problem_text: "Docket cannot be reached." });
    expect(states.slice(9).every(({ attempts, next_try_at }) => attempts === 0 && next_try_at === null)).toBe(
      true,
    );
    expect(await historyOf(desk, first(postings.slice(9)))).toEqual([
      "posting.prepared",
      "posting.started",
      "posting.delayed",
    ]);
    await write(desk, first(postings));
    expect(desk.system.calls.writes).toBe(9);
    desk.clock.at += PAUSE_MS;
    await write(desk, first(postings));
    expect(amounts()).toEqual(wanted());
    expect(desk.system.calls).toEqual({ writes: PARTS + 1, lookUps: 0 });
  });

  test("what was claimed by a service that died is looked for before it is written, each once", async () => {
    let died: () => void = () => undefined;
    const death = new Promise<never>((_, reject) => {
      died = () => reject(new Error("killed"));
    });
    const hanging = new Promise<void>(() => undefined);
    desk.system.beforeWrite = async () => {
      if (desk.system.calls.writes < 5) return;
      died();
      await hanging;
    };
    await expect(Promise.race([write(desk, first(postings)), death])).rejects.toThrow("killed");
    const left = await Promise.all(postings.map((posting) => look(desk, posting)));
    expect(left.filter((posting) => posting.state === "posting").length).toBeGreaterThan(1);
    desk.system.beforeWrite = async () => undefined;
    await write(desk, first(postings));
    desk.clock.at += 50_000;
    await write(desk, first(postings));
    expect([...amounts()].sort()).toEqual([...wanted()].sort());
    expect(desk.system.calls.lookUps).toBe(left.filter((posting) => posting.state === "posting").length);
  });

  test("a runner that must stop gives the rest back", async () => {
    const stop = new AbortController();
    desk.system.beforeWrite = async () => {
      if (desk.system.calls.writes >= 9) stop.abort();
    };
    const payload = { firmId: desk.firm.firmId, connectionId: desk.matter.connectionId };
    await postingJobs["postings.write"](desk.cx, payload, { ...FIRST_TRY, signal: stop.signal });
    const states = (await Promise.all(postings.map((posting) => look(desk, posting)))).map(
      ({ state }) => state,
    );
    expect(new Set(states)).toEqual(new Set(["posted", "ready"]));
    await write(desk, first(postings));
    expect(amounts()).toEqual(wanted());
    expect(desk.system.calls).toEqual({ writes: PARTS, lookUps: 0 });
  });

  describe("with one that cannot even be claimed", () => {
    afterEach(() => asOwner(box, "drop trigger broken on posting; drop function refuse_claim()"));

    test("the others go all the same", async () => {
      const broken = first(postings.slice(3));
      await asOwner(
        box,
        `create function refuse_claim() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$;
         create trigger broken before update on posting for each row
           when (new.id = '${broken.id}' and new.state = 'posting') execute function refuse_claim()`,
      );
      const log = keepingLog();
      await write(desk, broken, { ...desk.cx, log });
      expect(amounts()).toEqual(wanted().filter((_, index) => index !== 3));
      expect(await look(desk, broken)).toMatchObject({ state: "ready", attempts: 0 });
      expect(log.lines.filter((line) => line.includes("a posting could not be claimed"))).toHaveLength(1);
    });
  });
});

test("where only a person could look for a lost answer, one is claimed at a time", async () => {
  await openBacklog({ capabilities: ["readStatements", "postPayment"], duplicates: "none" });
  await write(desk, first(postings));
  expect(amounts()).toEqual(wanted());
  expect(claimed).toEqual(Array.from({ length: PARTS }, () => 1));
});

test("a batch doubles while it is quick, stays while it is not, and halves where it is slow", () => {
  expect([1, 2, 4, 40, 64].map((size) => nextSize(size, 100))).toEqual([2, 4, 8, 64, 64]);
  expect(nextSize(8, 2_000)).toBe(8);
  expect([1, 2, 9].map((size) => nextSize(size, 5_000))).toEqual([1, 1, 4]);
});
