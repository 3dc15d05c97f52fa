import { describe, expect, it } from "vitest";
import { type Candidate, verdictOf } from "../../src/postings/match-verdict.ts";

const money = { account_kind: "operating", amount_minor: 40_000n, currency: "USD" } as const;

function candidate(change: Partial<Candidate> = {}): Candidate {
  return {
    statementId: "s1",
    number: "20391",
    kind: "invoice",
    state: "open",
    isDeleted: false,
    balanceMinor: 40_000n,
    currency: "USD",
    dueOn: null,
    externalId: "x",
    matterNumber: "10482-003",
    matterDescription: "Warehouse lease dispute",
    trustHeldMinor: null,
    matterExternalId: "m",
    clientName: "Okafor Logistics, Inc.",
    connectionId: "c",
    connector: "docket",
    connectionState: "authorized",
    release: "automatic",
    postedDate: "payment_date",
    unreadMinor: 0n,
    ...change,
  };
}

const textOf = (candidates: Candidate[], payment: Parameters<typeof verdictOf>[0] = money) => {
  const verdict = verdictOf(payment, "20391", candidates);
  return "text" in verdict ? verdict.text : verdict.target.statementId;
};

describe("money for fees whose link named a number", () => {
  it.each([
    ["the only statement that has it", [candidate()]],
    ["one with a higher balance", [candidate({ balanceMinor: 90_000n })]],
    ["one with room beside what is on its way", [candidate({ balanceMinor: 90_000n, unreadMinor: 50_000n })]],
    ["the open one of two", [candidate({ statementId: "s0", state: "paid" }), candidate()]],
    [
      "the invoice, not the trust request of that number",
      [candidate({ statementId: "s0", kind: "trust_request" }), candidate()],
    ],
    ["the one in its currency", [candidate({ statementId: "s0", currency: "CAD" }), candidate()]],
    [
      "the one that is read still",
      [candidate({ statementId: "s0", connectionState: "disconnected" }), candidate()],
    ],
    [
      "one whose connection waits for a new authorisation",
      [candidate({ connectionState: "needs_authorization" })],
    ],
  ])("is for %s", (_which, candidates) => {
    expect(textOf(candidates)).toBe("s1");
  });

  it.each([
    ["no statement has it", [], "The link named the number 20391, but no statement has it."],
    [
      "it is gone",
      [candidate({ isDeleted: true })],
      "The link named the number 20391, but no statement has it.",
    ],
    [
      "two open ones have it",
      [candidate(), candidate({ statementId: "s2" })],
      "2 open statements have the number 20391.",
    ],
    ["it is paid", [candidate({ state: "paid" })], "Statement 20391, which the link named, is paid already."],
    ["it is void", [candidate({ state: "void" })], "Statement 20391, which the link named, is void."],
    [
      "nothing is open on it",
      [candidate({ balanceMinor: 0n })],
      "Statement 20391, which the link named, is not open any more.",
    ],
    [
      "it is in another currency",
      [candidate({ currency: "CAD" })],
      "Statement 20391, which the link named, is in CAD, the payment in USD.",
    ],
    [
      "it is a trust request",
      [candidate({ kind: "trust_request" })],
      "Trust request 20391 is what the link named, but the money went into an operating account.",
    ],
    [
      "less is open than was paid",
      [candidate({ balanceMinor: 39_999n })],
      "Only $399.99 is left on statement 20391, which the link named. The payment is $400.00.",
    ],
    [
      "others pay it just now",
      [candidate({ unreadMinor: 40_000n })],
      "Nothing is left on statement 20391, which the link named, with other payments on their way to it. The payment is $400.00.",
    ],
  ])("waits when %s", (_why, candidates, words) => {
    expect(textOf(candidates)).toBe(`${words} Choose the statement that it is for.`);
  });
});

describe("money in trust", () => {
  const trust = { ...money, account_kind: "trust" } as const;
  const request = { kind: "trust_request", number: "20391" } as const;

  it("always waits, with the request that seems meant", () => {
    expect(textOf([candidate(request)], trust)).toBe(
      "Money in trust is never laid on a request by itself. Trust request 20391 of matter 10482-003 Warehouse lease dispute has the number that the link named, and $400.00 open. Choose it if that is right.",
    );
  });

  it("is told apart from an invoice of that number", () => {
    expect(textOf([candidate()], trust)).toBe(
      "Statement 20391 is what the link named, but the money went into a trust account. Choose the statement that it is for.",
    );
  });
});
