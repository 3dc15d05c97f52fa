import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import type { UndoneFacts } from "../stripe/undone.ts";
import { layRest } from "./lay-rest.ts";
import type { PaymentRow } from "./queries.ts";
import { recordDispute } from "./record-dispute.ts";
import { recordRefund } from "./record-refund.ts";
import { listDisputes, listRefunds, lockPayment } from "./undone-queries.ts";

/** `money`: it went or came back, so that postings follow. `word`: only the state or what is known of it changed. */
export type UndoneChange = "none" | "word" | "money";

/**
 * Writes what the processor says was undone of a payment, in the caller's transaction, which holds the link's lock. Our books follow the
 * account's balance there: a refund or a dispute counts from the moment at which the money left it, and no more once it is back. What
 * comes back of one may be what another one took as well: that is laid on it then. Told again, it changes nothing. Returns whether anything is new.
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
  changes.push(await layRest(tx, who, locked));
  const moves = changes.filter((change) => change === "money").length;
  const job = { firmId: who.firmId, paymentId: locked.id };
  if (moves > 0) await enqueue(tx, "postings.reverse", job);
  // A reversal that is not needed any more is set aside first; what else is to be reversed of its entry follows after that.
  if (moves > 1) await enqueue(tx, "postings.reverse", job);
  return changes.some((change) => change !== "none");
}
