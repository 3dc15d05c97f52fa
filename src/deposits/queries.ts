import { type Insertable, type Selectable, sql, type Updateable } from "kysely";
import { notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import type { Deposit, DepositLine } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import type { AccountRow } from "../settings/account-queries.ts";

export type DepositRow = Selectable<Deposit>;
export type DepositLineRow = Selectable<DepositLine>;

/** Inserts unless the payout is known. Returns whether it was new. */
export async function insertDepositOnce(tx: Tx, row: Insertable<Deposit>): Promise<boolean> {
  const inserted = await tx
    .insertInto("deposit")
    .values(row)
    .onConflict((conflict) => conflict.constraint("deposit_payout_unique").doNothing())
    .returning("id")
    .executeTakeFirst();
  return inserted !== undefined;
}

/** Locks the deposit of a payout until the transaction ends. */
export function lockDepositOfPayout(
  tx: Tx,
  firmId: string,
  payoutId: string,
): Promise<DepositRow | undefined> {
  return tx
    .selectFrom("deposit")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("payout_id", "=", payoutId)
    .forUpdate()
    .executeTakeFirst();
}

/** Locks a deposit until the transaction ends. Throws `not_found`, also for one of another firm. */
export async function lockDeposit(tx: Tx, firmId: string, id: string): Promise<DepositRow> {
  if (!isId(id)) throw notFound("deposit");
  const row = await tx
    .selectFrom("deposit")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw notFound("deposit");
  return row;
}

export function updateDeposit(
  tx: Tx,
  firmId: string,
  id: string,
  change: Updateable<Deposit>,
): Promise<DepositRow> {
  return tx
    .updateTable("deposit")
    .set(change)
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The firm's accounts that ever took a payment, archived ones too: their money may still be on its way. */
export function listAccountsInUse(tx: Tx, firmId: string): Promise<AccountRow[]> {
  return tx
    .selectFrom("merchant_account as a")
    .selectAll()
    .where("a.firm_id", "=", firmId)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom("payment as p")
          .select("p.id")
          .whereRef("p.firm_id", "=", "a.firm_id")
          .whereRef("p.merchant_account_id", "=", "a.id"),
      ),
    )
    .orderBy("a.id")
    .execute();
}

/** Deposits of an account on which the bank or the processor has not had the last word and that nobody read since `readBefore`. */
export function listOpenDeposits(
  tx: Tx,
  firmId: string,
  accountId: string,
  readBefore: Date,
  limit: number,
): Promise<DepositRow[]> {
  return tx
    .selectFrom("deposit")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("merchant_account_id", "=", accountId)
    .where((eb) =>
      eb.or([eb("state", "in", ["pending", "in_transit"]), eb("contents", "in", ["waiting", "reading"])]),
    )
    .where("state", "not in", ["failed", "cancelled"])
    .where("read_at", "<", readBefore)
    .orderBy("read_at")
    .limit(limit)
    .execute();
}

/** Deposits whose lines are known and do not tie, or that came back, the newest first: our books may explain them by now. */
export async function listUntied(tx: Tx, firmId: string, limit: number): Promise<string[]> {
  const rows = await tx
    .selectFrom("deposit as d")
    .select("d.id")
    .where("d.firm_id", "=", firmId)
    .where((eb) =>
      eb.or([
        eb("d.ties", "=", false),
        eb.and([
          eb("d.state", "=", "failed"),
          eb.not(
            eb.exists(
              eb
                .selectFrom("discrepancy as x")
                .select("x.id")
                .whereRef("x.firm_id", "=", "d.firm_id")
                .where("x.kind", "=", "deposit_failed")
                .where(sql`x.object_id`, "=", sql`d.id::text`)
                .where("x.closed_at", "is not", null),
            ),
          ),
        ]),
      ]),
    )
    .orderBy("d.arrives_on", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

type KnownPayout = Pick<DepositRow, "id" | "payout_id" | "state" | "amount_minor" | "contents">;

/** What we hold of some payouts. */
export function listKnownPayouts(tx: Tx, firmId: string, payoutIds: string[]): Promise<KnownPayout[]> {
  if (payoutIds.length === 0) return Promise.resolve([]);
  return tx
    .selectFrom("deposit")
    .select(["id", "payout_id", "state", "amount_minor", "contents"])
    .where("firm_id", "=", firmId)
    .where("payout_id", "in", payoutIds)
    .execute();
}

/** The firm's accounts for a choice: those in use first, archived ones last. */
export function listFirmAccounts(
  tx: Tx,
  firmId: string,
): Promise<Pick<AccountRow, "id" | "name" | "kind" | "last4" | "currency">[]> {
  return tx
    .selectFrom("merchant_account")
    .select(["id", "name", "kind", "last4", "currency"])
    .where("firm_id", "=", firmId)
    .orderBy(sql`archived_at is not null`)
    .orderBy("kind")
    .orderBy("name")
    .execute();
}
