import { type Insertable, type Selectable, sql, type Updateable } from "kysely";
import type { Connection } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

export type ConnectionRow = Selectable<Connection>;

/** A connection of the firm; undefined when there is none. */
export function findConnection(tx: Tx, firmId: string, id: string): Promise<ConnectionRow | undefined> {
  return tx
    .selectFrom("connection")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** The same, locked until the transaction ends. */
export function lockConnection(tx: Tx, firmId: string, id: string): Promise<ConnectionRow | undefined> {
  return tx
    .selectFrom("connection")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
}

/** The firm's connection to one account at a vendor, locked. */
export function lockConnectionOfAccount(
  tx: Tx,
  firmId: string,
  account: { connector: string; externalAccountId: string },
): Promise<ConnectionRow | undefined> {
  return tx
    .selectFrom("connection")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("connector", "=", account.connector)
    .where("external_account_id", "=", account.externalAccountId)
    .forUpdate()
    .executeTakeFirst();
}

/** All connections of the firm, oldest first. */
export function listConnectionRows(tx: Tx, firmId: string): Promise<ConnectionRow[]> {
  return tx
    .selectFrom("connection")
    .selectAll()
    .where("firm_id", "=", firmId)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
}

export async function insertConnection(tx: Tx, row: Insertable<Connection>): Promise<void> {
  await tx.insertInto("connection").values(row).execute();
}

export async function updateConnection(
  tx: Tx,
  firmId: string,
  id: string,
  change: Updateable<Connection>,
): Promise<void> {
  await tx.updateTable("connection").set(change).where("firm_id", "=", firmId).where("id", "=", id).execute();
}

/** Changes a connection unless it was given another grant meanwhile. Returns whether it was changed. */
export async function updateWithGrant(
  tx: Tx,
  firmId: string,
  row: Pick<ConnectionRow, "id" | "access_token_sealed">,
  change: Updateable<Connection>,
): Promise<boolean> {
  const changed = await tx
    .updateTable("connection")
    .set(change)
    .where("firm_id", "=", firmId)
    .where("id", "=", row.id)
    .where("access_token_sealed", "is not distinct from", row.access_token_sealed)
    .returning("id")
    .executeTakeFirst();
  return changed !== undefined;
}

/** Claims the refresh of a grant until the time is over, by the database's clock. Returns whether nobody else has it. */
export async function claimRefresh(
  tx: Tx,
  firmId: string,
  row: Pick<ConnectionRow, "id" | "state" | "access_token_sealed">,
  claim: { holder: string; seconds: number },
): Promise<boolean> {
  const claimed = await tx
    .updateTable("connection")
    .set({
      refresh_holder: claim.holder,
      refresh_held_until: sql<Date>`now() + make_interval(secs => ${claim.seconds})`,
    })
    .where("firm_id", "=", firmId)
    .where("id", "=", row.id)
    .where("state", "=", row.state)
    .where("access_token_sealed", "=", row.access_token_sealed)
    .where((eb) =>
      eb.or([eb("refresh_held_until", "is", null), eb("refresh_held_until", "<", sql<Date>`now()`)]),
    )
    .returning("id")
    .executeTakeFirst();
  return claimed !== undefined;
}

/** Gives the refresh back, so that the next may try. */
export async function releaseRefresh(tx: Tx, firmId: string, id: string, holder: string): Promise<void> {
  await tx
    .updateTable("connection")
    .set({ refresh_holder: null, refresh_held_until: null })
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .where("refresh_holder", "=", holder)
    .execute();
}

/** The connection that a webhook's address names, before its firm is known. */
export async function findByWebhookKey(
  tx: Tx,
  key: string,
): Promise<{ firmId: string; connectionId: string } | undefined> {
  const { rows } = await sql<{
    firm_id: string;
    connection_id: string;
  }>`select * from find_connection_by_webhook_key(${key})`.execute(tx);
  const found = rows[0];
  return found && { firmId: found.firm_id, connectionId: found.connection_id };
}

/** Every firm there is, for the timetable. */
export async function listFirmIds(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ firm_id: string }>`select firm_id from list_firm_ids() as firm_id`.execute(tx);
  return rows.map((row) => row.firm_id);
}
