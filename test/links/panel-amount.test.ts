import { describe, expect, it } from "vitest";
import { layPanelAmount } from "../../src/links/panel.ts";
import type { StatementFacts } from "../../src/statements/queries.ts";

describe("layPanelAmount", () => {
  const statement = (id: string, balanceMinor: bigint, kind: StatementFacts["kind"], dueOn: string) =>
    ({ id, balanceMinor, kind, dueOn, issuedOn: dueOn, currency: "USD", number: id }) as StatementFacts;
  const old = statement("old", 900n, "invoice", "2026-10-01");
  const late = statement("late", 2_500n, "invoice", "2026-11-01");
  const trust = statement("trust", 5_000n, "trust_request", "2026-09-01");
  const lay = (ticked: StatementFacts[], amount: bigint, offered = amount) => {
    const laid = layPanelAmount(ticked, amount, offered);
    return laid.ok ? laid.lines.map((line) => [line.statementId, line.amountMinor]) : laid.reason;
  };

  it("fills trust requests in full and then the oldest invoice first", () => {
    expect(lay([late, old], 1_000n, 3_400n)).toEqual([
      ["old", 900n],
      ["late", 100n],
    ]);
    expect(lay([old, trust], 5_100n, 5_900n)).toEqual([
      ["trust", 5_000n],
      ["old", 100n],
    ]);
    expect(lay([trust], 5_000n)).toEqual([["trust", 5_000n]]);
  });

  it("never fills a trust request in part", () => {
    expect(lay([trust], 4_000n, 5_000n)).toContain("asked for in full");
    expect(lay([old, trust], 800n, 5_900n)).toContain("asked for in full");
  });

  it("refuses nothing and too much", () => {
    expect(lay([old], 0n, 900n)).toBe("Enter an amount above zero");
    expect(lay([old], 901n, 900n)).toContain("or less");
  });
});
