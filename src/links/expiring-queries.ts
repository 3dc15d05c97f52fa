import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";

export type ExpiringLink = {
  id: string;
  created_by: string;
  created_at: Date;
  asked_at: Date | null;
  expires_at: Date;
};

/**
 * Marks outstanding links that expire between two instants as noticed, the soonest first, and returns them. Another last day takes the
 * mark away again (a trigger of the table does). Links that somebody else holds are left for the next time.
 */
export async function noteExpiring(
  tx: Tx,
  firmId: string,
  range: { now: Date; until: Date; limit: number },
): Promise<ExpiringLink[]> {
  const { rows } = await sql<ExpiringLink>`
    update payment_link set expiry_noticed = true
    where firm_id = ${firmId} and id in (
      select l.id from payment_link l
      where l.firm_id = ${firmId} and l.state = 'outstanding' and not l.expiry_noticed
        and l.expires_at > ${range.now} and l.expires_at <= ${range.until}
      order by l.expires_at limit ${range.limit} for update skip locked)
    returning id, created_by, created_at, asked_at, expires_at`.execute(tx);
  return rows;
}

/** How many other outstanding links of the same sender expire between two instants. */
export async function countExpiringWith(
  tx: Tx,
  firmId: string,
  link: { id: string; created_by: string },
  range: { from: Date; to: Date },
): Promise<number> {
  const row = await tx
    .selectFrom("payment_link")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("firm_id", "=", firmId)
    .where("state", "=", "outstanding")
    .where("created_by", "=", link.created_by)
    .where("id", "!=", link.id)
    .where("expires_at", ">=", range.from)
    .where("expires_at", "<=", range.to)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
