import type { Insertable, Selectable, Updateable } from "kysely";
import { isId } from "../base/id.ts";
import { insertRows } from "../db/rows.ts";
import type { Email } from "../db/schema.ts";
import { together } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";

export type EmailRow = Selectable<Email>;

type NewEmail = Insertable<Email> & { id: string };

/** Inserts unless the intent is there for this address. Returns whether it was new. */
export function insertEmailOnce(tx: Tx, row: NewEmail): Promise<boolean> {
  return insertedOnce(tx, row.firm_id, row);
}

const insertedOnce = together(async (tx, _firmId, rows: readonly NewEmail[]) => {
  const inserted = await insertRows(tx, "email", rows, { once: "email_intent_unique" });
  return inserted.map((row) => row !== undefined);
});

/** An email without locking it. */
export async function findEmail(tx: Tx, firmId: string, id: string): Promise<EmailRow | undefined> {
  if (!isId(id)) return undefined;
  return await tx
    .selectFrom("email")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** Locks an email until the transaction ends. Lock its links first. */
export function lockEmail(tx: Tx, firmId: string, id: string): Promise<EmailRow | undefined> {
  return tx
    .selectFrom("email")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
}

/** The email that the mail service calls by its own id. */
export function findEmailByMessage(tx: Tx, firmId: string, messageId: string): Promise<EmailRow | undefined> {
  return tx
    .selectFrom("email")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("message_id", "=", messageId)
    .executeTakeFirst();
}

export async function updateEmail(
  tx: Tx,
  firmId: string,
  id: string,
  change: Updateable<Email>,
): Promise<void> {
  await tx.updateTable("email").set(change).where("firm_id", "=", firmId).where("id", "=", id).execute();
}

/** The emails of one sending of a request. */
export function listEmailsOfIntent(tx: Tx, firmId: string, intent: string): Promise<EmailRow[]> {
  return tx
    .selectFrom("email")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("intent", "=", intent)
    .orderBy("to_address")
    .execute();
}

/** Whether there is such a firm; within its own transaction only. */
export async function isFirm(tx: Tx, firmId: string): Promise<boolean> {
  const row = await tx.selectFrom("firm").select("id").where("id", "=", firmId).executeTakeFirst();
  return row !== undefined;
}
