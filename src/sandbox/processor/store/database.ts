import { DatabaseSync } from "node:sqlite";

export type Store = {
  database: DatabaseSync;
  /**
   * Runs the work as one transaction; a transaction inside another joins it. Throws what the work throws,
   * after a rollback.
   */
  transaction: <T>(work: () => T) => T;
  close: () => void;
};

const SCHEMA = `
create table if not exists object (
  seq integer primary key autoincrement,
  id text not null unique,
  kind text not null,
  account text not null,
  created integer not null,
  body text not null,
  hidden text not null
) strict;
create index if not exists object_by_account on object (kind, account, seq);
create index if not exists object_by_intent on object (json_extract(body, '$.payment_intent'));
create index if not exists object_by_charge on object (json_extract(body, '$.charge'));
create index if not exists object_by_payout on object (json_extract(hidden, '$.payout'));
create table if not exists task (
  id integer primary key autoincrement,
  due_at integer not null,
  kind text not null,
  account text not null,
  subject text not null
) strict;
create index if not exists task_by_due on task (due_at);
create table if not exists delivery (
  id integer primary key autoincrement,
  event text not null,
  endpoint text not null,
  state text not null,
  attempts integer not null default 0,
  due_at integer not null,
  rank integer not null,
  outcome text
) strict;
create index if not exists delivery_by_event on delivery (event);
create index if not exists delivery_by_due on delivery (state, due_at);
create table if not exists idempotency (
  scope text not null,
  key text not null,
  fingerprint text not null,
  created_at integer not null,
  status integer,
  body text,
  primary key (scope, key)
) strict;
create table if not exists setting (name text primary key, value text not null) strict;
create table if not exists fault (
  id integer primary key autoincrement,
  kind text not null,
  path text not null,
  milliseconds integer not null,
  remaining integer not null
) strict;
`;

/**
 * Opens (or makes) the file that holds all of the stand-in's state; what was committed survives a killed
 * process.
 */
export function openStore(file: string): Store {
  const database = new DatabaseSync(file);
  database.exec("pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000;");
  database.exec(SCHEMA);
  // A key that was still running belonged to a request that died before it changed anything.
  database.exec("delete from idempotency where status is null");
  let inside = false;
  return {
    database,
    transaction<T>(work: () => T): T {
      if (inside) return work();
      database.exec("begin immediate");
      inside = true;
      try {
        const result = work();
        database.exec("commit");
        return result;
      } catch (error) {
        database.exec("rollback");
        throw error;
      } finally {
        inside = false;
      }
    },
    close: () => database.close(),
  };
}
