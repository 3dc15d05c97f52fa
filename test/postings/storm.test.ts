import fc from "fast-check";
import { expect, test } from "vitest";
import { useDatabase } from "../support/database.ts";
import type { Mishap } from "../support/fake-connector.ts";
import { look, makeDesk, receivePosted, setConnection, write } from "./desk.ts";

const box = useDatabase();
const MINUTES_MS = 60_000;
const RUNS = 25;
/** More rounds than accidents: in the end nothing goes wrong any more. */
const LAST_ROUNDS = 12;

const writeMishap = fc.constantFrom<Mishap>(
  "none",
  "rate",
  "auth",
  "outage",
  "lost",
  "unsent",
  "crashAfter",
  "crashBefore",
);
const lookUpMishap = fc.constantFrom<Mishap>("none", "rate", "outage", "crashBefore");
const storm = fc.record({
  writes: fc.array(writeMishap, { maxLength: 7 }),
  lookUps: fc.array(lookUpMishap, { maxLength: 4 }),
  /** How many try at once, round by round, and how far the clock goes on after each. */
  rounds: fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 15 })), {
    maxLength: 8,
  }),
});

test("whatever fails, in whatever order, each posting ends as exactly one entry and the sums are equal", async () => {
  await fc.assert(
    fc.asyncProperty(storm, async ({ writes, lookUps, rounds }) => {
      const desk = await makeDesk(box, [{ balanceMinor: 40_000n }, { balanceMinor: 12_550n }]);
      const postings = await receivePosted(desk);
      desk.system.writeMishaps = [...writes];
      desk.system.lookUpMishaps = [...lookUps];
      const calm = Array.from({ length: LAST_ROUNDS }, (): [number, number] => [1, 15]);
      for (const [writers, minutes] of [...rounds, ...calm]) {
        const tries = postings.flatMap((posting) =>
          Array.from({ length: writers }, () => write(desk, posting)),
        );
        await Promise.all(tries);
        desk.clock.at += minutes * MINUTES_MS;
        // Two refusals in a row end the grant; the firm authorizes again.
        await setConnection(desk, { state: "authorized" });
      }
      const now = await Promise.all(postings.map((posting) => look(desk, posting)));
      expect(now.map((posting) => posting.state)).toEqual(["posted", "posted"]);
      expect(desk.system.ledger.map((entry) => entry.reference).sort()).toEqual(
        postings.map((posting) => posting.reference).sort(),
      );
      expect(desk.system.ledger.reduce((sum, entry) => sum + entry.amountMinor, 0n)).toBe(52_550n);
      for (const posting of now) {
        const entry = desk.system.ledger.find((each) => each.externalId === posting.external_id);
        expect(entry?.reference).toBe(posting.reference);
      }
    }),
    { numRuns: RUNS },
  );
});
