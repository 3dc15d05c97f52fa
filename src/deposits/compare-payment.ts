import type { DiscrepancyKind } from "./discrepancy-queries.ts";

/** What one side says of a payment. Minor units. */
export type Side = {
  amountMinor: bigint;
  feeMinor: bigint;
  refundedMinor: bigint;
  dispute: "none" | "open" | "won" | "lost";
  hasSucceeded: boolean;
};

type Difference = { kind: DiscrepancyKind; facts: Record<string, string | null> };

/** Everything that can be said of a payment of which both sides were looked at. */
export const PAYMENT_KINDS = [
  "payment_missing",
  "payment_unknown",
  "payment_differs",
  "refund_differs",
  "dispute_differs",
] as const satisfies readonly DiscrepancyKind[];

/**
 * Holds our books and the processor against each other. `theirs` is undefined where the processor has no such payment. A payment that
 * neither side has taken is no difference.
 */
export function comparePayment(ours: Side | undefined, theirs: Side | undefined): Difference[] {
  const weHave = ours?.hasSucceeded === true;
  const theyHave = theirs?.hasSucceeded === true;
  if (!weHave && !theyHave) return [];
  if (!weHave) return [{ kind: "payment_missing", facts: { theirsMinor: text(theirs?.amountMinor) } }];
  if (!theyHave || !ours || !theirs)
    return [{ kind: "payment_unknown", facts: { oursMinor: text(ours?.amountMinor) } }];
  return [
    ...differs("payment_differs", { Minor: "amountMinor", FeeMinor: "feeMinor" }, ours, theirs),
    ...differs("refund_differs", { Minor: "refundedMinor" }, ours, theirs),
    ...differs("dispute_differs", { "": "dispute" }, ours, theirs),
  ];
}

function differs(
  kind: DiscrepancyKind,
  fields: Record<string, keyof Side>,
  ours: Side,
  theirs: Side,
): Difference[] {
  const entries = Object.entries(fields);
  if (entries.every(([, field]) => ours[field] === theirs[field])) return [];
  const facts = entries.flatMap(([suffix, field]) => [
    [`ours${suffix}`, String(ours[field])],
    [`theirs${suffix}`, String(theirs[field])],
  ]);
  return [{ kind, facts: Object.fromEntries(facts) }];
}

function text(minor: bigint | undefined): string | null {
  return minor === undefined ? null : String(minor);
}
