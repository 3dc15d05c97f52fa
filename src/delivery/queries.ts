import type { Insertable, Selectable } from "kysely";
import type { Email } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

export type EmailRow = Selectable<Email>;

/** Inserts unless the intent is there for this address. Returns whether it was new. */
export async function insertEmailOnce(tx: Tx, row: Insertable<Email>): Promise<boolean> {
  const inserted = await tx
    .insertInto("email")
    .values(row)
    .onConflict((conflict) => conflict.constraint("email_intent_unique").doNothing())
    .returning("id")
    .executeTakeFirst();
  return inserted !== undefined;
}
