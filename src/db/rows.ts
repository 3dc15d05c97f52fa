import {
  type Insertable,
  type RawBuilder,
  type Selectable,
  type SqlBool,
  sql,
  type Updateable,
} from "kysely";
import { toRecordset } from "./recordset.ts";
import type { DB } from "./schema.ts";
import type { Tx } from "./tx.ts";

/** Tables of a firm's rows, each with an id. Not for those whose rows carry JSON. */
type Table = {
  [Name in keyof DB]: Selectable<DB[Name]> extends { firm_id: string; id: string } ? Name : never;
}[keyof DB] &
  string;
type Row<Name extends Table> = Selectable<DB[Name]> & { id: string };
type NewRow<Name extends Table> = Insertable<DB[Name]> & { id: string };
type Change<Name extends Table> = { id: string; change: Updateable<DB[Name]> };

/**
 * Inserts many rows in one statement and gives them back as they stand, in their order; undefined for one that is there already, where
 * `once` says by what that is known: a constraint, or a unique index. What a row leaves out gets its default.
 */
export async function insertRows<Name extends Table>(
  tx: Tx,
  table: Name,
  rows: readonly NewRow<Name>[],
  options: { once?: string | RawBuilder<unknown> } = {},
): Promise<(Row<Name> | undefined)[]> {
  const once = options.once === undefined ? sql`` : sql`on conflict ${targetOf(options.once)} do nothing`;
  const inserted: Row<Name>[] = [];
  for (const { columns, items } of alike(rows, asRecord)) {
    const answer = await sql<Row<Name>>`insert into ${sql.table(table)} (${columns})
      select ${columns} from jsonb_populate_recordset(null::${sql.table(table)}, ${toRecordset(items, asRecord)}::jsonb)
      ${once} returning *`.execute(tx);
    inserted.push(...answer.rows);
  }
  return inOrder(inserted, rows);
}

/**
 * Writes some columns of many rows, one statement for those that change the same columns, and gives the rows back as they stand, in
 * their order. Throws where one is not there.
 */
export async function updateRows<Name extends Table>(
  tx: Tx,
  table: Name,
  firmId: string,
  changes: readonly Change<Name>[],
): Promise<Row<Name>[]> {
  return (await changeRows(tx, table, firmId, changes)).map((row, index) => {
    if (!row) throw new Error(`there is no row ${changes[index]?.id} in ${table}`);
    return row;
  });
}

/**
 * The same where a row need not be there, or must be in a certain state, which `only` says of `kept`: undefined for one that was not
 * written. Throws where two of the changes are of one row: only one of them would be kept.
 */
export async function changeRows<Name extends Table>(
  tx: Tx,
  table: Name,
  firmId: string,
  changes: readonly Change<Name>[],
  only: RawBuilder<SqlBool> = sql<SqlBool>`true`,
): Promise<(Row<Name> | undefined)[]> {
  if (new Set(changes.map(({ id }) => id)).size < changes.length)
    throw new Error(`one row of ${table} is changed twice at once`);
  const updated: Row<Name>[] = [];
  for (const { names, items } of alike(changes, ({ change }) => asRecord(change))) {
    const set = sql.join(names.map((name) => sql`${sql.ref(name)} = changed.${sql.ref(name)}`));
    const rows = toRecordset(items, ({ id, change }) => ({ ...asRecord(change), id }));
    // The ids are said twice, so that few rows are found by their ids however the table is believed to look.
    const answer = await sql<Row<Name>>`update ${sql.table(table)} as kept set ${set}
      from jsonb_populate_recordset(null::${sql.table(table)}, ${rows}::jsonb) as changed
      where kept.firm_id = ${firmId} and ${isAmong("kept.id", items)} and kept.id = changed.id and ${only}
      returning kept.*`.execute(tx);
    updated.push(...answer.rows);
  }
  return inOrder(updated, changes);
}

/** Reads rows by their ids, in the order of these; undefined for one that is not there. */
export function findRows<Name extends Table>(
  tx: Tx,
  table: Name,
  firmId: string,
  ids: readonly string[],
): Promise<(Row<Name> | undefined)[]> {
  return readRows(tx, table, firmId, ids, sql``);
}

/** The same, locked until the transaction ends, and always in one order: two who lock several never wait for each other crosswise. */
export function lockRows<Name extends Table>(
  tx: Tx,
  table: Name,
  firmId: string,
  ids: readonly string[],
): Promise<(Row<Name> | undefined)[]> {
  return readRows(tx, table, firmId, ids, sql`order by id for update`);
}

async function readRows<Name extends Table>(
  tx: Tx,
  table: Name,
  firmId: string,
  ids: readonly string[],
  how: RawBuilder<unknown>,
): Promise<(Row<Name> | undefined)[]> {
  const { rows } = await sql<Row<Name>>`
    select * from ${sql.table(table)} where firm_id = ${firmId} and ${isAmong("id", ids)} ${how}`.execute(tx);
  return inOrder(
    rows,
    ids.map((id) => ({ id })),
  );
}

/** The condition that a column holds one of these ids: the same text however many there are. */
export function isAmong(column: string, wanted: readonly (string | { id: string })[]): RawBuilder<SqlBool> {
  const ids = wanted.map((each) => (typeof each === "string" ? each : each.id));
  return sql<SqlBool>`${sql.ref(column)} = any (${ids}::uuid[])`;
}

/** The rows with these ids in their order; undefined for one that was not found. */
export function inOrder<Found extends { id: string }>(
  found: readonly Found[],
  wanted: readonly { id: string }[],
): (Found | undefined)[] {
  const byId = new Map(found.map((row) => [row.id, row]));
  return wanted.map(({ id }) => byId.get(id));
}

/** For each key the rows that have it, in their order. */
export function byKey<Found>(
  found: readonly Found[],
  keys: readonly string[],
  keyOf: (row: Found) => string | null,
): Found[][] {
  const rows = Map.groupBy(found, keyOf);
  return keys.map((key) => rows.get(key) ?? []);
}

/** The items in groups that name the same columns. */
function alike<Item>(items: readonly Item[], toRow: (item: Item) => Record<string, unknown>) {
  const named = (item: Item) =>
    Object.entries(toRow(item))
      .filter(([, value]) => value !== undefined)
      .map(([name]) => name)
      .sort();
  const groups = Map.groupBy(items, (item) => named(item).join());
  return [...groups.values()].map((group) => {
    const names = group[0] === undefined ? [] : named(group[0]);
    return { items: group, names, columns: sql.join(names.map((name) => sql.ref(name))) };
  });
}

function targetOf(once: string | RawBuilder<unknown>): RawBuilder<unknown> {
  return typeof once === "string" ? sql`on constraint ${sql.ref(once)}` : once;
}

function asRecord(row: object): Record<string, unknown> {
  return row as Record<string, unknown>;
}
