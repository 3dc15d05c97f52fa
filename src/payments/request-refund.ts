import { record } from "../audit/record.ts";
import { conflict, invalid } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { formatMoney } from "../base/money.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { lockName, type Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { demand } from "../web/env.ts";
import type { UndonePart } from "./left.ts";
import { AMOUNT_FIELD, noteFault, planParts, type TypedAmounts, whyNoRefund } from "./plan-refund.ts";
import type { PaymentRow } from "./queries.ts";
import { findTrustRoom, type TrustRoom } from "./trust-queries.ts";
import { readUndone } from "./undone-left.ts";
import {
  findRefund,
  insertRefund,
  insertUndoneParts,
  lockPayment,
  type RefundRow,
} from "./undone-queries.ts";

export type RefundInput = {
  paymentId: string;
  /** Made with the form: the same form sent twice is one refund. */
  refundId: string;
  amounts: TypedAmounts;
  note: string;
};

/** What a refund would be. Throws `invalid` by field, `conflict` where nothing can be refunded. Writes nothing. */
export function checkRefund(
  cx: MemberContext,
  input: Omit<RefundInput, "refundId">,
): Promise<{ parts: UndonePart[]; totalMinor: bigint }> {
  demand(cx, "payments.refund");
  return withFirm(cx.database, cx.firmId, async (tx) => {
    const payment = await lockPayment(tx, cx.firmId, input.paymentId);
    return await demandRefundable(tx, cx, payment, input);
  });
}

/**
 * Asks for a refund of a payment, by part: stored with its parts before the processor hears of it, which a job does. What is asked for
 * is taken off what is left at once, so that two at the same moment never give more than there is. The same `refundId` again returns the
 * refund that there is. Throws `invalid` by field, `conflict` where nothing can be refunded.
 */
export async function requestRefund(cx: MemberContext, input: RefundInput): Promise<RefundRow> {
  demand(cx, "payments.refund");
  if (!isId(input.refundId)) throw conflict("Open the form of the refund once more. Nothing was refunded.");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const payment = await lockPayment(tx, cx.firmId, input.paymentId);
    const known = await findRefund(tx, cx.firmId, input.refundId);
    if (known?.payment_id === payment.id) return known;
    const { parts, totalMinor } = await demandRefundable(tx, cx, payment, input);
    const refund = await insertRefund(tx, {
      firm_id: cx.firmId,
      id: input.refundId,
      payment_id: payment.id,
      origin: "firm",
      state: "requested",
      amount_minor: totalMinor,
      currency: payment.currency,
      note: input.note,
      requested_by: cx.actor.id,
      is_laid: true,
      created_at: cx.now(),
      updated_at: cx.now(),
    });
    await insertUndoneParts(tx, { firmId: cx.firmId, paymentId: payment.id, refundId: refund.id }, parts);
    await record(tx, cx, {
      action: "refund.requested",
      objectKind: "refund",
      objectId: refund.id,
      linkId: payment.link_id,
      after: {
        amountMinor: totalMinor,
        currency: payment.currency,
        payment: payment.reference,
        note: input.note,
        parts: parts.map((part) => ({ allocation: part.allocationId, amountMinor: part.amountMinor })),
      },
    });
    await enqueue(
      tx,
      "payments.askRefund",
      { firmId: cx.firmId, refundId: refund.id },
      { key: `refund:${refund.id}` },
    );
    return refund;
  });
}

async function demandRefundable(
  tx: Tx,
  cx: MemberContext,
  payment: PaymentRow,
  input: Pick<RefundInput, "amounts" | "note">,
): Promise<{ parts: UndonePart[]; totalMinor: bigint }> {
  const undone = await readUndone(tx, cx.firmId, payment.id);
  const refusal = whyNoRefund(payment, undone);
  if (refusal !== undefined) throw conflict(refusal);
  const { parts, totalMinor, errors } = planParts(undone.lines, input.amounts, payment.currency);
  if (payment.account_kind === "trust") Object.assign(errors, await trustFaults(tx, payment, parts));
  const fault = noteFault(input.note);
  if (fault !== undefined) errors.note = fault;
  if (Object.keys(errors).length > 0) throw invalid(errors);
  return { parts, totalMinor };
}

/** What was used up of a deposit would be refunded out of other clients' money. Trust refunds of a firm are decided one after the other. */
async function trustFaults(
  tx: Tx,
  payment: PaymentRow,
  parts: readonly UndonePart[],
): Promise<Record<string, string>> {
  await lockName(tx, `trust:${payment.firm_id}`);
  const faults: Record<string, string> = {};
  const planned = new Map<string, bigint>();
  for (const { allocationId, amountMinor } of parts) {
    const room = await findTrustRoom(tx, payment.firm_id, allocationId);
    if (!room) continue;
    const sum = (planned.get(room.matterNumber) ?? 0n) + amountMinor;
    planned.set(room.matterNumber, sum);
    if (sum + room.goingBackMinor <= room.heldMinor) continue;
    faults[`${AMOUNT_FIELD}${allocationId}`] =
      `Matter ${room.matterNumber} holds only ${roomWords(room, payment.currency)}. More would come out of other clients’ money`;
  }
  return faults;
}

function roomWords({ heldMinor, goingBackMinor }: TrustRoom, currency: string): string {
  const held = formatMoney({ minor: heldMinor, currency });
  if (goingBackMinor === 0n) return `${held} in trust`;
  return `${held} in trust, of which ${formatMoney({ minor: goingBackMinor, currency })} is on its way back already`;
}
