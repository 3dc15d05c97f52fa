import { expect, test } from "vitest";
import { fixesOf } from "../../src/postings/fixes.ts";

const attention = {
  state: "needs_attention",
  kind: "payment",
  cause: "payment",
  problem: "rejected",
  problem_text: "Docket refused it.",
  outcome_unknown: false,
  release: "automatic",
  released_at: null,
  file_id: null,
  hold_until: null,
  is_undone: false,
} as const;

test("every problem has a way out", () => {
  const problems = [
    "no_statement",
    "no_connection",
    "statement_closed",
    "balance_changed",
    "rejected",
    "unclear",
    "surplus",
    "unsupported",
    "double_entry",
  ] as const;
  for (const problem of problems) expect(fixesOf({ ...attention, problem }, true)).toContain("mark");
});

test("where the entry may stand already, no other statement is offered", () => {
  expect(fixesOf({ ...attention, problem: "no_connection", outcome_unknown: true }, true)).not.toContain(
    "lay",
  );
  expect(fixesOf({ ...attention, problem: "unclear", outcome_unknown: true }, true)).toContain("retry");
});

test("in a system that cannot be searched, only a person can say that an entry is not there", () => {
  const fixes = fixesOf({ ...attention, problem: "unclear", outcome_unknown: true }, false);
  expect(fixes).toEqual(["present", "absent", "setAside"]);
});

test("what is on its way or done offers nothing, what is set aside comes back", () => {
  expect(fixesOf({ ...attention, state: "posting" }, true)).toEqual([]);
  expect(fixesOf({ ...attention, state: "posted" }, true)).toEqual([]);
  expect(fixesOf({ ...attention, state: "set_aside" }, true)).toEqual(["putBack"]);
});

test("a ready posting can be sent at once where it waits for its release or after a delay", () => {
  const ready = { ...attention, state: "ready", problem: null, problem_text: null } as const;
  expect(fixesOf(ready, true)).toEqual([]);
  expect(fixesOf({ ...ready, release: "manual" }, true)).toEqual(["release", "mark", "setAside"]);
  expect(fixesOf({ ...ready, problem_text: "Docket cannot be reached." }, true)).toEqual([
    "release",
    "mark",
    "setAside",
  ]);
});

test("where a person may have entered what its money left, only their word is asked for", () => {
  for (const problem of ["unsupported", "statement_closed", "trust_guard"] as const)
    expect(fixesOf({ ...attention, problem, is_undone: true }, true)).toEqual(["mark", "setAside"]);
  const filed = { ...attention, problem: "unsupported", is_undone: true, file_id: "f1" } as const;
  expect(fixesOf(filed, true)).toEqual(["mark", "assist", "setAside"]);
});
