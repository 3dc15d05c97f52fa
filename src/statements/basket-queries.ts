import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";

type BasketRow = { statementId: string; amountMinor: bigint | null };

/** What a member has ticked, in the order in which it was ticked. */
export function listBasketRows(tx: Tx, firmId: string, memberId: string): Promise<BasketRow[]> {
  return tx
    .selectFrom("basket_line")
    .select(["statement_id as statementId", "amount_minor as amountMinor"])
    .where("firm_id", "=", firmId)
    .where("member_id", "=", memberId)
    .orderBy("added_at")
    .orderBy("statement_id")
    .execute();
}

/** Puts statements into a basket with their whole balance, in the given order; those that are there already stay as they are. */
export async function insertBasketLines(
  tx: Tx,
  firmId: string,
  memberId: string,
  statementIds: readonly string[],
): Promise<void> {
  if (statementIds.length === 0) return;
  await sql`
    insert into basket_line (firm_id, member_id, statement_id, added_at)
    select ${firmId}, ${memberId}, wanted.id, clock_timestamp()
    from unnest(${[...statementIds]}::uuid[]) with ordinality as wanted(id, place) order by wanted.place
    on conflict (firm_id, member_id, statement_id) do nothing`.execute(tx);
}

/** Sets what is asked for on a line; null is the whole balance. Returns false when the line is not in the basket. */
export async function updateBasketLine(
  tx: Tx,
  firmId: string,
  memberId: string,
  line: BasketRow,
): Promise<boolean> {
  const updated = await tx
    .updateTable("basket_line")
    .set({ amount_minor: line.amountMinor })
    .where("firm_id", "=", firmId)
    .where("member_id", "=", memberId)
    .where("statement_id", "=", line.statementId)
    .returning("statement_id")
    .executeTakeFirst();
  return updated !== undefined;
}

/** Empties a member's basket. */
export async function deleteBasket(tx: Tx, firmId: string, memberId: string): Promise<void> {
  await tx
    .deleteFrom("basket_line")
    .where("firm_id", "=", firmId)
    .where("member_id", "=", memberId)
    .execute();
}
