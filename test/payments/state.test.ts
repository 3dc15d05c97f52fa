import fc from "fast-check";
import { expect, test } from "vitest";
import { sumMinor } from "../../src/base/money.ts";
import { statesBefore } from "../../src/pay/state.ts";
import { allocate } from "../../src/payments/allocate.ts";
import { canMove, linkStateAfter, type PaymentState, readingOf } from "../../src/payments/state.ts";

const STATES: PaymentState[] = ["processing", "succeeded", "failed"];

test("a payment makes no other move than these", () => {
  const moves = STATES.flatMap((from) =>
    STATES.filter((to) => canMove(from, to)).map((to) => `${from} -> ${to}`),
  );
  expect(moves).toEqual(["processing -> succeeded", "processing -> failed", "failed -> succeeded"]);
});

test("a completed checkout is left for no other state, and every other may come to it", () => {
  expect(statesBefore("completed").sort()).toEqual(["abandoned", "expired", "open", "preparing"]);
  expect(statesBefore("open")).toEqual(["preparing"]);
  expect(statesBefore("preparing")).toEqual([]);
  for (const to of ["open", "expired", "abandoned", "preparing"] as const)
    expect(statesBefore(to)).not.toContain("completed");
});

test.each([
  ["succeeded", "open", "succeeded"],
  ["succeeded", undefined, "succeeded"],
  ["processing", "complete", "processing"],
  ["failed", "open", "tried"],
  ["failed", undefined, "tried"],
  ["failed", "complete", "failed"],
  ["failed", "expired", "tried"],
  ["cancelled", "complete", "failed"],
  ["cancelled", "expired", "nothing"],
  ["open", "open", "nothing"],
  ["open", "complete", "processing"],
  ["other", "open", "nothing"],
  ["other", "complete", "processing"],
  ["other", undefined, "nothing"],
] as const)("a payment that is %s with a session that is %s reads as %s", (state, status, reading) => {
  expect(readingOf({ state }, status === undefined ? undefined : { status })).toBe(reading);
});

test.each([
  ["processing", 100n, "outstanding", "processing"],
  ["succeeded", 100n, "outstanding", "payment_received"],
  ["succeeded", 120n, "processing", "payment_received"],
  ["succeeded", 99n, "outstanding", "part_paid"],
  ["failed", 100n, "processing", "outstanding"],
  ["failed", 100n, "outstanding", undefined],
  ["failed", 100n, "payment_received", undefined],
] as const)("a payment that is %s of %s brings a link that is %s into %s", (state, amountMinor, from, to) => {
  expect(linkStateAfter({ state, amountMinor }, { state: from, amount_minor: 100n })).toBe(to);
});

test("the parts always add up, in the order of the lines, each within its line", () => {
  const amounts = fc.bigInt({ min: 1n, max: 9_999_999_999n });
  fc.assert(
    fc.property(amounts, fc.array(amounts, { maxLength: 8 }), (amountMinor, balances) => {
      const lines = balances.map((balance, index) => ({ statementId: `s${index}`, amountMinor: balance }));
      const parts = allocate(amountMinor, lines);
      expect(sumMinor(parts.map((part) => part.amountMinor))).toBe(amountMinor);
      expect(parts.every((part) => part.amountMinor > 0n)).toBe(true);
      const laid = parts.filter((part) => part.statementId !== null);
      for (const [index, part] of laid.entries()) {
        expect(part.statementId).toBe(lines[index]?.statementId);
        expect(part.amountMinor <= (lines[index]?.amountMinor ?? 0n)).toBe(true);
      }
      // Nothing is left over while a line still takes some.
      if (parts.some((part) => part.statementId === null)) expect(laid).toEqual(lines);
    }),
  );
});
