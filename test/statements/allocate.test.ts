import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sumMinor } from "../../src/base/money.ts";
import { inOrder, SPREAD_ORDERS, type SpreadLine, spread } from "../../src/statements/allocate.ts";

const day = fc
  .date({ min: new Date("2020-01-01"), max: new Date("2030-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const lines = fc
  .array(
    fc.record({
      kind: fc.constantFrom("invoice" as const, "invoice" as const, "trust_request" as const),
      balanceMinor: fc.bigInt({ min: -5n, max: 10n ** 16n }),
      dueOn: fc.option(day, { nil: null }),
      issuedOn: day,
    }),
    { maxLength: 40 },
  )
  .map((items): SpreadLine[] => items.map((item, index) => ({ ...item, id: `line-${index}` })));
const order = fc.constantFrom(...SPREAD_ORDERS);

function most(items: readonly SpreadLine[]): bigint {
  return sumMinor(
    items
      .filter((item) => item.kind === "invoice" && item.balanceMinor > 0n)
      .map((item) => item.balanceMinor),
  );
}

describe("spreading a total", () => {
  it("adds up to the total, never above a balance, never below zero, never on trust", () => {
    fc.assert(
      fc.property(lines, order, fc.bigInt({ min: 1n, max: 10n ** 17n }), (items, by, wanted) => {
        const sum = most(items);
        fc.pre(sum > 0n);
        const total = (wanted % sum) + 1n;
        const result = spread(items, total, by);
        if (!result.ok) return false;
        expect(sumMinor(result.amounts.values())).toBe(total);
        for (const item of items) {
          const amount = result.amounts.get(item.id);
          if (item.kind === "trust_request" || item.balanceMinor <= 0n) expect(amount).toBeUndefined();
          else expect(amount !== undefined && amount >= 0n && amount <= item.balanceMinor).toBe(true);
        }
        return true;
      }),
    );
  });

  it("fills each line before the next in the order", () => {
    fc.assert(
      fc.property(lines, order, fc.bigInt({ min: 1n, max: 10n ** 17n }), (items, by, wanted) => {
        const sum = most(items);
        fc.pre(sum > 0n);
        const result = spread(items, (wanted % sum) + 1n, by);
        if (!result.ok) return false;
        let isOver = false;
        for (const item of inOrder(items, by)) {
          const amount = result.amounts.get(item.id);
          if (amount === undefined) continue;
          if (isOver) expect(amount).toBe(0n);
          if (amount < item.balanceMinor) isOver = true;
        }
        return true;
      }),
    );
  });

  it("puts the oldest due day first, the newest first, or leaves the order as it is shown", () => {
    const line = (id: string, dueOn: string | null, issuedOn: string): SpreadLine => ({
      id,
      kind: "invoice",
      balanceMinor: 100n,
      dueOn,
      issuedOn,
    });
    const items = [
      line("b", "2026-10-14", "2026-09-14"),
      line("c", null, "2026-11-02"),
      line("a", "2026-09-13", "2026-08-14"),
    ];
    const ids = (by: (typeof SPREAD_ORDERS)[number]) =>
      inOrder(items, by)
        .map((item) => item.id)
        .join("");
    expect([ids("oldest"), ids("newest"), ids("shown")]).toEqual(["abc", "cba", "bca"]);
  });

  it("says why it cannot", () => {
    const trust: SpreadLine = {
      id: "t",
      kind: "trust_request",
      balanceMinor: 5n,
      dueOn: null,
      issuedOn: "2026-11-01",
    };
    const invoice: SpreadLine = { ...trust, id: "i", kind: "invoice" };
    expect(spread([invoice], 0n, "oldest")).toEqual({ ok: false, fault: "not_positive" });
    expect(spread([invoice], -1n, "oldest")).toEqual({ ok: false, fault: "not_positive" });
    expect(spread([trust], 1n, "oldest")).toEqual({ ok: false, fault: "no_invoices" });
    expect(spread([invoice, trust], 6n, "oldest")).toEqual({
      ok: false,
      fault: "above_balances",
      mostMinor: 5n,
    });
  });
});
