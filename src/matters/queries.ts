import type { Selectable } from "kysely";
import type { Payer } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

export type PayerRow = Pick<Selectable<Payer>, "id" | "matter_id" | "name" | "email" | "is_assigned">;

export type MatterFacts = {
  id: string;
  connectionId: string;
  externalId: string;
  number: string;
  description: string;
  isOpen: boolean;
  responsible: string | null;
  office: string | null;
  trustBalanceMinor: bigint | null;
  clientId: string;
  clientName: string;
  clientNumber: string;
};

/** A matter of the firm with its client; undefined when there is none or it was deleted at the vendor. */
export async function findMatter(tx: Tx, firmId: string, id: string): Promise<MatterFacts | undefined> {
  return await matters(tx, firmId).where("matter.id", "=", id).executeTakeFirst();
}

/** The matter that a matter system calls so: for a panel that opens on the matter on screen. */
export async function findMatterByExternalId(
  tx: Tx,
  firmId: string,
  connectionId: string,
  externalId: string,
): Promise<MatterFacts | undefined> {
  return await matters(tx, firmId)
    .where("matter.connection_id", "=", connectionId)
    .where("matter.external_id", "=", externalId)
    .executeTakeFirst();
}

/** The payers of matters, the assigned one first. */
export function listPayers(tx: Tx, firmId: string, matterIds: readonly string[]): Promise<PayerRow[]> {
  if (matterIds.length === 0) return Promise.resolve([]);
  return tx
    .selectFrom("payer")
    .select(["id", "matter_id", "name", "email", "is_assigned"])
    .where("firm_id", "=", firmId)
    .where("matter_id", "in", [...new Set(matterIds)])
    .orderBy("is_assigned", "desc")
    .orderBy("name")
    .orderBy("id")
    .execute();
}

function matters(tx: Tx, firmId: string) {
  return tx
    .selectFrom("matter")
    .innerJoin("client", (join) =>
      join.onRef("client.firm_id", "=", "matter.firm_id").onRef("client.id", "=", "matter.client_id"),
    )
    .select([
      "matter.id",
      "matter.connection_id as connectionId",
      "matter.external_id as externalId",
      "matter.number",
      "matter.description",
      "matter.is_open as isOpen",
      "matter.responsible",
      "matter.office",
      "matter.trust_balance_minor as trustBalanceMinor",
      "client.id as clientId",
      "client.name as clientName",
      "client.number as clientNumber",
    ])
    .where("matter.firm_id", "=", firmId)
    .where("matter.deleted_at", "is", null);
}
