import { type Insertable, type Selectable, sql, type Updateable } from "kysely";
import type { Firm, FirmSettings, MerchantAccount } from "../db/schema.ts";
import { together } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";

export async function insertFirm(
  tx: Tx,
  firm: Insertable<Firm>,
  settings: Insertable<FirmSettings>,
): Promise<void> {
  await tx.insertInto("firm").values(firm).execute();
  await tx.insertInto("firm_settings").values(settings).execute();
}

export function getFirm(tx: Tx, firmId: string): Promise<Selectable<Firm>> {
  return foundFirm(tx, firmId, firmId);
}

const foundFirm = together(async (tx, firmId, askers: readonly string[]) => {
  const firm = await tx.selectFrom("firm").selectAll().where("id", "=", firmId).executeTakeFirstOrThrow();
  return askers.map(() => firm);
});

export function getSettings(tx: Tx, firmId: string): Promise<Selectable<FirmSettings>> {
  return tx.selectFrom("firm_settings").selectAll().where("firm_id", "=", firmId).executeTakeFirstOrThrow();
}

/** The same, held until the transaction ends. */
export function lockSettings(tx: Tx, firmId: string): Promise<Selectable<FirmSettings>> {
  return tx
    .selectFrom("firm_settings")
    .selectAll()
    .where("firm_id", "=", firmId)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

export async function updateSettings(
  tx: Tx,
  firmId: string,
  change: Updateable<FirmSettings>,
): Promise<void> {
  await tx.updateTable("firm_settings").set(change).where("firm_id", "=", firmId).execute();
}

/** A firm by the short name in its addresses; needs no firm of the transaction. */
export async function findFirmIdBySlug(tx: Tx, slug: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string | null }>`select find_firm_by_slug(${slug}) as id`.execute(tx);
  return rows[0]?.id ?? undefined;
}

/** Every firm, for jobs of the timetable; needs no firm of the transaction. */
export async function listFirmIds(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select list_firm_ids() as id`.execute(tx);
  return rows.map((row) => row.id);
}

/** Accounts in use, the default ones first. */
export function listAccounts(tx: Tx, firmId: string): Promise<Selectable<MerchantAccount>[]> {
  return tx
    .selectFrom("merchant_account")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("archived_at", "is", null)
    .orderBy("is_default", "desc")
    .orderBy("name")
    .execute();
}

/** The account that receives a kind of money unless somebody chooses another. */
export function findDefaultAccount(
  tx: Tx,
  firmId: string,
  kind: "operating" | "trust",
): Promise<Selectable<MerchantAccount> | undefined> {
  return tx
    .selectFrom("merchant_account")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("kind", "=", kind)
    .where("is_default", "=", true)
    .where("archived_at", "is", null)
    .executeTakeFirst();
}

export function getAccount(tx: Tx, firmId: string, id: string): Promise<Selectable<MerchantAccount>> {
  return tx
    .selectFrom("merchant_account")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
}

export async function insertAccount(tx: Tx, account: Insertable<MerchantAccount>): Promise<void> {
  await tx.insertInto("merchant_account").values(account).execute();
}
