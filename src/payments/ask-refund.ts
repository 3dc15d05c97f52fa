import { record } from "../audit/record.ts";
import { newId } from "../base/id.ts";
import type { Context, FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { ProcessorError } from "../stripe/port.ts";
import { KEY_REUSED } from "../stripe/refusal.ts";
import type { PaymentRow } from "./queries.ts";
import { canMoveRefund } from "./refund-state.ts";
import { refusalWords } from "./refund-words.ts";
import { settlePayment } from "./settle.ts";
import { tellOfFailedRefund } from "./tell-refund.ts";
import { findRefund, lockPayment, type RefundRow, updateRefund } from "./undone-queries.ts";

type Asking = { refund: RefundRow; payment: PaymentRow; mayBeMade: boolean };

/**
 * Asks the processor for a stored refund, once in all. The row's id is the idempotency key, which the processor keeps for a day; a later
 * try looks there first. What the processor answers, or what it made while its answer was lost, is read with the payment and written by
 * the same way as all else. Done again, it makes no second refund.
 */
export async function askRefund(cx: Context, input: { firmId: string; refundId: string }): Promise<void> {
  const { firmId } = input;
  const actor = { kind: "system", name: "Send for Payment" } as const;
  const who: FirmContext = { ...cx, firmId, actor, requestId: newId() };
  const asking = await begin(who, input.refundId);
  if (!asking) return;
  const { payment } = asking;
  const subject = {
    firmId,
    processorAccount: payment.processor_account,
    paymentIntentId: payment.payment_intent_id,
  };
  if (!(asking.mayBeMade && (await isMade(cx, asking)))) {
    const refusal = await ask(cx, asking);
    if (refusal) return await refuse(who, asking, refusal);
  }
  await settlePayment(cx, subject);
}

/** Notes that the processor is asked, before it is; undefined when there is nothing to ask any more. */
function begin(who: FirmContext, refundId: string): Promise<Asking | undefined> {
  return withFirm(who.database, who.firmId, async (tx) => {
    const seen = await findRefund(tx, who.firmId, refundId);
    if (!seen) return undefined;
    const payment = await lockPayment(tx, who.firmId, seen.payment_id);
    const refund = await findRefund(tx, who.firmId, refundId);
    if (refund?.state !== "requested") return undefined;
    const now = who.now();
    await updateRefund(tx, who.firmId, refund.id, { asked_at: refund.asked_at ?? now, read_at: now });
    return { refund, payment, mayBeMade: refund.asked_at !== null };
  });
}

async function isMade(cx: Context, { refund, payment }: Asking): Promise<boolean> {
  const { refunds } = await cx.processor.findUndone(payment.processor_account, payment.payment_intent_id);
  return refunds.some((each) => each.ourId === refund.id);
}

/** Returns what the processor refused it with; undefined when the refund is made. */
async function ask(cx: Context, { refund, payment }: Asking): Promise<ProcessorError | undefined> {
  try {
    await cx.processor.createRefund({
      refundId: refund.id,
      processorAccount: payment.processor_account,
      paymentIntentId: payment.payment_intent_id,
      amountMinor: refund.amount_minor,
      isDuplicate: payment.is_surplus,
    });
    return undefined;
  } catch (error) {
    const isRefusal =
      error instanceof ProcessorError &&
      (error.kind === "rejected" || error.kind === "missing") &&
      error.code !== KEY_REUSED;
    if (isRefusal) return error;
    throw error;
  }
}

async function refuse(who: FirmContext, asking: Asking, refusal: ProcessorError): Promise<void> {
  const reason = refusalWords(refusal.code);
  await withFirm(who.database, who.firmId, async (tx) => {
    const payment = await lockPayment(tx, who.firmId, asking.payment.id);
    const refund = await findRefund(tx, who.firmId, asking.refund.id);
    if (!refund || !canMoveRefund(refund.state, "refused") || refund.processor_refund_id !== null) return;
    const refused = await updateRefund(tx, who.firmId, refund.id, {
      state: "refused",
      failure_reason: reason,
      updated_at: who.now(),
    });
    await tellOfFailedRefund(tx, refused);
    await record(tx, who, {
      action: "refund.refused",
      objectKind: "refund",
      objectId: refund.id,
      linkId: payment.link_id,
      before: { state: refund.state },
      after: {
        state: "refused",
        amountMinor: refund.amount_minor,
        currency: refund.currency,
        payment: payment.reference,
        reason,
        code: refusal.code,
      },
    });
  });
  // What we knew of the payment may be why: it is read again.
  const { payment_intent_id: paymentIntentId, processor_account: processorAccount } = asking.payment;
  await settlePayment(who, { firmId: who.firmId, processorAccount, paymentIntentId });
}
