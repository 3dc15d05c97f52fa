export type Line = { statementId: string; amountMinor: bigint };
export type Allocation = { statementId: string | null; amountMinor: bigint };

/**
 * Lays an amount on statements in the given order, each up to its line. What is left, and everything where there are no lines, lies on
 * no statement: a person says what it is for. The parts always add up to the amount, which must be above zero. Minor units.
 */
export function allocate(amountMinor: bigint, lines: readonly Line[]): Allocation[] {
  const parts: Allocation[] = [];
  let left = amountMinor;
  for (const line of lines) {
    if (left === 0n) break;
    const isEnough = left >= line.amountMinor;
    parts.push({ statementId: line.statementId, amountMinor: isEnough ? line.amountMinor : left });
    left -= isEnough ? line.amountMinor : left;
  }
  return left > 0n ? [...parts, { statementId: null, amountMinor: left }] : parts;
}
