import { sumMinor } from "../base/money.ts";

/** What came, what of it left the account again, and what of that is disputed and may come back. Minor units. */
export type Sums = { cameMinor: bigint; goneMinor: bigint; disputedMinor: bigint };
/** One part of a payment. `statementId` is null where it lies on no statement. */
export type ReceivedPart = Sums & { statementId: string | null };
/** All that came on a link. What went back counts here also while nobody has said yet on which parts it lies. */
export type Received = Sums & { parts: readonly ReceivedPart[] };

/** What is there of it, in minor units. */
export function keptMinor(sums: Sums): bigint {
  return sums.cameMinor - sums.goneMinor;
}

/**
 * What of an amount can be asked for anew, in minor units: what is not there, without what the payer's bank has not decided about. That
 * would be paid twice if the firm wins it back.
 */
export function owedMinor(askedMinor: bigint, sums: Sums): bigint {
  const owed = askedMinor - keptMinor(sums) - sums.disputedMinor;
  return owed > 0n ? owed : 0n;
}

/** What lies on one statement. */
export function sumsOn(received: Received, statementId: string): Sums {
  const parts = received.parts.filter((part) => part.statementId === statementId);
  return {
    cameMinor: sumMinor(parts.map((part) => part.cameMinor)),
    goneMinor: sumMinor(parts.map((part) => part.goneMinor)),
    disputedMinor: sumMinor(parts.map((part) => part.disputedMinor)),
  };
}

/** What went back of which nobody has said yet for which statements it was, in minor units. */
export function unlaidMinor(received: Received): bigint {
  return received.goneMinor - sumMinor(received.parts.map((part) => part.goneMinor));
}
