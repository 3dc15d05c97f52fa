import type { Tx } from "../db/tx.ts";

/** When something was last looked at: `payouts:<account>`, `account:<account>`, `connection:<connection>` or `books`. */
type Look = { ranAt: Date | null; cursor: string | null; failure: string | null };

export async function findLook(tx: Tx, firmId: string, subject: string): Promise<Look | undefined> {
  const row = await tx
    .selectFrom("comparison")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("subject", "=", subject)
    .executeTakeFirst();
  return row && { ranAt: row.ran_at, cursor: row.cursor, failure: row.failure };
}

/** Keeps when something was looked at, and where the next look goes on. */
export async function keepLook(
  tx: Tx,
  firmId: string,
  subject: string,
  look: { ranAt: Date; cursor?: string | undefined },
): Promise<void> {
  const change = { ran_at: look.ranAt, cursor: look.cursor ?? null, failure: null };
  await tx
    .insertInto("comparison")
    .values({ firm_id: firmId, subject, ...change })
    .onConflict((conflict) => conflict.columns(["firm_id", "subject"]).doUpdateSet(change))
    .execute();
}

/** Keeps why a look came to nothing. What was seen before stays seen. */
export async function keepFailure(tx: Tx, firmId: string, subject: string, failure: string): Promise<void> {
  await tx
    .insertInto("comparison")
    .values({ firm_id: firmId, subject, failure })
    .onConflict((conflict) => conflict.columns(["firm_id", "subject"]).doUpdateSet({ failure }))
    .execute();
}

/** The looks of a firm that a page tells of. */
export async function listLooks(tx: Tx, firmId: string): Promise<(Look & { subject: string })[]> {
  const rows = await tx
    .selectFrom("comparison")
    .selectAll()
    .where("firm_id", "=", firmId)
    .orderBy("subject")
    .execute();
  return rows.map((row) => ({
    subject: row.subject,
    ranAt: row.ran_at,
    cursor: row.cursor,
    failure: row.failure,
  }));
}
