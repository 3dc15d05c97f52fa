import { sumMinor } from "../base/money.ts";
import type { Tx } from "../db/tx.ts";
import { isOut } from "./dispute-state.ts";
import { type Laid, type LineLeft, layByItself, leftOf } from "./left.ts";
import { holdsMoney } from "./refund-state.ts";
import {
  type DisputeRow,
  listDisputes,
  listRefunds,
  listUndoneParts,
  type PartRow,
  type RefundRow,
} from "./undone-queries.ts";
import { listAllocations } from "./undone-read-queries.ts";

/** What is undone of a payment, and what is left of each of its parts. */
export type Undone = {
  refunds: RefundRow[];
  disputes: DisputeRow[];
  parts: PartRow[];
  /** In the order of the parts. What is reserved by a refund that was only asked for is not left. */
  lines: (LineLeft & { statementId: string | null; amountMinor: bigint })[];
};

/** Reads what is undone of a payment. The caller holds the payment's lock where something is decided by it. */
export async function readUndone(tx: Tx, firmId: string, paymentId: string): Promise<Undone> {
  const refunds = await listRefunds(tx, firmId, paymentId);
  const disputes = await listDisputes(tx, firmId, paymentId);
  const parts = await listUndoneParts(tx, firmId, paymentId);
  const allocations = await listAllocations(tx, firmId, paymentId);
  const taken = parts.filter((part) => isTaken(part, refunds, disputes));
  const left = new Map(leftOf(allocations, taken).map((line) => [line.allocationId, line.leftMinor]));
  const lines = allocations.map(({ id, statementId, amountMinor }) => ({
    allocationId: id,
    statementId,
    amountMinor,
    leftMinor: left.get(id) ?? 0n,
  }));
  return { refunds, disputes, parts, lines };
}

function isTaken(part: PartRow, refunds: readonly RefundRow[], disputes: readonly DisputeRow[]): boolean {
  const refund = refunds.find(({ id }) => id === part.refundId);
  const dispute = disputes.find(({ id }) => id === part.disputeId);
  return refund ? holdsMoney(refund.state) : dispute !== undefined && isOut(dispute.turn);
}

/**
 * On which parts something lies that was not asked for here. Undefined where a person must say it: it could be several, or another
 * refund that was only asked for may or may not come before it, or another one is not laid yet. `itself` is what is laid, where it is known
 * already; what lies of it on parts of the payment stays there.
 */
export async function layFromOutside(
  tx: Tx,
  firmId: string,
  paymentId: string,
  amountMinor: bigint,
  itself?: string,
): Promise<Laid | undefined> {
  const { refunds, disputes, parts } = await readUndone(tx, firmId, paymentId);
  const others = <Row extends { id: string }>(rows: readonly Row[]) => rows.filter(({ id }) => id !== itself);
  if (waitsForLines(others(refunds), others(disputes))) return undefined;
  const asked = refunds.filter(({ state }) => state === "requested").map(({ id }) => id);
  const certain = parts.filter(
    (part) => isTaken(part, refunds, disputes) && !asked.includes(part.refundId ?? ""),
  );
  const lines = leftOf(await listAllocations(tx, firmId, paymentId), certain);
  const rest = lines.reduce((sum, line) => sum + line.leftMinor, 0n);
  if (asked.length > 0 && amountMinor < rest) return undefined;
  return layByItself(amountMinor, lines);
}

/** How much of a refund or a dispute lies on parts of its payment. Minor units. */
export function laidOf(parts: readonly PartRow[], id: string): bigint {
  const own = parts.filter((part) => part.refundId === id || part.disputeId === id);
  return sumMinor(own.map((part) => part.amountMinor));
}

/** How much of what went back can lie on the lines: all of it, or all that is left. */
export function toLay(amountMinor: bigint, lines: readonly Pick<LineLeft, "leftMinor">[]): bigint {
  const restMinor = sumMinor(lines.map((line) => line.leftMinor));
  return amountMinor < restMinor ? amountMinor : restMinor;
}

/** Whether money is gone of which nobody has said yet on which parts it lies. */
export function waitsForLines(refunds: readonly RefundRow[], disputes: readonly DisputeRow[]): boolean {
  return (
    refunds.some((refund) => !refund.is_laid && holdsMoney(refund.state)) ||
    disputes.some((dispute) => !dispute.is_laid && isOut(dispute.turn))
  );
}
