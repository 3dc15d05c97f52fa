import { missing } from "../api/problems.ts";
import type { Context } from "../context.ts";
import { seconds } from "../context.ts";
import type { Kind, Kinds } from "../resources.ts";
import type { Store } from "./database.ts";

export type Stored<K extends Kind> = {
  kind: K;
  account: string;
  body: Kinds[K]["body"];
  /** What the API never shows. */
  hidden: Kinds[K]["hidden"];
};

type Row = { kind: string; account: string; body: string; hidden: string };

/** The words of "No such …" for each kind, where they differ from the kind's name. */
const NOUNS: Partial<Record<Kind, string>> = {
  "checkout.session": "checkout.session",
  webhook_endpoint: "webhook endpoint",
  balance_transaction: "balance transaction",
};

/** Writes a new object on the context's account. */
export function insert<K extends Kind>(
  cx: Context,
  kind: K,
  body: Kinds[K]["body"],
  hidden: Kinds[K]["hidden"],
): Stored<K> {
  cx.store.database
    .prepare("insert into object (id, kind, account, created, body, hidden) values (?, ?, ?, ?, ?, ?)")
    .run(
      body.id,
      kind,
      cx.account,
      body.created ?? seconds(cx),
      JSON.stringify(body),
      JSON.stringify(hidden),
    );
  return { kind, account: cx.account, body, hidden };
}

/** Writes the changed body and hidden part of an object that was read before. */
export function save<K extends Kind>(cx: Context, stored: Stored<K>): void {
  cx.store.database
    .prepare("update object set body = ?, hidden = ? where id = ?")
    .run(JSON.stringify(stored.body), JSON.stringify(stored.hidden), stored.body.id);
}

/** The object with this id on the context's account, or undefined. */
export function find<K extends Kind>(cx: Context, kind: K, id: string): Stored<K> | undefined {
  const row = cx.store.database
    .prepare("select kind, account, body, hidden from object where id = ? and kind = ? and account = ?")
    .get(id, kind, cx.account);
  return row === undefined ? undefined : read<K>(row as Row);
}

/**
 * As `find`; throws 404 `resource_missing` when it is not there, naming the parameter that carried the id.
 */
export function get<K extends Kind>(cx: Context, kind: K, id: string, param?: string): Stored<K> {
  const found = find(cx, kind, id);
  if (found === undefined) throw missing(NOUNS[kind] ?? kind, id, param);
  return found;
}

/** The object with this id on whichever account; for pages that are reached by their secret address. */
export function findAnywhere<K extends Kind>(store: Store, kind: K, id: string): Stored<K> | undefined {
  const row = store.database
    .prepare("select kind, account, body, hidden from object where id = ? and kind = ?")
    .get(id, kind);
  return row === undefined ? undefined : read<K>(row as Row);
}

/** The body of any object of this account, for expansion. */
export function bodyOf(cx: Context, id: string): Record<string, unknown> | undefined {
  const row = cx.store.database
    .prepare("select body from object where id = ? and account = ?")
    .get(id, cx.account);
  return row === undefined ? undefined : (JSON.parse((row as Row).body) as Record<string, unknown>);
}

/** Removes an object. */
export function remove(cx: Context, id: string): void {
  cx.store.database.prepare("delete from object where id = ? and account = ?").run(id, cx.account);
}

export type Condition = { sql: string; values: (string | number)[] };

/**
 * Every object of a kind that meets the conditions, newest first, up to the limit; `account` null reads all
 * accounts.
 */
export function select<K extends Kind>(
  store: Store,
  kind: K,
  account: string | null,
  conditions: Condition[],
  order: { limit: number; ascending?: boolean },
): Stored<K>[] {
  const all: Condition[] = [
    { sql: "kind = ?", values: [kind] },
    ...(account === null ? [] : [{ sql: "account = ?", values: [account] }]),
    ...conditions,
  ];
  const rows = store.database
    .prepare(
      `select kind, account, body, hidden from object where ${all.map(({ sql }) => `(${sql})`).join(" and ")}
       order by seq ${order.ascending === true ? "asc" : "desc"} limit ?`,
    )
    .all(...all.flatMap(({ values }) => values), order.limit);
  return rows.map((row) => read<K>(row as Row));
}

/** The condition that a field of the body has this value. */
export function fieldIs(field: string, value: string | number): Condition {
  return { sql: `json_extract(body, '$.${field}') = ?`, values: [value] };
}

/** The place of an object in the order of creation, for cursors. */
export function sequenceOf(cx: Context, id: string): number | undefined {
  const row = cx.store.database
    .prepare("select seq from object where id = ? and account = ?")
    .get(id, cx.account);
  return row === undefined ? undefined : Number(row.seq);
}

function read<K extends Kind>(row: Row): Stored<K> {
  return {
    kind: row.kind as K,
    account: row.account,
    body: JSON.parse(row.body) as Kinds[K]["body"],
    hidden: JSON.parse(row.hidden) as Kinds[K]["hidden"],
  };
}
