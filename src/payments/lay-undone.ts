import { record } from "../audit/record.ts";
import { conflict, invalid, notFound } from "../base/error.ts";
import { formatMoney } from "../base/money.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { demand } from "../web/env.ts";
import { isOut } from "./dispute-state.ts";
import { AMOUNT_FIELD, planParts, type TypedAmounts } from "./plan-refund.ts";
import { holdsMoney } from "./refund-state.ts";
import { readUndone } from "./undone-left.ts";
import {
  findDispute,
  findRefund,
  insertUndoneParts,
  lockPayment,
  updateDispute,
  updateRefund,
} from "./undone-queries.ts";

export type UndoneKind = "refund" | "dispute";

/** A refund or dispute that waits for a bookkeeper to say which lines it is for. */
export type Waiting = { kind: UndoneKind; id: string; paymentId: string; amountMinor: bigint };

/** What waits under this id; undefined when nothing does, or when it is known meanwhile. */
export async function findWaiting(
  tx: Tx,
  firmId: string,
  kind: UndoneKind,
  id: string,
): Promise<Waiting | undefined> {
  if (kind === "refund") {
    const refund = await findRefund(tx, firmId, id);
    if (!refund || refund.is_laid || !holdsMoney(refund.state)) return undefined;
    return { kind, id, paymentId: refund.payment_id, amountMinor: refund.amount_minor };
  }
  const dispute = await findDispute(tx, firmId, id);
  if (!dispute || dispute.is_laid || !isOut(dispute.turn)) return undefined;
  return { kind, id, paymentId: dispute.payment_id, amountMinor: dispute.amount_minor };
}

/**
 * Says on which parts of its payment a refund lies that was made at the processor itself, or a dispute over a part. The amounts must add
 * up to it. Throws `invalid` by field, `conflict` when somebody said it meanwhile.
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
    demandSum(plan, waiting.amountMinor, payment.currency, lines[0]?.allocationId ?? "");
    const about = { firmId: cx.firmId, paymentId: payment.id };
    const laid = { is_laid: true, updated_at: cx.now() };
    if (waiting.kind === "refund") {
      await insertUndoneParts(tx, { ...about, refundId: waiting.id }, plan.parts);
      await updateRefund(tx, cx.firmId, waiting.id, laid);
    } else {
      await insertUndoneParts(tx, { ...about, disputeId: waiting.id }, plan.parts);
      await updateDispute(tx, cx.firmId, waiting.id, laid);
    }
    await record(tx, cx, {
      action: `${waiting.kind}.laid`,
      objectKind: waiting.kind,
      objectId: waiting.id,
      linkId: payment.link_id,
      after: { amountMinor: waiting.amountMinor, currency: payment.currency, payment: payment.reference },
    });
    await enqueue(tx, "postings.reverse", { firmId: cx.firmId, paymentId: payment.id });
  });
}

function demandSum(
  plan: ReturnType<typeof planParts>,
  amountMinor: bigint,
  currency: string,
  firstLine: string,
): void {
  const errors = { ...plan.errors };
  if (Object.keys(errors).length === 0 && plan.totalMinor !== amountMinor) {
    const wanted = formatMoney({ minor: amountMinor, currency });
    const typed = formatMoney({ minor: plan.totalMinor, currency });
    errors[`${AMOUNT_FIELD}${firstLine}`] = `The lines must add up to ${wanted}. They add up to ${typed} now`;
  }
  if (Object.keys(errors).length > 0) throw invalid(errors);
}
