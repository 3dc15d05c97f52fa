import fc from "fast-check";
import { expect, test } from "vitest";
import type { Context } from "../../src/context.ts";
import { useDatabase } from "../support/database.ts";
import type { Mishap } from "../support/fake-connector.ts";
import { look, makeDesk, receivePosted, setConnection, write } from "./desk.ts";

const box = useDatabase();
const MINUTES_MS = 60_000;
const RUNS = 25;
/** More rounds than accidents: in the end nothing goes wrong any more. */
const LAST_ROUNDS = 12;

// Some orders of failures make writers wait for each other in real time.
const LIMIT_MS = 120_000;
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
  rounds: fc.array(
    fc.record({
      writers: fc.integer({ min: 1, max: 3 }),
      minutesAfter: fc.integer({ min: 0, max: 15 }),
      /** The process is killed before this many of its transactions; undefined where it lives. */
      killedAfter: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
    }),
    { maxLength: 8 },
  ),
});

test(
  "whatever fails, in whatever order, each posting ends as exactly one entry and the sums are equal",
  async () => {
    await fc.assert(
      fc.asyncProperty(storm, async ({ writes, lookUps, rounds }) => {
        const desk = await makeDesk(box, [{ balanceMinor: 40_000n }, { balanceMinor: 12_550n }]);
        const postings = await receivePosted(desk);
        // A process that dies while it renews a grant holds up the others for a minute of real time; that is tested where grants are.
        const hasDeaths = rounds.some((round) => round.killedAfter !== undefined);
        if (hasDeaths) await setConnection(desk, { token_expires_at: null });
        desk.system.writeMishaps = hasDeaths ? writes.filter((mishap) => mishap !== "auth") : [...writes];
        desk.system.lookUpMishaps = [...lookUps];
        const calm = { writers: 1, minutesAfter: 15, killedAfter: undefined };
        for (const round of [...rounds, ...Array.from({ length: LAST_ROUNDS }, () => calm)]) {
          const cx = round.killedAfter === undefined ? desk.cx : dyingAfter(desk.cx, round.killedAfter);
          const tries = postings.flatMap((posting) =>
            Array.from({ length: round.writers }, () => write(desk, posting, cx)),
          );
          const ends = await Promise.allSettled(tries);
          const failed = ends.flatMap((end) => (end.status === "rejected" ? [String(end.reason)] : []));
          expect(failed.filter((reason) => reason !== "Error: killed")).toEqual([]);
          desk.clock.at += round.minutesAfter * MINUTES_MS;
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
  },
  LIMIT_MS,
);

/** A context whose process reaches its database so many times and never again. */
function dyingAfter(cx: Context, transactions: number): Context {
  let left = transactions;
  const database = new Proxy(cx.database, {
    get(target, key, receiver) {
      if (key !== "kysely") return Reflect.get(target, key, receiver);
      left -= 1;
      if (left < 0) throw new Error("killed");
      return Reflect.get(target, key, receiver);
    },
  });
  return { ...cx, database };
}
