import type { Insertable, Selectable } from "kysely";
import type { FirmLogo } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

export type LogoFacts = Pick<Selectable<FirmLogo>, "hash" | "media_type" | "width" | "height" | "updated_at">;

/** What is known of a firm's logo, without its bytes. */
export function findLogo(tx: Tx, firmId: string): Promise<LogoFacts | undefined> {
  return tx
    .selectFrom("firm_logo")
    .select(["hash", "media_type", "width", "height", "updated_at"])
    .where("firm_id", "=", firmId)
    .executeTakeFirst();
}

/** The bytes of the logo with this hash. */
export function findLogoContent(
  tx: Tx,
  firmId: string,
  hash: string,
): Promise<Pick<Selectable<FirmLogo>, "content" | "media_type"> | undefined> {
  return tx
    .selectFrom("firm_logo")
    .select(["content", "media_type"])
    .where("firm_id", "=", firmId)
    .where("hash", "=", hash)
    .executeTakeFirst();
}

export async function putLogo(tx: Tx, row: Insertable<FirmLogo>): Promise<void> {
  const { firm_id: _firm, ...change } = row;
  await tx
    .insertInto("firm_logo")
    .values(row)
    .onConflict((conflict) => conflict.column("firm_id").doUpdateSet(change))
    .execute();
}

export async function deleteLogo(tx: Tx, firmId: string): Promise<void> {
  await tx.deleteFrom("firm_logo").where("firm_id", "=", firmId).execute();
}
