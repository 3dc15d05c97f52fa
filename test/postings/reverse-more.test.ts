import { expect, test } from "vitest";
import { type Entry, planSteps } from "../../src/postings/reverse-plan.ts";

const posted: Entry = {
  id: "first",
  kind: "payment",
  cause: "payment",
  state: "posted",
  amount_minor: 100n,
  reverses_posting_id: null,
  restores_posting_id: null,
  outcome_unknown: false,
  is_undone: false,
  is_unapplied: false,
  problem: null,
  file_id: null,
};
const reversal = (change: Partial<Entry>): Entry => ({
  ...posted,
  kind: "reversal",
  reverses_posting_id: "first",
  ...change,
});

test("what of an entry becomes free later is reversed too, as a further reversal of the same return", () => {
  const refund = { kind: "refund" as const, id: "r1", turn: 2, amountMinor: 40n, movedAt: new Date(0) };
  const back = { kind: "return" as const, id: "d1", turn: 1, amountMinor: 100n, movedAt: new Date(0) };
  const before = [
    posted,
    reversal({ id: "rev1", cause: "refund:r1", state: "ready", amount_minor: 40n }),
    reversal({ id: "rev2", cause: "return:d1", amount_minor: 60n }),
  ];
  expect(planSteps(100n, before, [refund, back])).toMatchObject([{ act: "setAside", entryId: "rev1" }]);
  const after = before.map((each) =>
    each.id === "rev1" ? { ...each, state: "set_aside" as const, is_undone: true } : each,
  );
  expect(planSteps(100n, after, [refund, back])).toMatchObject([
    { act: "reverse", entryId: "first", cause: "return:d1:part2", amountMinor: 40n },
  ]);
  const done = [...after, reversal({ id: "rev3", cause: "return:d1:part2", amount_minor: 40n })];
  expect(planSteps(100n, done, [refund, back])).toEqual([]);
});
