import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";

/** Until when nothing is written through a connection; undefined when it may be written now. */
export async function findHold(
  tx: Tx,
  firmId: string,
  connectionId: string,
  now: Date,
): Promise<Date | undefined> {
  const row = await tx
    .selectFrom("posting_hold")
    .select("held_until")
    .where("firm_id", "=", firmId)
    .where("connection_id", "=", connectionId)
    .where("held_until", ">", now)
    .executeTakeFirst();
  return row?.held_until;
}

/** Holds what is to be written through a connection until an instant, never shorter than it is held already. */
export async function holdConnection(
  tx: Tx,
  firmId: string,
  connectionId: string,
  hold: { until: Date; reason: string; now: Date },
): Promise<void> {
  await tx
    .insertInto("posting_hold")
    .values({
      firm_id: firmId,
      connection_id: connectionId,
      held_until: hold.until,
      reason: hold.reason,
      since: hold.now,
    })
    .onConflict((conflict) =>
      conflict.columns(["firm_id", "connection_id"]).doUpdateSet({
        held_until: sql`greatest(posting_hold.held_until, excluded.held_until)`,
        reason: sql`excluded.reason`,
      }),
    )
    .execute();
}

/** Ends the hold of a connection: its system answered, or a member wants to try at once. */
export async function endHold(tx: Tx, firmId: string, connectionId: string): Promise<void> {
  await tx
    .deleteFrom("posting_hold")
    .where("firm_id", "=", firmId)
    .where("connection_id", "=", connectionId)
    .execute();
}
