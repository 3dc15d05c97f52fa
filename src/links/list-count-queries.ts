import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";
import { type LinkFilter, narrows } from "./list-filter.ts";
import { fulfils, type Scope, stateNow } from "./list-filter-queries.ts";
import { LINK_STATES, type LinkState } from "./state.ts";

/** So many links are counted under a filter; beyond, each number is "at least". */
const COUNT_LIMIT = 50_000;

/** How many links there are by state. `isAtLeast` when counting stopped at its limit. */
export type Counts = { byState: ReadonlyMap<LinkState, number>; total: number; isAtLeast: boolean };

/** Counts for the tabs: the filter's own tab does not matter. From the counters when nothing else narrows it down. */
export async function countLinks(tx: Tx, scope: Scope, filter: LinkFilter): Promise<Counts> {
  return narrows(filter) ? await countUnder(tx, scope, filter) : await readCounters(tx, scope);
}

async function countUnder(tx: Tx, scope: Scope, filter: LinkFilter): Promise<Counts> {
  const { rows } = await sql<{ state: LinkState; count: bigint }>`
    select state, count(*) as count from (
      select ${stateNow(scope.now)} as state from payment_link link
      where ${fulfils(scope, { ...filter, state: undefined })} limit ${COUNT_LIMIT}
    ) counted group by state`.execute(tx);
  const counts = toCounts(new Map(rows.map((row) => [row.state, Number(row.count)])));
  return { ...counts, isAtLeast: counts.total >= COUNT_LIMIT };
}

/** The counters go by the stored state. Links whose time is up and that no job has closed yet are few, and have an index. */
async function readCounters(tx: Tx, { firmId, now }: Scope): Promise<Counts> {
  const { rows } = await sql<{ state: LinkState; count: bigint }>`
    select state, sum(delta)::bigint as count from tally where firm_id = ${firmId} and family = 'link' group by state`.execute(
    tx,
  );
  const { rows: due } = await sql<{ count: bigint }>`
    select count(*) as count from payment_link
    where firm_id = ${firmId} and state = 'outstanding' and expires_at <= ${now}`.execute(tx);
  const byState = new Map(rows.map((row) => [row.state, Number(row.count)]));
  const expiring = Number(due[0]?.count ?? 0);
  byState.set("outstanding", (byState.get("outstanding") ?? 0) - expiring);
  byState.set("expired", (byState.get("expired") ?? 0) + expiring);
  return toCounts(byState);
}

function toCounts(byState: Map<LinkState, number>): Counts {
  const total = LINK_STATES.reduce((sum, state) => sum + (byState.get(state) ?? 0), 0);
  return { byState, total, isAtLeast: false };
}
