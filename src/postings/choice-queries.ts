import type { Context } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { systemName } from "./assess.ts";

/** What the filters of the list offer. */
export type FilterChoices = {
  accounts: { id: string; name: string; kind: "operating" | "trust"; last4: string }[];
  systems: { id: string; name: string }[];
  /** The deposit that the list is filtered by, in words. */
  deposit: string | undefined;
};

/** The firm's accounts and systems, also those that it uses no longer: their postings stay. */
export async function readChoices(
  cx: Pick<Context, "connectors">,
  tx: Tx,
  firmId: string,
  depositId: string | undefined,
): Promise<FilterChoices> {
  const accounts = await tx
    .selectFrom("merchant_account")
    .select(["id", "name", "kind", "last4"])
    .where("firm_id", "=", firmId)
    .orderBy("kind")
    .orderBy("name")
    .execute();
  const connections = await tx
    .selectFrom("connection")
    .select(["id", "connector", "account_name"])
    .where("firm_id", "=", firmId)
    .orderBy("connector")
    .orderBy("account_name")
    .execute();
  const systems = connections.map(({ id, connector, account_name: account }) => ({
    id,
    name: `${systemName(cx, connector)}, ${account}`,
  }));
  return { accounts, systems, deposit: await findDepositName(tx, firmId, depositId) };
}

async function findDepositName(tx: Tx, firmId: string, id: string | undefined): Promise<string | undefined> {
  if (id === undefined) return undefined;
  const deposit = await tx
    .selectFrom("deposit")
    .select("reference")
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .executeTakeFirst();
  return deposit?.reference ?? "one that is not here";
}
