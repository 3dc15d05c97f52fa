import { type RawBuilder, type Selectable, sql } from "kysely";
import { notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import type { LinkAction } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import { fulfils, type Scope, stateNow } from "./list-filter-queries.ts";
import { inOrder, REMINDED } from "./list-sort-queries.ts";
import { type Choice, MANY_LIMIT } from "./many-choice.ts";
import type { ManyFacts } from "./many-refusal.ts";

export type Action = Selectable<LinkAction>;
export type ItemState = "waiting" | "done" | "refused";

const REMINDED_TODAY = (scope: Scope) =>
  sql<boolean>`coalesce((${REMINDED} at time zone ${scope.timeZone})::date = ${scope.today}::date, false)`;

/** The chosen links in the list's order, as a query with columns id and n. `asOf`: those sent later are left out. */
function chosen(scope: Scope, choice: Choice, asOf: Date): RawBuilder<unknown> {
  if (choice.kind === "ticked") {
    return sql`select link.id, row_number() over (order by picked.n) as n
      from unnest(${choice.ids}::uuid[]) with ordinality as picked(id, n)
      join payment_link link on link.firm_id = ${scope.firmId} and link.id = picked.id`;
  }
  const { filter, sort } = choice.place;
  return sql`select link.id, row_number() over (order by ${inOrder(sort, scope.now)}) as n from payment_link link
    where ${fulfils(scope, filter)} and link.created_at <= ${asOf} order by n limit ${MANY_LIMIT + 1}`;
}

export type SurveyRow = ManyFacts & { count: number; currency: string; amountMinor: bigint };

/** What the chosen links are like, counted by what decides whether they take part. Amounts are minor units. */
export async function surveyLinks(tx: Tx, scope: Scope, choice: Choice, asOf: Date): Promise<SurveyRow[]> {
  const { rows } = await sql<Omit<SurveyRow, "count"> & { count: bigint }>`
    with chosen as (${chosen(scope, choice, asOf)})
    select state, delivery, "hasAddress", "remindedToday", currency, count(*) as count, sum(amount_minor)::bigint as "amountMinor"
    from (
      select ${stateNow(scope.now)} as state, link.delivery, cardinality(link.payer_emails) > 0 as "hasAddress",
        ${REMINDED_TODAY(scope)} as "remindedToday", link.currency, link.amount_minor
      from chosen join payment_link link on link.firm_id = ${scope.firmId} and link.id = chosen.id
    ) facts
    group by 1, 2, 3, 4, 5 order by count(*) desc`.execute(tx);
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** The ids of the chosen links in their order, at most one more than may be chosen. */
export async function listChosen(tx: Tx, scope: Scope, choice: Choice, asOf: Date): Promise<string[]> {
  const { rows } = await sql<{
    id: string;
  }>`select id from (${chosen(scope, choice, asOf)}) chosen order by n`.execute(tx);
  return rows.map((row) => row.id);
}

/** Writes an action; false when its form came before. */
export async function insertAction(tx: Tx, row: Omit<Action, "finished_at">): Promise<boolean> {
  const inserted = await tx
    .insertInto("link_action")
    .values(row)
    .onConflict((conflict) => conflict.columns(["firm_id", "id"]).doNothing())
    .returning("id")
    .executeTakeFirst();
  return inserted !== undefined;
}

/** Settles which links an action is about. Returns how many, at most one more than may be chosen. */
export async function insertItems(
  tx: Tx,
  scope: Scope,
  actionId: string,
  choice: Choice,
  asOf: Date,
): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into link_action_item (firm_id, action_id, link_id, position, state)
    select ${scope.firmId}, ${actionId}, chosen.id, chosen.n, 'waiting' from (${chosen(scope, choice, asOf)}) chosen`.execute(
    tx,
  );
  return Number(numAffectedRows ?? 0n);
}

/** An action of the firm. Throws `not_found`. */
export async function getAction(tx: Tx, firmId: string, id: string): Promise<Action> {
  const action = isId(id)
    ? await tx
        .selectFrom("link_action")
        .selectAll()
        .where("firm_id", "=", firmId)
        .where("id", "=", id)
        .executeTakeFirst()
    : undefined;
  if (!action) throw notFound("action");
  return action;
}

/** The links of an action that wait behind a position, in their order. */
export function listWaiting(
  tx: Tx,
  firmId: string,
  actionId: string,
  after: number,
  limit: number,
): Promise<{ linkId: string; position: number }[]> {
  return tx
    .selectFrom("link_action_item")
    .select(["link_id as linkId", "position"])
    .where("firm_id", "=", firmId)
    .where("action_id", "=", actionId)
    .where("state", "=", "waiting")
    .where("position", ">", after)
    .orderBy("position")
    .limit(limit)
    .execute();
}

/** Takes one waiting link of an action for the rest of the transaction; false when somebody has it or had it. */
export async function takeItem(tx: Tx, firmId: string, actionId: string, linkId: string): Promise<boolean> {
  const taken = await tx
    .selectFrom("link_action_item")
    .select("link_id")
    .where("firm_id", "=", firmId)
    .where("action_id", "=", actionId)
    .where("link_id", "=", linkId)
    .where("state", "=", "waiting")
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return taken !== undefined;
}

/** Notes what became of one link of an action; with a reason it was refused. */
export async function settleItem(
  tx: Tx,
  firmId: string,
  actionId: string,
  linkId: string,
  reason: string | undefined,
): Promise<void> {
  await tx
    .updateTable("link_action_item")
    .set({ state: reason === undefined ? "done" : "refused", reason: reason ?? null })
    .where("firm_id", "=", firmId)
    .where("action_id", "=", actionId)
    .where("link_id", "=", linkId)
    .where("state", "=", "waiting")
    .execute();
}

/** How many links of an action there are by what became of them. */
export async function countItems(
  tx: Tx,
  firmId: string,
  actionId: string,
): Promise<Record<ItemState, number>> {
  const rows = await tx
    .selectFrom("link_action_item")
    .select((eb) => ["state", eb.fn.countAll<bigint>().as("count")])
    .where("firm_id", "=", firmId)
    .where("action_id", "=", actionId)
    .groupBy("state")
    .execute();
  const counts = new Map(rows.map((row) => [row.state, Number(row.count)]));
  const of = (state: ItemState) => counts.get(state) ?? 0;
  return { waiting: of("waiting"), done: of("done"), refused: of("refused") };
}

/** Marks an action as over; false when it was already. */
export async function finishAction(tx: Tx, firmId: string, id: string, now: Date): Promise<boolean> {
  const finished = await tx
    .updateTable("link_action")
    .set({ finished_at: now })
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .where("finished_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  return finished !== undefined;
}

/** Whether the payer of a link was reminded on this day of the firm. */
export async function wasRemindedOn(tx: Tx, scope: Scope, linkId: string): Promise<boolean> {
  const { rows } = await sql<{ reminded: boolean }>`
    select ${REMINDED_TODAY(scope)} as reminded from payment_link link
    where link.firm_id = ${scope.firmId} and link.id = ${linkId}`.execute(tx);
  return rows[0]?.reminded ?? false;
}
