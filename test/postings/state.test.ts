import { expect, test } from "vitest";
import { canMove, isOpen, POSTING_STATES, type PostingState } from "../../src/postings/state.ts";

const ALLOWED = new Set([
  "needs_attention>ready",
  "needs_attention>posted",
  "needs_attention>set_aside",
  "ready>posting",
  "ready>posted",
  "ready>needs_attention",
  "ready>set_aside",
  "posting>posted",
  "posting>ready",
  "posting>needs_attention",
  "posted>needs_attention",
  "set_aside>ready",
  "set_aside>needs_attention",
]);

const pairs = POSTING_STATES.flatMap((from) =>
  POSTING_STATES.map((to): [PostingState, PostingState] => [from, to]),
);

test.each(pairs.filter(([from, to]) => ALLOWED.has(`${from}>${to}`)))(
  "a posting goes from %s to %s",
  (from, to) => {
    expect(canMove(from, to)).toBe(true);
  },
);

test.each(pairs.filter(([from, to]) => !ALLOWED.has(`${from}>${to}`)))(
  "a posting never goes from %s to %s",
  (from, to) => {
    expect(canMove(from, to)).toBe(false);
  },
);

test("a person decides only about postings that are neither on their way nor done", () => {
  expect(POSTING_STATES.filter(isOpen)).toEqual(["needs_attention", "ready"]);
});
