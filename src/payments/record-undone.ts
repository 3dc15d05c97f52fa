import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import type { UndoneFacts } from "../stripe/undone.ts";
import type { PaymentRow } from "./queries.ts";
import { recordDispute } from "./record-dispute.ts";
import { recordRefund } from "./record-refund.ts";
import { listDisputes, listRefunds, lockPayment } from "./undone-queries.ts";

/** `money`: it went or came back, so that postings follow. `word`: only the state or what is known of it changed. */
export type UndoneChange = "none" | "word" | "money";

/**
 * Writes what the processor says was undone of a payment, in the caller's transaction, which holds the link's lock. Our books follow the
 * account's balance there: a refund or a dispute counts from the moment at which the money left it, and no more once it is back. Told
 * again, it changes nothing. Returns whether anything is new.
 */
export async function recordUndone(
  tx: Tx,
  who: FirmContext,
  payment: Pick<PaymentRow, "id">,
  facts: UndoneFacts | undefined,
): Promise<boolean> {
  if (!facts) return false;
  const locked = await lockPayment(tx, who.firmId, payment.id);
  const changes: UndoneChange[] = [];
  for (const fact of facts.refunds) {
    const known = await listRefunds(tx, who.firmId, locked.id);
    changes.push(await recordRefund(tx, who, locked, known, fact));
  }
  for (const fact of facts.disputes) {
    const known = await listDisputes(tx, who.firmId, locked.id);
    changes.push(await recordDispute(tx, who, locked, known, fact));
  }
  if (changes.includes("money"))
    await enqueue(tx, "postings.reverse", { firmId: who.firmId, paymentId: locked.id });
  return changes.some((change) => change !== "none");
}
