import { record } from "../audit/record.ts";
import { conflict, invalid, notFound } from "../base/error.ts";
import { formatMoney } from "../base/money.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { demand } from "../web/env.ts";
import { isOut } from "./dispute-state.ts";
import { layMore, layRest } from "./lay-rest.ts";
import { AMOUNT_FIELD, planParts, type TypedAmounts } from "./plan-refund.ts";
import { holdsMoney } from "./refund-state.ts";
import { laidOf, readUndone, toLay, type Undone } from "./undone-left.ts";
import {
  type DisputeRow,
  findDispute,
  findRefund,
  listUndoneParts,
  lockPayment,
  type RefundRow,
} from "./undone-queries.ts";

export type UndoneKind = "refund" | "dispute";

/** A refund or dispute that waits for a bookkeeper to say which lines it is for. */
export type Waiting = {
  kind: UndoneKind;
  paymentId: string;
  row: RefundRow | DisputeRow;
  /** How much of it lies on no line yet, and how much on some. */
  amountMinor: bigint;
  laidMinor: bigint;
};

/** What waits under this id; undefined when nothing does, or when it is known meanwhile. */
export async function findWaiting(
  tx: Tx,
  firmId: string,
  kind: UndoneKind,
  id: string,
): Promise<Waiting | undefined> {
  const row = await findOut(tx, firmId, kind, id);
  if (!row || row.is_laid) return undefined;
  const laidMinor = laidOf(await listUndoneParts(tx, firmId, row.payment_id), id);
  return { kind, paymentId: row.payment_id, row, amountMinor: row.amount_minor - laidMinor, laidMinor };
}

async function findOut(
  tx: Tx,
  firmId: string,
  kind: UndoneKind,
  id: string,
): Promise<RefundRow | DisputeRow | undefined> {
  if (kind === "refund") {
    const refund = await findRefund(tx, firmId, id);
    return refund && holdsMoney(refund.state) ? refund : undefined;
  }
  const dispute = await findDispute(tx, firmId, id);
  return dispute && isOut(dispute.turn) ? dispute : undefined;
}

/**
 * Says on which parts of its payment a refund lies that was made at the processor itself, or a dispute over a part. The amounts must add
 * up to it, or to all that is left of the payment where it went beyond that. What waited for this is laid too where it can only lie in
 * one way. Throws `invalid` by field, `conflict` when somebody said it meanwhile.
 */
export async function layUndone(
  cx: MemberContext,
  input: { paymentId: string; kind: UndoneKind; id: string; amounts: TypedAmounts },
): Promise<void> {
  demand(cx, "payments.refund");
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const payment = await lockPayment(tx, cx.firmId, input.paymentId);
    const waiting = await findWaiting(tx, cx.firmId, input.kind, input.id);
    if (!waiting) {
      const isKnown =
        (await findRefund(tx, cx.firmId, input.id)) ?? (await findDispute(tx, cx.firmId, input.id));
      throw isKnown ? conflict("Somebody said this meanwhile. Nothing was changed.") : notFound(input.kind);
    }
    if (waiting.paymentId !== payment.id) throw notFound(input.kind);
    const { lines } = await readUndone(tx, cx.firmId, payment.id);
    const plan = planParts(lines, input.amounts, payment.currency, "Enter what went back of this line");
    const wantedMinor = toLay(waiting.amountMinor, lines);
    const excessMinor = waiting.amountMinor - wantedMinor;
    demandSum(plan, { wantedMinor, excessMinor }, payment.currency, firstOpen(lines));
    await layMore(tx, cx, payment, waiting, { parts: plan.parts, excessMinor });
    await record(tx, cx, {
      action: `${waiting.kind}.laid`,
      objectKind: waiting.kind,
      objectId: waiting.row.id,
      linkId: payment.link_id,
      after: {
        amountMinor: wantedMinor,
        currency: payment.currency,
        payment: payment.reference,
        ...(excessMinor > 0n ? { excessMinor } : {}),
      },
    });
    await layRest(tx, cx, payment);
    await enqueue(tx, "postings.reverse", { firmId: cx.firmId, paymentId: payment.id });
  });
}

/** Where what is wrong with the sum is said. */
function firstOpen(lines: Undone["lines"]): string {
  return (lines.find((line) => line.leftMinor > 0n) ?? lines[0])?.allocationId ?? "";
}

function demandSum(
  plan: ReturnType<typeof planParts>,
  { wantedMinor, excessMinor }: { wantedMinor: bigint; excessMinor: bigint },
  currency: string,
  firstLine: string,
): void {
  const errors = { ...plan.errors };
  if (Object.keys(errors).length === 0 && plan.totalMinor !== wantedMinor) {
    const wanted = formatMoney({ minor: wantedMinor, currency });
    const typed = formatMoney({ minor: plan.totalMinor, currency });
    const all = excessMinor > 0n ? ", which is all that is left of the payment" : "";
    errors[`${AMOUNT_FIELD}${firstLine}`] =
      `The lines must add up to ${wanted}${all}. They add up to ${typed} now`;
  }
  if (Object.keys(errors).length > 0) throw invalid(errors);
}
