import { sumMinor } from "../base/money.ts";

/** One part of a payment and what of it is still there. Minor units. */
export type LineLeft = { allocationId: string; leftMinor: bigint };
export type UndonePart = { allocationId: string; amountMinor: bigint };

/** What is left of each part of a payment, in the order of the parts. */
export function leftOf(
  allocations: readonly { id: string; amountMinor: bigint }[],
  taken: readonly UndonePart[],
): LineLeft[] {
  return allocations.map(({ id, amountMinor }) => {
    const undone = sumMinor(taken.filter((part) => part.allocationId === id).map((part) => part.amountMinor));
    return { allocationId: id, leftMinor: amountMinor > undone ? amountMinor - undone : 0n };
  });
}

export type Laid = { parts: UndonePart[]; excessMinor: bigint };

/**
 * Says on which parts an amount lies that nobody laid: on all that is left where it takes everything, on the only part that has
 * something left, or on the one part of which it is exactly the rest. Undefined where it could be several: then a person says it. What
 * goes beyond the whole rest is the excess.
 */
export function layByItself(amountMinor: bigint, lines: readonly LineLeft[]): Laid | undefined {
  const open = lines.filter((line) => line.leftMinor > 0n);
  const rest = sumMinor(open.map((line) => line.leftMinor));
  if (amountMinor >= rest) {
    const parts = open.map(({ allocationId, leftMinor }) => ({ allocationId, amountMinor: leftMinor }));
    return { parts, excessMinor: amountMinor - rest };
  }
  const [only, ...others] = open;
  if (only && others.length === 0)
    return { parts: [{ allocationId: only.allocationId, amountMinor }], excessMinor: 0n };
  const [exact, ...alsoExact] = open.filter((line) => line.leftMinor === amountMinor);
  if (exact && alsoExact.length === 0)
    return { parts: [{ allocationId: exact.allocationId, amountMinor }], excessMinor: 0n };
  return undefined;
}
