import { sumMinor } from "../base/money.ts";

/** In which order a total is laid on lines. `shown` is the order in which they are given. */
export const SPREAD_ORDERS = ["oldest", "newest", "shown"] as const;
export type SpreadOrder = (typeof SPREAD_ORDERS)[number];

export type SpreadLine = {
  id: string;
  kind: "invoice" | "trust_request";
  /** What is open, in minor units; nothing is laid on a line with less than one. */
  balanceMinor: bigint;
  /** `YYYY-MM-DD`: by the due date, or the date of issue where there is none. */
  dueOn: string | null;
  issuedOn: string;
};

type Spread =
  | { ok: true; amounts: ReadonlyMap<string, bigint> }
  | { ok: false; fault: "no_invoices" | "not_positive" }
  | { ok: false; fault: "above_balances"; mostMinor: bigint };

/**
 * Lays a total (minor units) on invoices, each in full before the next in the order, the last one in part; those that are not
 * reached get 0. Trust requests are never filled automatically and are not in the result. The amounts add up to the total exactly.
 */
export function spread(lines: readonly SpreadLine[], totalMinor: bigint, order: SpreadOrder): Spread {
  if (totalMinor <= 0n) return { ok: false, fault: "not_positive" };
  const invoices = inOrder(
    lines.filter((line) => line.kind === "invoice" && line.balanceMinor > 0n),
    order,
  );
  if (invoices.length === 0) return { ok: false, fault: "no_invoices" };
  const mostMinor = sumMinor(invoices.map((line) => line.balanceMinor));
  if (totalMinor > mostMinor) return { ok: false, fault: "above_balances", mostMinor };
  const amounts = new Map<string, bigint>();
  let left = totalMinor;
  for (const line of invoices) {
    const isEnough = left >= line.balanceMinor;
    const amount = isEnough ? line.balanceMinor : left;
    amounts.set(line.id, amount);
    left -= amount;
  }
  return { ok: true, amounts };
}

/** The lines in the order of a spread. Lines of one day stay as they are shown. */
export function inOrder<Line extends SpreadLine>(lines: readonly Line[], order: SpreadOrder): Line[] {
  if (order === "shown") return [...lines];
  const direction = order === "oldest" ? 1 : -1;
  return lines.toSorted((one, other) => direction * compareText(dayOf(one), dayOf(other)));
}

function dayOf(line: SpreadLine): string {
  return line.dueOn ?? line.issuedOn;
}

function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
