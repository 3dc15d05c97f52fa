import fc from "fast-check";
import { expect, test } from "vitest";
import { effectOf, judge } from "../../src/postings/watch.ts";

const watched = { id: "p", effectMinor: -10_000n, balanceMinor: 50_000n, totalMinor: 50_000n };
const shown = (balanceMinor: bigint) => ({ balanceMinor, totalMinor: 50_000n, isVoid: false });
const others = (...effects: bigint[]) =>
  effects.map((effectMinor, index) => ({ id: `o${index}`, effectMinor }));

test("a balance that fell by exactly the posting proves that it was entered", () => {
  expect(judge(watched, shown(40_000n), [])).toBe("entered");
});

test("a balance that did not move proves nothing, whatever else waits", () => {
  expect(judge(watched, shown(50_000n), others(-10_000n, 10_000n))).toBe("wait");
});

test("two entries of one amount prove neither until both are there", () => {
  expect(judge(watched, shown(40_000n), others(-10_000n))).toBe("either");
  expect(judge(watched, shown(30_000n), others(-10_000n))).toBe("entered");
});

test("the entry of a neighbor alone is waited for", () => {
  expect(judge(watched, shown(47_500n), others(-2_500n))).toBe("wait");
  expect(judge(watched, shown(37_500n), others(-2_500n))).toBe("entered");
});

test("neighbors that add up to the same amount leave it open", () => {
  expect(judge(watched, shown(40_000n), others(-4_000n, -6_000n))).toBe("either");
});

test.each([
  ["another amount", shown(44_000n)],
  ["a rise", shown(60_000n)],
  ["a credit on the statement", { balanceMinor: 40_000n, totalMinor: 40_000n, isVoid: false }],
  ["a void statement", { balanceMinor: 40_000n, totalMinor: 50_000n, isVoid: true }],
])("%s is not taken for the entry", (_name, now) => {
  expect(judge(watched, now, [])).toBe("otherwise");
});

test("with very many neighbors a person looks", () => {
  const many = others(...Array.from({ length: 15 }, (_, index) => BigInt(-(2 ** index))));
  expect(judge(watched, shown(40_000n), many)).toBe("either");
});

test("a reversal raises the balance, every other entry lowers it", () => {
  expect(effectOf({ kind: "reversal", amount_minor: 500n })).toBe(500n);
  expect(effectOf({ kind: "payment", amount_minor: 500n })).toBe(-500n);
  expect(effectOf({ kind: "trust_deposit", amount_minor: 500n })).toBe(-500n);
});

test("an entry that was not made is never taken for made, whichever others were", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ cents: fc.integer({ min: 1, max: 6 }), isThere: fc.boolean() }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 6 }),
      (neighbors, cents) => {
        const effects = neighbors.map((each) => BigInt(-each.cents));
        const moved = neighbors
          .filter((each) => each.isThere)
          .reduce((sum, each) => sum - BigInt(each.cents), 0n);
        const mine = { ...watched, effectMinor: BigInt(-cents) };
        return judge(mine, shown(50_000n + moved), others(...effects)) !== "entered";
      },
    ),
  );
});

test("an entry that was made is proved once all its neighbors are there too", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 8 }), (cents) => {
      const effects = cents.map((each) => BigInt(-each));
      const moved = effects.reduce((sum, each) => sum + each, -10_000n);
      return judge(watched, shown(50_000n + moved), others(...effects)) === "entered";
    }),
  );
});
