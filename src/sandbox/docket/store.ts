import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { SCHEMA } from "./schema.ts";

const FILE_NAME = "docket.sqlite";
const ID_DIGITS = 9;

export type Store = {
  /** The first row, or undefined. The caller names the row's type, which the query's columns must match. */
  find: <Row>(sql: string, ...parameters: SQLInputValue[]) => Row | undefined;
  all: <Row>(sql: string, ...parameters: SQLInputValue[]) => Row[];
  /** Returns how many rows changed. */
  run: (sql: string, ...parameters: SQLInputValue[]) => number;
  /** All or nothing; what throws inside undoes the whole. Not to be nested. */
  transact: <Result>(work: () => Result) => Result;
  /** The present in milliseconds, but always later than every instant given before, also before a restart. */
  nextInstant: () => number;
  /** The next id of a kind of record, such as `pay_000000001`; ids of one kind sort in the order of their making. */
  nextId: (prefix: string) => string;
  /** Called after each committed transaction. */
  committed: Set<() => void>;
  close: () => void;
};

/** Opens (or makes) the data file in a folder. Answers survive a killed process: SQLite's write-ahead log holds each commit. */
export function openStore(folder: string): Store {
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, FILE_NAME));
  database.exec("pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on");
  database.exec(SCHEMA);
  const prepared = new Map<string, StatementSync>();
  const committed = new Set<() => void>();
  let latest = latestInstant(database);

  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const fresh = database.prepare(sql);
    prepared.set(sql, fresh);
    return fresh;
  };
  const find = <Row>(sql: string, ...parameters: SQLInputValue[]) =>
    prepare(sql).get(...parameters) as Row | undefined;
  const run = (sql: string, ...parameters: SQLInputValue[]) =>
    Number(prepare(sql).run(...parameters).changes);

  return {
    find,
    all: <Row>(sql: string, ...parameters: SQLInputValue[]) => prepare(sql).all(...parameters) as Row[],
    run,
    transact: (work) => {
      const result = inTransaction(database, work);
      for (const listener of committed) listener();
      return result;
    },
    nextInstant: () => {
      latest = Math.max(Date.now(), latest + 1);
      return latest;
    },
    nextId: (prefix) => {
      const row = find<{ value: number }>(
        `insert into counters (name, value) values (?, 1)
         on conflict (name) do update set value = value + 1 returning value`,
        prefix,
      );
      return formatId(prefix, row?.value ?? 0);
    },
    committed,
    close: () => database.close(),
  };
}

/** `stm` and 12 make `stm_000000012`. */
export function formatId(prefix: string, sequence: number): string {
  return `${prefix}_${String(sequence).padStart(ID_DIGITS, "0")}`;
}

function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec("begin immediate");
  try {
    const result = work();
    database.exec("commit");
    return result;
  } catch (error) {
    database.exec("rollback");
    throw error;
  }
}

function latestInstant(database: DatabaseSync): number {
  const row = database
    .prepare(
      `select max(coalesce((select max(updated_at) from clients), 0),
                  coalesce((select max(updated_at) from matters), 0),
                  coalesce((select max(updated_at) from statements), 0),
                  coalesce((select max(updated_at) from entries), 0)) as latest`,
    )
    .get();
  return Number(row?.latest ?? 0);
}
