import { sumMinor } from "../base/money.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { KINDS } from "./detail-queries.ts";
import {
  countDisagreeing,
  listPackDeposits,
  listPackLines,
  type PackDeposit,
  type PackLine,
  type PackScope,
  type PackSums,
  sumPackLines,
  sumWaiting,
} from "./pack-queries.ts";

/** Differences that the page names; the workbook holds all of them. */
const NAMED_LIMIT = 50;

export type Pack = {
  scope: PackScope;
  /** Those that reached the bank, and those that did not. */
  deposits: PackDeposit[];
  notArrived: PackDeposit[];
  kinds: (PackSums & { kind: PackLine["kind"] })[];
  total: PackTotal;
  waiting: { count: number; amountMinor: bigint };
  /** The first movements on which the three sides differ. */
  differing: PackLine[];
};

/** The three sides as sums, in minor units. */
type PackTotal = {
  bankMinor: bigint;
  linesMinor: bigint;
  oursMinor: bigint;
  toPostMinor: bigint;
  postedMinor: bigint;
  /** The bank less our books; what was to be posted less what is. */
  bankDifferenceMinor: bigint;
  postedDifferenceMinor: bigint;
  differing: number;
  /** Deposits of which the processor does not, or not yet, say what they are made of. */
  untold: number;
  /** Entries that the matter system shows otherwise than we wrote them, or no more. */
  disagreeing: number;
};

/** Holds the bank, our books and the matter system against each other, over the deposits that arrived in some days. */
export async function readPack(cx: MemberContext, scope: PackScope, timeZone: string): Promise<Pack> {
  demand(cx, "deposits.see");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const all = await listPackDeposits(tx, cx.firmId, scope);
    const deposits = all.filter(({ state }) => state === "paid");
    const sums = await sumPackLines(tx, cx.firmId, scope);
    return {
      scope,
      deposits,
      notArrived: all.filter(({ state }) => state !== "paid"),
      kinds: sums.sort((one, other) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind)),
      total: { ...totalOf(deposits, sums), disagreeing: await countDisagreeing(tx, cx.firmId, scope) },
      waiting: await sumWaiting(tx, cx.firmId, scope, timeZone),
      differing: await listPackLines(tx, cx.firmId, scope, { differing: true, limit: NAMED_LIMIT }),
    };
  });
}

function totalOf(
  deposits: readonly PackDeposit[],
  sums: readonly PackSums[],
): Omit<PackTotal, "disagreeing"> {
  const bankMinor = sumMinor(deposits.map((deposit) => deposit.amount_minor));
  const oursMinor = sumMinor(sums.map((sum) => sum.oursMinor));
  const toPostMinor = sumMinor(sums.map((sum) => sum.toPostMinor));
  const postedMinor = sumMinor(sums.map((sum) => sum.postedMinor));
  return {
    bankMinor,
    linesMinor: sumMinor(sums.map((sum) => sum.netMinor)),
    oursMinor,
    toPostMinor,
    postedMinor,
    bankDifferenceMinor: bankMinor - oursMinor,
    postedDifferenceMinor: toPostMinor - postedMinor,
    differing: sums.reduce((count, sum) => count + sum.differing, 0),
    untold: deposits.filter(({ contents }) => contents !== "complete").length,
  };
}

/** Whether all three sides say the same, line by line. */
export function packTies({ total }: Pack): boolean {
  return (
    total.bankDifferenceMinor === 0n &&
    total.postedDifferenceMinor === 0n &&
    total.differing === 0 &&
    total.untold === 0 &&
    total.disagreeing === 0
  );
}

/** Why a movement differs, in words. */
export function lineReason(line: PackLine): string {
  const parts: string[] = [];
  if (line.problem !== null && line.note === null) parts.push("Not explained by our books.");
  if (line.postedMinor !== null && line.postedMinor !== line.gross_minor)
    parts.push(line.reason ?? "No posting stands for it.");
  return parts.join(" ");
}
