import { sql } from "kysely";
import { together } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";

/** Until when nothing is written through a connection; undefined when it may be written now. */
export async function findHold(
  tx: Tx,
  firmId: string,
  connectionId: string,
  now: Date,
): Promise<Date | undefined> {
  const until = await heldUntil(tx, firmId, connectionId);
  return until !== undefined && until > now ? until : undefined;
}

const heldUntil = together(async (tx, firmId, connectionIds: readonly string[]) => {
  const rows = await tx
    .selectFrom("posting_hold")
    .select(["connection_id", "held_until"])
    .where("firm_id", "=", firmId)
    .where("connection_id", "in", [...new Set(connectionIds)])
    .execute();
  const byId = new Map(rows.map((row) => [row.connection_id, row.held_until]));
  return connectionIds.map((id) => byId.get(id));
});

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
export const endHold: (tx: Tx, firmId: string, connectionId: string) => Promise<void> = together(
  async (tx, firmId, connectionIds: readonly string[]) => {
    await tx
      .deleteFrom("posting_hold")
      .where("firm_id", "=", firmId)
      .where("connection_id", "in", [...new Set(connectionIds)].sort())
      .execute();
    return connectionIds.map(() => undefined);
  },
);
