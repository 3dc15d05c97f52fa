import { describe, expect, it } from "vitest";
import { causeOf, causeWords, isRestoring, undoingIdOf } from "../../src/postings/cause.ts";
import { type Entry, planSteps, type Step, type Undoing } from "../../src/postings/reverse-plan.ts";

function entry(change: Partial<Entry> = {}): Entry {
  return {
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
    ...change,
  };
}

function undoing(change: Partial<Undoing> = {}): Undoing {
  return { kind: "refund", id: "r1", turn: 1, amountMinor: 100n, movedAt: new Date(0), ...change };
}

function reversal(change: Partial<Entry> = {}): Entry {
  return entry({
    id: "rev1",
    kind: "reversal",
    cause: "refund:r1",
    reverses_posting_id: "first",
    ...change,
  });
}

/** The steps in short: what is done, to which posting, for how much, why. */
function plan(entries: Entry[], undoings: Undoing[], amountMinor = 100n): string[] {
  return planSteps(amountMinor, entries, undoings).map(short);
}

function short(step: Step): string {
  switch (step.act) {
    case "reverse":
      return `reverse ${step.entryId} by ${step.amountMinor} for ${step.cause}`;
    case "restore":
      return `restore ${step.reversalId} by ${step.amountMinor} for ${step.cause}`;
    default:
      return `${step.act} ${step.entryId}`;
  }
}

describe("what was undone before it was posted", () => {
  it("is set aside when the whole part is undone, and goes on when a part of it is", () => {
    expect(plan([entry({ state: "ready" })], [undoing()])).toEqual(["setAside first"]);
    expect(plan([entry({ state: "needs_attention" })], [undoing()])).toEqual(["setAside first"]);
    expect(plan([entry({ state: "ready" })], [undoing({ amountMinor: 40n })])).toEqual(["go first"]);
    expect(plan([entry({ state: "needs_attention" })], [undoing({ amountMinor: 40n })])).toEqual([]);
  });

  it("is set aside when several refunds together undo the whole", () => {
    const two = [undoing({ amountMinor: 40n }), undoing({ id: "r2", amountMinor: 60n })];
    expect(plan([entry({ state: "ready" })], two)).toEqual(["setAside first"]);
  });

  it("is waited for while it is on its way or may stand there", () => {
    expect(plan([entry({ state: "posting", outcome_unknown: true })], [undoing()])).toEqual([]);
    expect(plan([entry({ state: "needs_attention", outcome_unknown: true })], [undoing()])).toEqual([]);
  });

  it("goes back to work when the money comes back, but not what a person set aside", () => {
    const aside = entry({ state: "set_aside", is_undone: true });
    expect(plan([aside], [undoing()])).toEqual([]);
    expect(plan([aside], [undoing({ turn: 2 })])).toEqual(["putBack first"]);
    expect(plan([entry({ state: "set_aside" })], [undoing()])).toEqual([]);
    expect(plan([entry({ state: "set_aside" })], [undoing({ turn: 2 })])).toEqual([]);
  });

  it("is left to the person who may have entered it, each way once, and set aside where none may have", () => {
    const waits = entry({ state: "needs_attention", problem: "unsupported" });
    const filed = entry({ state: "needs_attention", problem: "statement_closed", file_id: "f1" });
    for (const asked of [waits, filed]) {
      expect(plan([asked], [undoing()])).toEqual(["callBack first"]);
      expect(plan([asked], [undoing({ amountMinor: 40n })])).toEqual([]);
      const called = { ...asked, is_undone: true };
      expect(plan([called], [undoing()])).toEqual([]);
      expect(plan([called], [undoing({ turn: 2 })])).toEqual(["askAgain first"]);
      expect(plan([{ ...called, file_id: null }], [undoing({ turn: 2 })])).toEqual(["askAgain first"]);
      expect(plan([{ ...asked, state: "set_aside" }], [undoing()])).toEqual([]);
    }
    expect(plan([entry({ state: "ready", file_id: "f1" })], [undoing()])).toEqual(["callBack first"]);
    const refused = entry({ state: "needs_attention", problem: "rejected" });
    expect(plan([refused], [undoing()])).toEqual(["setAside first"]);
  });

  it("is no longer held as money without a statement", () => {
    const held = entry({ state: "set_aside", is_unapplied: true });
    expect(plan([held], [undoing()])).toEqual(["setAside first"]);
    expect(plan([held], [undoing({ amountMinor: 40n })])).toEqual([]);
  });

  it("needs nothing while the payment has no posting", () => {
    expect(plan([], [undoing()])).toEqual([]);
  });
});

describe("what was posted", () => {
  it("is reversed once per refund, by its amount", () => {
    const refunds = [undoing({ amountMinor: 40n }), undoing({ id: "r2", amountMinor: 60n })];
    expect(plan([entry()], refunds)).toEqual([
      "reverse first by 40 for refund:r1",
      "reverse first by 60 for refund:r2",
    ]);
    const done = [
      entry(),
      reversal({ amount_minor: 40n, state: "ready" }),
      reversal({ id: "rev2", cause: "refund:r2", amount_minor: 60n }),
    ];
    expect(plan(done, refunds)).toEqual([]);
  });

  it("is posted anew when a reversal was written and the money came back, once", () => {
    const back = [undoing({ turn: 2 })];
    expect(plan([entry(), reversal()], back)).toEqual(["restore rev1 by 100 for refund_failed:r1"]);
    const anew = entry({
      id: "again",
      cause: "refund_failed:r1",
      restores_posting_id: "rev1",
      state: "ready",
    });
    expect(plan([entry(), reversal(), anew], back)).toEqual([]);
  });

  it("only loses its reversal when that was not written yet", () => {
    const back = [undoing({ kind: "dispute", id: "d1", turn: 2 })];
    const of = (change: Partial<Entry>) => [entry(), reversal({ cause: "dispute:d1", ...change })];
    expect(plan(of({ state: "ready" }), back)).toEqual(["setAside rev1"]);
    expect(plan(of({ state: "needs_attention" }), back)).toEqual(["setAside rev1"]);
    expect(plan(of({ state: "posting", outcome_unknown: true }), back)).toEqual([]);
    expect(plan(of({ state: "set_aside", is_undone: true }), back)).toEqual([]);
    expect(plan(of({ state: "set_aside" }), back)).toEqual([]);
  });

  it("leaves its reversal to the person who may have taken it out, and asks for it again when the money goes", () => {
    const of = (change: Partial<Entry>) => [entry(), reversal({ state: "needs_attention", ...change })];
    const back = [undoing({ turn: 2 })];
    expect(plan(of({ problem: "unsupported" }), back)).toEqual(["callBack rev1"]);
    expect(plan(of({ problem: "trust_guard" }), back)).toEqual(["callBack rev1"]);
    expect(plan(of({ problem: "unsupported", is_undone: true }), back)).toEqual([]);
    expect(plan(of({ problem: "unsupported", is_undone: true }), [undoing({ turn: 3 })])).toEqual([
      "askAgain rev1",
    ]);
    expect(plan(of({ problem: "unsupported" }), [undoing({ turn: 3 })])).toEqual([]);
    const disputed = of({ problem: "trust_guard", cause: "dispute:d1" });
    expect(plan(disputed, [undoing({ kind: "dispute", id: "d1", turn: 2 })])).toEqual(["setAside rev1"]);
  });

  it("is posted anew for each of its reversals, whichever of them is written first", () => {
    const two = [
      entry(),
      entry({ id: "second", cause: "dispute_won:d9", restores_posting_id: "other" }),
      reversal({ amount_minor: 60n }),
      reversal({ id: "rev2", reverses_posting_id: "second", amount_minor: 40n, state: "posting" }),
    ];
    const back = [undoing({ turn: 2 })];
    expect(plan(two, back)).toEqual(["restore rev1 by 60 for refund_failed:r1"]);
    const later = [
      ...two.map((each) => ({ ...each, state: "posted" as const })),
      entry({ id: "anew", cause: "refund_failed:r1", restores_posting_id: "rev1", amount_minor: 60n }),
    ];
    expect(plan(later, back)).toEqual(["restore rev2 by 40 for refund_failed:r1:part2"]);
    const again = entry({ id: "anew2", cause: "refund_failed:r1:part2", restores_posting_id: "rev2" });
    expect(plan([...later, again], back)).toEqual([]);
    const third = [
      ...later,
      again,
      reversal({ id: "rev3", cause: "refund:r1:3", reverses_posting_id: "anew" }),
    ];
    expect(plan(third, [undoing({ turn: 4 })])).toEqual(["restore rev3 by 100 for refund_failed:r1:4"]);
  });

  it("is not touched for what went and came back before anybody looked", () => {
    expect(plan([entry()], [undoing({ turn: 2 })])).toEqual([]);
  });

  it("is reversed by the entry that stands: after a dispute that was won, the one posted anew", () => {
    const entries = [
      entry(),
      reversal({ cause: "dispute:d1" }),
      entry({ id: "again", cause: "dispute_won:d1", restores_posting_id: "rev1" }),
    ];
    const both = [undoing({ kind: "dispute", id: "d1", turn: 2 }), undoing({ id: "r1", amountMinor: 30n })];
    expect(plan(entries, both)).toEqual(["reverse again by 30 for refund:r1"]);
  });

  it("is reversed over several entries where none is enough alone, none of them twice", () => {
    const entries = [
      entry(),
      reversal({ cause: "dispute:d1", amount_minor: 60n }),
      entry({ id: "again", cause: "dispute_won:d1", amount_minor: 60n, restores_posting_id: "rev1" }),
    ];
    const won = undoing({ kind: "dispute", id: "d1", turn: 2, amountMinor: 60n });
    const refunds = [undoing({ amountMinor: 70n }), undoing({ id: "r2", amountMinor: 30n })];
    expect(plan(entries, [won, ...refunds])).toEqual([
      "reverse again by 60 for refund:r1",
      "reverse first by 10 for refund:r1",
      "reverse first by 30 for refund:r2",
    ]);
  });

  it("waits until what is posted anew is written before it is reversed", () => {
    const entries = [
      entry(),
      reversal({ cause: "dispute:d1" }),
      entry({ id: "again", cause: "dispute_won:d1", restores_posting_id: "rev1", state: "ready" }),
    ];
    const both = [undoing({ kind: "dispute", id: "d1", turn: 2 }), undoing()];
    expect(plan(entries, both)).toEqual([]);
  });

  it("is reversed once more when the money goes a third time", () => {
    const entries = [
      entry(),
      reversal({ cause: "dispute:d1" }),
      entry({ id: "again", cause: "dispute_won:d1", restores_posting_id: "rev1" }),
    ];
    expect(plan(entries, [undoing({ kind: "dispute", id: "d1", turn: 3 })])).toEqual([
      "reverse again by 100 for dispute:d1:3",
    ]);
  });
});

it("a cause names what undid the payment, and each posting of it by another name", () => {
  const of = (turn: number, index = 0) => causeOf({ kind: "dispute", id: "d1", turn }, index);
  expect([of(1), of(2), of(3), of(4), of(2, 1)]).toEqual([
    "dispute:d1",
    "dispute_won:d1",
    "dispute:d1:3",
    "dispute_won:d1:4",
    "dispute_won:d1:part2",
  ]);
  expect([of(1), of(3), of(2, 1)].map(undoingIdOf)).toEqual(["d1", "d1", "d1"]);
  expect([of(1), of(2), "payment"].map(isRestoring)).toEqual([false, true, false]);
  expect([of(1), of(2), "return:x", "payment"].map(causeWords)).toEqual([
    "Chargeback",
    "Dispute won",
    "Bank return",
    undefined,
  ]);
});
