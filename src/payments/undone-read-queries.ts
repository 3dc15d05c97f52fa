import type { Tx } from "../db/tx.ts";

export type AllocationFacts = { id: string; statementId: string | null; amountMinor: bigint };

/** The parts of a payment in their order. */
export function listAllocations(tx: Tx, firmId: string, paymentId: string): Promise<AllocationFacts[]> {
  return tx
    .selectFrom("payment_allocation")
    .select(["id", "statement_id as statementId", "amount_minor as amountMinor"])
    .where("firm_id", "=", firmId)
    .where("payment_id", "=", paymentId)
    .orderBy("position")
    .execute();
}

/** Takes away on which parts a dispute lay: its money is gone once more, and other money may have gone meanwhile. */
export async function deleteDisputeParts(tx: Tx, firmId: string, disputeId: string): Promise<void> {
  await tx
    .deleteFrom("undone_part")
    .where("firm_id", "=", firmId)
    .where("dispute_id", "=", disputeId)
    .execute();
}
