import type { Tx } from "../db/tx.ts";

/** How many alarms about client money are open (see deposits/discrepancy-queries.ts, which owns them). */
export async function countTrustAlarms(tx: Tx, firmId: string): Promise<number> {
  const row = await tx
    .selectFrom("discrepancy")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("firm_id", "=", firmId)
    .where("kind", "in", ["trust_fee", "trust_dispute"])
    .where("closed_at", "is", null)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
