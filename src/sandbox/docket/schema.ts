/** Docket's whole state, in one SQLite file. Money is integer cents, instants are milliseconds since 1970. */
export const SCHEMA = `
create table if not exists meta (name text primary key, value text not null);
create table if not exists counters (name text primary key, value integer not null);

create table if not exists users (
  id text primary key, name text not null, email text not null, role text not null
);
create table if not exists browser_sessions (
  token_hash text primary key, user_id text not null references users(id), expires_at integer not null
);
create table if not exists oidc (
  model text not null, id text not null, payload text not null,
  grant_id text, uid text, expires_at integer,
  primary key (model, id)
);
create index if not exists oidc_by_grant on oidc (grant_id) where grant_id is not null;
create index if not exists oidc_by_uid on oidc (model, uid) where uid is not null;

create table if not exists clients (
  id text primary key, number text not null, name text not null, email text,
  updated_at integer not null, deleted_at integer
);
create index if not exists clients_by_change on clients (updated_at, id);

create table if not exists matters (
  id text primary key, number text not null, description text not null,
  client_id text not null references clients(id), status text not null check (status in ('open', 'closed')),
  responsible text not null, office text not null,
  opening_trust_cents integer not null, trust_balance_cents integer not null check (trust_balance_cents >= 0),
  updated_at integer not null, deleted_at integer
);
create index if not exists matters_by_change on matters (updated_at, id);
create index if not exists matters_by_number on matters (number);

create table if not exists payers (
  matter_id text not null references matters(id), position integer not null, contact_id text not null,
  name text not null, email text, assigned integer not null,
  primary key (matter_id, position)
);

create table if not exists statements (
  id text primary key, number text not null, matter_id text not null references matters(id),
  kind text not null check (kind in ('invoice', 'trust_request')),
  status text not null check (status in ('open', 'paid', 'void')),
  issued_on text not null, due_on text, currency text not null,
  total_cents integer not null, brought_forward_cents integer not null,
  balance_cents integer not null check (balance_cents >= 0),
  updated_at integer not null, deleted_at integer
);
create index if not exists statements_by_change on statements (updated_at, id);
create index if not exists statements_by_matter on statements (matter_id);

create table if not exists entries (
  id text primary key, kind text not null check (kind in ('payment', 'trust_deposit', 'reversal')),
  reference text not null, dated_on text not null, method text, memo text, payer_name text,
  amount_cents integer not null check (amount_cents > 0),
  reversed_cents integer not null check (reversed_cents between 0 and amount_cents),
  reverses_id text references entries(id),
  created_at integer not null, updated_at integer not null
);
create index if not exists entries_by_reference on entries (kind, reference);
create index if not exists entries_by_change on entries (kind, updated_at, id);

create table if not exists ledger (
  id text primary key, entry_id text not null references entries(id), reverses_id text,
  at integer not null, matter_id text not null, statement_id text, kind text not null,
  amount_cents integer not null check (amount_cents > 0), reference text not null
);
create index if not exists ledger_by_matter on ledger (matter_id, id);
create index if not exists ledger_by_entry on ledger (entry_id);
create index if not exists ledger_by_reversed on ledger (reverses_id) where reverses_id is not null;

create table if not exists webhooks (
  id text primary key, client_id text not null, url text not null, events text not null,
  secret text not null, created_at integer not null
);
create table if not exists deliveries (
  sequence integer primary key autoincrement,
  webhook_id text not null references webhooks(id) on delete cascade,
  event_id text not null, type text not null, record_id text not null, created_at integer not null,
  attempts integer not null, next_at integer not null
);
create index if not exists deliveries_in_order on deliveries (webhook_id, sequence);
create index if not exists deliveries_untried on deliveries (webhook_id, type, record_id) where attempts = 0;
`;
