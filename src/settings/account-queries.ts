import type { Selectable, Updateable } from "kysely";
import type { MerchantAccount } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

export type AccountRow = Selectable<MerchantAccount>;

/** Every account of a firm, those in use first, the default ones before the others. */
export function listAllAccounts(tx: Tx, firmId: string): Promise<AccountRow[]> {
  return tx
    .selectFrom("merchant_account")
    .selectAll()
    .where("firm_id", "=", firmId)
    .orderBy((eb) => eb("archived_at", "is not", null))
    .orderBy("kind")
    .orderBy("is_default", "desc")
    .orderBy("name")
    .execute();
}

export function findAccount(tx: Tx, firmId: string, id: string): Promise<AccountRow | undefined> {
  return tx
    .selectFrom("merchant_account")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .executeTakeFirst();
}

export async function updateAccount(
  tx: Tx,
  firmId: string,
  id: string,
  change: Updateable<MerchantAccount>,
): Promise<void> {
  await tx
    .updateTable("merchant_account")
    .set(change)
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .execute();
}

/** Takes the mark of the default from every account of a kind, before another gets it. */
export async function clearDefault(tx: Tx, firmId: string, kind: AccountRow["kind"]): Promise<void> {
  await tx
    .updateTable("merchant_account")
    .set({ is_default: false })
    .where("firm_id", "=", firmId)
    .where("kind", "=", kind)
    .where("is_default", "=", true)
    .execute();
}

/** How many links are still to be paid, or being paid, into an account. */
export async function countOpenLinks(tx: Tx, firmId: string, accountId: string): Promise<number> {
  const row = await tx
    .selectFrom("payment_link")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("firm_id", "=", firmId)
    .where("merchant_account_id", "=", accountId)
    .where("state", "in", ["outstanding", "processing"])
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
