import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";
import type { CheckoutRow } from "../pay/queries.ts";
import type { PaymentRow } from "./queries.ts";

/** Checkouts that could be paid and that nobody has asked about for long enough at `now`. */
export function listDueCheckouts(tx: Tx, firmId: string, now: Date, limit: number): Promise<CheckoutRow[]> {
  return tx
    .selectFrom("checkout")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("state", "in", ["preparing", "open"])
    .where(isDue(now))
    .orderBy("created_at")
    .limit(limit)
    .execute();
}

/** Bank debits under way that nobody has asked about for long enough at `now`. */
export function listDuePayments(tx: Tx, firmId: string, now: Date, limit: number): Promise<PaymentRow[]> {
  return tx
    .selectFrom("payment")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("state", "=", "processing")
    .where(isDue(now))
    .orderBy("created_at")
    .limit(limit)
    .execute();
}

/** Asked again after a minute, then ever less often: each wait is a quarter of the age. */
function isDue(now: Date) {
  return sql<boolean>`coalesce(read_at, created_at)
    < ${now}::timestamptz - greatest(interval '1 minute', (${now}::timestamptz - created_at) / 4)`;
}

export type EventSource = {
  merchantAccountId: string;
  processorAccount: string;
  /** Up to when its events are known; undefined on the first look. */
  seenUntil: Date | undefined;
};

/** The accounts with a checkout since `usedSince` whose events nobody has listed since `readBefore`. */
export async function listEventSources(
  tx: Tx,
  firmId: string,
  range: { usedSince: Date; readBefore: Date },
): Promise<EventSource[]> {
  const rows = await tx
    .selectFrom("merchant_account as a")
    .leftJoin("processor_cursor as k", (join) =>
      join.onRef("k.firm_id", "=", "a.firm_id").onRef("k.merchant_account_id", "=", "a.id"),
    )
    .select(["a.id", "a.processor_account", "k.seen_until"])
    .where("a.firm_id", "=", firmId)
    .where((eb) => eb.or([eb("k.read_at", "is", null), eb("k.read_at", "<", range.readBefore)]))
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom("checkout as c")
          .select("c.id")
          .whereRef("c.firm_id", "=", "a.firm_id")
          .whereRef("c.merchant_account_id", "=", "a.id")
          .where("c.created_at", ">", range.usedSince),
      ),
    )
    .execute();
  return rows.map((row) => ({
    merchantAccountId: row.id,
    processorAccount: row.processor_account,
    seenUntil: row.seen_until ?? undefined,
  }));
}

/** Keeps up to when the events of an account are known. */
export async function keepCursor(
  tx: Tx,
  firmId: string,
  merchantAccountId: string,
  cursor: { seenUntil: Date; readAt: Date },
): Promise<void> {
  const change = { seen_until: cursor.seenUntil, read_at: cursor.readAt };
  await tx
    .insertInto("processor_cursor")
    .values({ firm_id: firmId, merchant_account_id: merchantAccountId, ...change })
    .onConflict((conflict) => conflict.columns(["firm_id", "merchant_account_id"]).doUpdateSet(change))
    .execute();
}
