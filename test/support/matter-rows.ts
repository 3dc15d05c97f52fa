import { randomBytes } from "node:crypto";
import { newId } from "../../src/base/id.ts";
import type { Context } from "../../src/context.ts";
import type { Tx } from "../../src/db/tx.ts";

type TestStatement = { id: string; externalId: string; number: string; balanceMinor: bigint };
export type TestMatter = {
  connectionId: string;
  clientId: string;
  matterId: string;
  matterExternalId: string;
  statements: TestStatement[];
};
export type StatementWish = { balanceMinor: bigint; kind?: "invoice" | "trust_request"; dueOn?: string };

const CHANGED_AT = new Date("2026-11-01T12:00:00Z");

type Keys = { firmId: string; connectionId: string; clientId: string; matterId: string; suffix: string };

/** Writes a connection, a client, a matter with its assigned payer, and the statements, in the caller's transaction. */
export async function insertMatter(
  cx: Context,
  tx: Tx,
  firmId: string,
  wishes: StatementWish[],
): Promise<TestMatter> {
  const suffix = randomBytes(4).toString("hex");
  const ids = { connectionId: newId(), clientId: newId(), matterId: newId() };
  const keys = { firmId, ...ids, suffix };
  await insertConnection(cx, tx, keys);
  await insertClientAndMatter(tx, keys);
  const statements = wishes.map((wish, index) => ({
    id: newId(),
    externalId: `stm_${suffix}_${index}`,
    number: `2${suffix.slice(0, 3)}${index}`,
    ...wish,
  }));
  for (const statement of statements) await insertStatement(tx, keys, statement);
  return { ...ids, matterExternalId: `mat_${suffix}`, statements };
}

async function insertConnection(cx: Context, tx: Tx, keys: Keys): Promise<void> {
  const place = (column: string) => `connection.${column}:${keys.firmId}:${keys.connectionId}`;
  await tx
    .insertInto("connection")
    .values({
      firm_id: keys.firmId,
      id: keys.connectionId,
      connector: "docket",
      external_account_id: `acc_${keys.suffix}`,
      account_name: "Marlow Keane LLP",
      web_origin: "http://localhost:4999",
      state: "authorized",
      access_token_sealed: cx.vault.seal("access-token", place("access_token")),
      refresh_token_sealed: cx.vault.seal("refresh-token", place("refresh_token")),
      token_expires_at: new Date(Date.now() + 300_000),
      webhook_key: `key_${keys.suffix}`,
    })
    .execute();
}

async function insertClientAndMatter(tx: Tx, keys: Keys): Promise<void> {
  await tx
    .insertInto("client")
    .values({
      firm_id: keys.firmId,
      id: keys.clientId,
      connection_id: keys.connectionId,
      external_id: `cli_${keys.suffix}`,
      number: "10482",
      name: "Okafor Logistics, Inc.",
      email: "a.okafor@okaforlogistics.example",
      changed_at: CHANGED_AT,
    })
    .execute();
  await tx
    .insertInto("matter")
    .values({
      firm_id: keys.firmId,
      id: keys.matterId,
      connection_id: keys.connectionId,
      external_id: `mat_${keys.suffix}`,
      client_id: keys.clientId,
      number: "10482-003",
      description: "Warehouse lease dispute",
      is_open: true,
      trust_balance_minor: 184_000n,
      changed_at: CHANGED_AT,
    })
    .execute();
  await tx
    .insertInto("payer")
    .values({
      firm_id: keys.firmId,
      id: newId(),
      matter_id: keys.matterId,
      external_id: `pay_${keys.suffix}`,
      name: "Adaeze Okafor",
      email: "a.okafor@okaforlogistics.example",
      is_assigned: true,
    })
    .execute();
}

async function insertStatement(tx: Tx, keys: Keys, statement: TestStatement & StatementWish): Promise<void> {
  await tx
    .insertInto("statement")
    .values({
      firm_id: keys.firmId,
      id: statement.id,
      connection_id: keys.connectionId,
      external_id: statement.externalId,
      matter_id: keys.matterId,
      number: statement.number,
      kind: statement.kind ?? "invoice",
      state: "open",
      issued_on: "2026-10-01",
      due_on: statement.dueOn ?? "2026-11-12",
      currency: "USD",
      total_minor: statement.balanceMinor,
      balance_minor: statement.balanceMinor,
      search_text: `okafor logistics, inc. 10482 10482-003 warehouse lease dispute ${statement.number} adaeze okafor`,
      changed_at: CHANGED_AT,
    })
    .execute();
}
