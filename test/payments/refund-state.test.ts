import fc from "fast-check";
import { expect, test } from "vitest";
import { sumMinor } from "../../src/base/money.ts";
import {
  canMoveDispute,
  DISPUTE_STATES,
  isOut,
  isUndecided,
  turnAfter,
} from "../../src/payments/dispute-state.ts";
import { layByItself, leftOf } from "../../src/payments/left.ts";
import { canMoveRefund, holdsMoney, isUnderWay, REFUND_STATES } from "../../src/payments/refund-state.ts";

const REFUND_MOVES = new Set([
  "requested>pending",
  "requested>succeeded",
  "requested>failed",
  "requested>cancelled",
  "requested>refused",
  "pending>succeeded",
  "pending>failed",
  "pending>cancelled",
  "succeeded>failed",
  "succeeded>cancelled",
  "refused>pending",
  "refused>succeeded",
  "refused>failed",
  "refused>cancelled",
]);

const DISPUTE_MOVES = new Set([
  "inquiry>open",
  "inquiry>won",
  "inquiry>lost",
  "inquiry>closed",
  "open>won",
  "open>lost",
  "open>closed",
  "won>open",
  "won>lost",
  "lost>open",
  "lost>won",
]);

const refundPairs = REFUND_STATES.flatMap((from) => REFUND_STATES.map((to) => [from, to] as const));
const disputePairs = DISPUTE_STATES.flatMap((from) => DISPUTE_STATES.map((to) => [from, to] as const));

test.each(refundPairs.filter(([from, to]) => REFUND_MOVES.has(`${from}>${to}`)))(
  "a refund goes from %s to %s",
  (from, to) => expect(canMoveRefund(from, to)).toBe(true),
);

test.each(refundPairs.filter(([from, to]) => !REFUND_MOVES.has(`${from}>${to}`)))(
  "a refund never goes from %s to %s",
  (from, to) => expect(canMoveRefund(from, to)).toBe(false),
);

test.each(disputePairs.filter(([from, to]) => DISPUTE_MOVES.has(`${from}>${to}`)))(
  "a dispute goes from %s to %s",
  (from, to) => expect(canMoveDispute(from, to)).toBe(true),
);

test.each(disputePairs.filter(([from, to]) => !DISPUTE_MOVES.has(`${from}>${to}`)))(
  "a dispute never goes from %s to %s",
  (from, to) => expect(canMoveDispute(from, to)).toBe(false),
);

test("a refund holds its amount until it is known to have failed", () => {
  expect(REFUND_STATES.filter(holdsMoney)).toEqual(["requested", "pending", "succeeded"]);
  expect(REFUND_STATES.filter(isUnderWay)).toEqual(["requested", "pending"]);
  expect(DISPUTE_STATES.filter(isUndecided)).toEqual(["inquiry", "open"]);
});

test("money that goes, comes back and goes again is counted turn by turn, and the same word twice is none", () => {
  let turn = 0;
  for (const isGone of [false, true, true, false, false, true]) turn = turnAfter(turn, isGone);
  expect([turn, isOut(turn)]).toEqual([3, true]);
});

test.each([
  ["everything there is", 100n, [60n, 40n], { parts: [60n, 40n], excessMinor: 0n }],
  ["more than there is", 130n, [60n, 40n], { parts: [60n, 40n], excessMinor: 30n }],
  ["a part of the only line", 25n, [60n, 0n], { parts: [25n], excessMinor: 0n }],
  ["exactly what is left of one line", 40n, [60n, 40n], { parts: [40n], excessMinor: 0n }],
  ["a part that could be of several lines", 25n, [60n, 40n], undefined],
  ["exactly what is left of two lines", 40n, [40n, 40n], undefined],
  ["something of which nothing is left", 25n, [0n, 0n], { parts: [], excessMinor: 25n }],
] as const)("an amount that is %s lies by itself or waits for a person", (_name, amount, left, expected) => {
  const laid = layByItself(
    amount,
    left.map((leftMinor, index) => ({ allocationId: `a${index}`, leftMinor })),
  );
  expect(laid && { ...laid, parts: laid.parts.map((part) => part.amountMinor) }).toEqual(expected);
});

test("what lies by itself adds up and never exceeds a line", () => {
  const amounts = fc.bigInt({ min: 1n, max: 1_000n });
  fc.assert(
    fc.property(
      amounts,
      fc.array(fc.tuple(amounts, fc.bigInt({ min: 0n, max: 1_000n })), { maxLength: 5 }),
      (amount, wish) => {
        const allocations = wish.map(([amountMinor], index) => ({ id: `a${index}`, amountMinor }));
        const taken = wish.map(([, amountMinor], index) => ({ allocationId: `a${index}`, amountMinor }));
        const lines = leftOf(allocations, taken);
        expect(lines.every((line) => line.leftMinor >= 0n)).toBe(true);
        const laid = layByItself(amount, lines);
        if (!laid) return;
        expect(sumMinor(laid.parts.map((part) => part.amountMinor)) + laid.excessMinor).toBe(amount);
        for (const part of laid.parts) {
          const line = lines.find((each) => each.allocationId === part.allocationId);
          expect(part.amountMinor > 0n && part.amountMinor <= (line?.leftMinor ?? 0n)).toBe(true);
        }
      },
    ),
  );
});
