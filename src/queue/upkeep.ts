import { sql } from "kysely";
import type { Database } from "../db/open.ts";
import { withFirm } from "../db/tenant.ts";
import { transact } from "../db/tx.ts";
import type { SomeHandlers } from "./handler.ts";

/** Jobs of the house itself. */
export const upkeepJobs = {
  "queue.foldTallies": async (cx) => {
    const firmIds = await transact(cx.database, async (tx) => {
      const { rows } = await sql<{ id: string }>`select list_firm_ids() as id`.execute(tx);
      return rows.map((row) => row.id);
    });
    for (const firmId of firmIds) await foldTallies(cx.database, firmId);
  },
  "queue.forgetReplaced": async (cx) => {
    await transact(cx.database, (tx) => sql`select forget_replaced_jobs()`.execute(tx));
  },
} satisfies SomeHandlers<{ database: Database }, "queue.foldTallies" | "queue.forgetReplaced">;

/** Adds up the counters' many small changes into one row each. Changes that others write meanwhile are left for the next time. */
export function foldTallies(database: Database, firmId: string): Promise<void> {
  return withFirm(database, firmId, async (tx) => {
    await sql`
      with folded as (delete from tally where firm_id = ${firmId} returning family, state, delta)
      insert into tally (firm_id, family, state, delta)
      select ${firmId}, family, state, sum(delta) from folded group by family, state having sum(delta) <> 0`.execute(
      tx,
    );
  });
}
