import { record } from "../audit/record.ts";
import { sumMinor } from "../base/money.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { isOut } from "./dispute-state.ts";
import type { Laid } from "./left.ts";
import type { PaymentRow } from "./queries.ts";
import type { UndoneChange } from "./record-undone.ts";
import { holdsMoney } from "./refund-state.ts";
import { laidOf, layFromOutside, readUndone, type Undone, waitsForLines } from "./undone-left.ts";
import {
  type DisputeRow,
  insertUndoneParts,
  listUndoneParts,
  type RefundRow,
  updateDispute,
  updateRefund,
} from "./undone-queries.ts";

type Row = RefundRow | DisputeRow;
/** A refund or a dispute, whichever it is. */
type Gone = { kind: "refund" | "dispute"; row: Row };

/**
 * Lays what found too little of its payment when it was laid, where some of that came back meanwhile, and what waited for another one
 * that is laid by now; in the order in which it went. What it takes lies nowhere else. Where it could lie on several parts, a person says
 * on which. While a refund is only asked for nothing is done: it takes what it asked for, or leaves it, and then this is looked at again.
 * The caller holds the payment's lock. Done again, it changes nothing.
 */
export async function layRest(tx: Tx, who: FirmContext, payment: PaymentRow): Promise<UndoneChange> {
  const undone = await readUndone(tx, who.firmId, payment.id);
  if (undone.refunds.some(({ state }) => state === "requested")) return "none";
  const changes: UndoneChange[] = [];
  for (const gone of goneOf(undone)) changes.push(await layOne(tx, who, payment, gone));
  if (changes.includes("money")) return "money";
  return changes.includes("word") ? "word" : "none";
}

/** What is gone and not wholly laid, the earliest first. */
function goneOf({ refunds, disputes }: Undone): Gone[] {
  const all: Gone[] = [
    ...refunds
      .filter((row) => holdsMoney(row.state) && (!row.is_laid || isOut(row.turn)))
      .map((row) => ({ kind: "refund" as const, row })),
    ...disputes.filter((row) => isOut(row.turn)).map((row) => ({ kind: "dispute" as const, row })),
  ];
  return all
    .filter(({ row }) => !row.is_laid || row.excess_minor > 0n)
    .sort((one, other) => momentOf(one.row) - momentOf(other.row));
}

function momentOf(row: Row): number {
  return (row.moved_at ?? row.created_at).getTime();
}

async function layOne(tx: Tx, who: FirmContext, payment: PaymentRow, gone: Gone): Promise<UndoneChange> {
  const { kind, row } = gone;
  const { refunds, disputes, parts } = await readUndone(tx, who.firmId, payment.id);
  const others = <Each extends Row>(rows: readonly Each[]) => rows.filter(({ id }) => id !== row.id);
  if (waitsForLines(others(refunds), others(disputes))) return "none";
  const unlaidMinor = row.is_laid ? row.excess_minor : row.amount_minor - laidOf(parts, row.id);
  const laid = await layFromOutside(tx, who.firmId, payment.id, unlaidMinor, row.id);
  if (!laid) return row.is_laid ? await askPerson(tx, who, gone) : "none";
  if (row.is_laid && laid.parts.length === 0) return "none";
  await layMore(tx, who, payment, gone, laid);
  const laidMinor = sumMinor(laid.parts.map((part) => part.amountMinor));
  await record(
    tx,
    { ...who, actor: { kind: "system", name: "Send for Payment" } },
    {
      action: `${kind}.laid`,
      objectKind: kind,
      objectId: row.id,
      linkId: payment.link_id,
      after: {
        amountMinor: laidMinor,
        currency: payment.currency,
        payment: payment.reference,
        ...(laid.excessMinor > 0n ? { excessMinor: laid.excessMinor } : {}),
      },
    },
  );
  return laid.parts.length > 0 ? "money" : "word";
}

/** What came back is of several parts, and this took only some of it: nobody but a person knows of which. */
async function askPerson(tx: Tx, who: FirmContext, { kind, row }: Gone): Promise<UndoneChange> {
  const change = { is_laid: false, excess_minor: 0n, updated_at: who.now() };
  if (kind === "refund") await updateRefund(tx, who.firmId, row.id, change);
  else await updateDispute(tx, who.firmId, row.id, change);
  return "word";
}

/**
 * Lays more of a refund or a dispute on parts of its payment, beside what lies there already. What was laid before may be reversed
 * already: its money then counts as having moved once more, since an entry has one reversal for each time.
 */
export async function layMore(
  tx: Tx,
  who: FirmContext,
  payment: Pick<PaymentRow, "id">,
  { kind, row }: Gone,
  laid: Laid,
): Promise<void> {
  const known = laidOf(await listUndoneParts(tx, who.firmId, payment.id), row.id);
  const isFurther = isOut(row.turn) && laid.parts.length > 0 && (row.is_laid || known > 0n);
  const change = {
    is_laid: true,
    excess_minor: laid.excessMinor,
    ...(isFurther ? { turn: row.turn + 2, moved_at: who.now() } : {}),
    updated_at: who.now(),
  };
  const about = { firmId: who.firmId, paymentId: payment.id };
  if (kind === "refund") {
    await insertUndoneParts(tx, { ...about, refundId: row.id }, laid.parts);
    await updateRefund(tx, who.firmId, row.id, change);
  } else {
    await insertUndoneParts(tx, { ...about, disputeId: row.id }, laid.parts);
    await updateDispute(tx, who.firmId, row.id, change);
  }
}
