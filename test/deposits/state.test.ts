import { expect, test } from "vitest";
import {
  canMove,
  DEPOSIT_STATES,
  type DepositState,
  depositWord,
  isUnderWay,
} from "../../src/deposits/state.ts";

const ALLOWED: Record<DepositState, readonly DepositState[]> = {
  pending: ["in_transit", "paid", "failed", "cancelled"],
  in_transit: ["paid", "failed", "cancelled"],
  paid: ["failed"],
  failed: [],
  cancelled: [],
};

const pairs = DEPOSIT_STATES.flatMap((from) => DEPOSIT_STATES.map((to) => [from, to] as const));

test.each(pairs.filter(([from, to]) => ALLOWED[from].includes(to)))(
  "a deposit goes from %s to %s",
  (from, to) => {
    expect(canMove(from, to)).toBe(true);
  },
);

test.each(pairs.filter(([from, to]) => !ALLOWED[from].includes(to)))(
  "a deposit never goes from %s to %s",
  (from, to) => {
    expect(canMove(from, to)).toBe(false);
  },
);

test("the bank has the last word about deposits under way only", () => {
  expect(DEPOSIT_STATES.filter(isUnderWay)).toEqual(["pending", "in_transit"]);
  expect(DEPOSIT_STATES.map(depositWord)).toEqual(["Pending", "In transit", "Paid", "Failed", "Cancelled"]);
});
