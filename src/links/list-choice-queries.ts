import type { Tx } from "../db/tx.ts";

/** What the filters offer to choose from. Accounts that are no longer in use stay: links went to them. */
export type ListChoices = {
  accounts: { id: string; name: string; kind: "operating" | "trust"; last4: string }[];
  senders: { id: string; name: string }[];
  batch: { id: string; name: string } | undefined;
};

/** More members than this are found by their name in the search. */
const SENDERS_LIMIT = 500;

/** Reads the choices of a firm. `batchId` is the uploaded file that the list is narrowed down to, if any. */
export async function listChoices(tx: Tx, firmId: string, batchId: string | undefined): Promise<ListChoices> {
  const accounts = await tx
    .selectFrom("merchant_account")
    .select(["id", "name", "kind", "last4"])
    .where("firm_id", "=", firmId)
    .orderBy("name")
    .execute();
  const senders = await tx
    .selectFrom("member")
    .innerJoin("person", "person.id", "member.person_id")
    .select(["member.id", "person.name"])
    .where("member.firm_id", "=", firmId)
    .where("member.state", "!=", "invited")
    .orderBy("person.name")
    .limit(SENDERS_LIMIT)
    .execute();
  const batch =
    batchId === undefined
      ? undefined
      : await tx
          .selectFrom("bulk_batch")
          .select(["id", "file_name as name"])
          .where("firm_id", "=", firmId)
          .where("id", "=", batchId)
          .executeTakeFirst();
  return { accounts, senders, batch };
}
