import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const FILE_NAME = "mailbox.sqlite";

// `addresses` holds every recipient for the search; `message` the request as it was read.
// An event waits in `pending` until it is due, has happened and was confirmed by the webhook's receiver.
const SCHEMA = `
  create table if not exists messages (
    sequence integer primary key autoincrement,
    id text not null unique,
    submitted_at integer not null,
    subject text not null,
    addresses text not null,
    message text not null
  );
  create table if not exists recipients (
    message_id text not null references messages (id),
    address text not null,
    state text not null,
    detail text not null default '',
    primary key (message_id, address)
  ) without rowid;
  create table if not exists suppressions (
    address text primary key,
    reason text not null
  ) without rowid;
  create table if not exists events (
    id integer primary key autoincrement,
    message_id text not null references messages (id),
    recipient text not null,
    kind text not null,
    link text,
    due_at integer not null,
    happened_at integer,
    body text,
    attempts integer not null default 0,
    state text not null default 'pending',
    answer text not null default ''
  );
  create index if not exists events_due on events (due_at) where state = 'pending';
  create index if not exists events_of_message on events (message_id, id);
`;

/** Opens (or makes) the mailbox's one file in a folder, which is made where it is missing. */
export function openStore(folder: string): DatabaseSync {
  mkdirSync(folder, { recursive: true });
  const db = new DatabaseSync(join(folder, FILE_NAME));
  db.exec("pragma journal_mode = wal; pragma synchronous = normal");
  db.exec("pragma foreign_keys = on; pragma busy_timeout = 5000");
  db.exec(SCHEMA);
  return db;
}

/** Runs `work` in one transaction and gives back its result; an error rolls everything back. */
export function inTransaction<Result>(db: DatabaseSync, work: () => Result): Result {
  db.exec("begin immediate");
  try {
    const result = work();
    db.exec("commit");
    return result;
  } catch (error) {
    db.exec("rollback");
    throw error;
  }
}
