-- Connections to matter systems and what is read from them.

create table connection (
  firm_id uuid not null references firm (id),
  id uuid not null,
  connector text not null,
  external_account_id text not null,
  account_name text not null,
  web_origin text not null,
  state text not null constraint connection_state check (state in ('authorized', 'needs_authorization', 'paused', 'disconnected')),
  state_reason text,
  access_token_sealed text,
  refresh_token_sealed text,
  token_expires_at timestamptz,
  posting_release text not null default 'automatic' constraint connection_posting_release check (posting_release in ('automatic', 'manual')),
  posted_date text not null default 'payment_date' constraint connection_posted_date check (posted_date in ('payment_date', 'posting_date')),
  -- The part of our webhook's address that names this connection; the vendor signs with the sealed secret.
  webhook_key text not null constraint connection_webhook_key_unique unique,
  webhook_external_id text,
  webhook_secret_sealed text,
  webhook_callback_url text,
  authorized_by uuid,
  authorized_at timestamptz,
  last_synced_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (firm_id, id),
  foreign key (firm_id, authorized_by) references member (firm_id, id),
  constraint connection_account_unique unique (firm_id, connector, external_account_id),
  constraint connection_tokens check (state <> 'authorized' or access_token_sealed is not null)
);
call guard_tenant('connection');

create table sync_run (
  firm_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  kind text not null constraint sync_run_kind check (kind in ('first', 'incremental')),
  state text not null constraint sync_run_state check (state in ('running', 'done', 'failed')),
  family text,
  records_read integer not null default 0,
  records_changed integer not null default 0,
  unreadable integer not null default 0,
  reason text,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (firm_id, id),
  foreign key (firm_id, connection_id) references connection (firm_id, id)
);
call guard_tenant('sync_run');
create index sync_run_latest on sync_run (firm_id, connection_id, started_at desc);
create unique index sync_run_one_running on sync_run (firm_id, connection_id) where state = 'running';

-- Where each family stands. `changed_since` is what the running pass asks for, `next_changed_since` what the next will.
create table sync_cursor (
  firm_id uuid not null,
  connection_id uuid not null,
  family text not null constraint sync_cursor_family check (family in ('clients', 'matters', 'statements')),
  changed_since timestamptz,
  next_changed_since timestamptz,
  page_cursor text,
  updated_at timestamptz not null default now(),
  primary key (firm_id, connection_id, family),
  foreign key (firm_id, connection_id) references connection (firm_id, id)
);
call guard_tenant('sync_cursor');

-- Records that could not be understood: shown with the reason, cleared when a later read understands them.
create table sync_problem (
  firm_id uuid not null,
  connection_id uuid not null,
  family text not null,
  external_id text not null,
  reason text not null,
  seen_at timestamptz not null default now(),
  primary key (firm_id, connection_id, family, external_id),
  foreign key (firm_id, connection_id) references connection (firm_id, id)
);
call guard_tenant('sync_problem');

create table client (
  firm_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  external_id text not null,
  number text not null,
  name text not null,
  email text,
  changed_at timestamptz not null,
  deleted_at timestamptz,
  primary key (firm_id, id),
  foreign key (firm_id, connection_id) references connection (firm_id, id),
  constraint client_external_unique unique (firm_id, connection_id, external_id)
);
call guard_tenant('client');

create table matter (
  firm_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  external_id text not null,
  client_id uuid not null,
  number text not null,
  description text not null,
  is_open boolean not null,
  responsible text,
  office text,
  trust_balance_minor bigint,
  changed_at timestamptz not null,
  deleted_at timestamptz,
  primary key (firm_id, id),
  foreign key (firm_id, connection_id) references connection (firm_id, id),
  foreign key (firm_id, client_id) references client (firm_id, id),
  constraint matter_external_unique unique (firm_id, connection_id, external_id)
);
call guard_tenant('matter');
create index matter_client on matter (firm_id, client_id);

create table payer (
  firm_id uuid not null,
  id uuid not null,
  matter_id uuid not null,
  external_id text not null,
  name text not null,
  email text,
  is_assigned boolean not null,
  primary key (firm_id, id),
  foreign key (firm_id, matter_id) references matter (firm_id, id),
  constraint payer_external_unique unique (firm_id, matter_id, external_id)
);
call guard_tenant('payer');

create table statement (
  firm_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  external_id text not null,
  matter_id uuid not null,
  number text not null,
  kind text not null constraint statement_kind check (kind in ('invoice', 'trust_request')),
  state text not null constraint statement_state check (state in ('open', 'paid', 'void')),
  issued_on date not null,
  due_on date,
  currency text not null constraint statement_currency_form check (currency ~ '^[A-Z]{3}$'),
  total_minor bigint not null,
  balance_minor bigint not null,
  -- Client, matter, statement numbers and payers in lower case, written by the sync: what the search box looks through.
  search_text text not null,
  changed_at timestamptz not null,
  deleted_at timestamptz,
  primary key (firm_id, id),
  foreign key (firm_id, connection_id) references connection (firm_id, id),
  foreign key (firm_id, matter_id) references matter (firm_id, id),
  constraint statement_external_unique unique (firm_id, connection_id, external_id)
);
call guard_tenant('statement');
create index statement_matter on statement (firm_id, matter_id);
create index statement_number on statement (firm_id, number);
create index statement_open on statement (firm_id, due_on, id) where state = 'open' and deleted_at is null and balance_minor > 0;
create index statement_search on statement using gin (firm_id, search_text gin_trgm_ops) where deleted_at is null;

-- What a member has ticked; survives searches, going back and signing in again. A null amount is the whole balance.
create table basket_line (
  firm_id uuid not null,
  member_id uuid not null,
  statement_id uuid not null,
  amount_minor bigint constraint basket_line_amount check (amount_minor > 0),
  added_at timestamptz not null default clock_timestamp(),
  primary key (firm_id, member_id, statement_id),
  foreign key (firm_id, member_id) references member (firm_id, id),
  foreign key (firm_id, statement_id) references statement (firm_id, id)
);
call guard_tenant('basket_line');

create policy resolver on statement for select to sfp_resolver using (true);
create policy resolver on connection for select to sfp_resolver using (true);
grant select on statement, connection to sfp_resolver;
grant create on schema public to sfp_resolver;
set role sfp_resolver;
-- LIKE is not leakproof, so under row-level security its index is out of reach: this one function filters by firm itself.
-- Every word must occur; the longest leads the index. Oldest due first; `after_*` is the last row of the page before.
create function search_statements(words text[], only_open boolean, after_due date, after_id uuid, page_size integer)
  returns table (statement_id uuid)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  patterns text[] := array(
    select '%' || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%'
    from unnest(words) word where word <> '' order by length(word) desc limit 10);
begin
  return query
  select s.id
  from statement s
  where s.firm_id = current_firm()
    and s.deleted_at is null
    and (patterns[1] is null or (s.search_text like patterns[1] and s.search_text like all (patterns)))
    and (not only_open or (s.state = 'open' and s.balance_minor > 0))
    and (after_id is null or (coalesce(s.due_on, 'infinity'), s.id) > (coalesce(after_due, 'infinity'), after_id))
  order by coalesce(s.due_on, 'infinity'), s.id
  limit least(page_size, 500);
end $$;
create function find_connection_by_webhook_key(key text) returns table (firm_id uuid, connection_id uuid)
  language sql stable security definer set search_path = public, pg_temp as $$
  select c.firm_id, c.id from connection c where c.webhook_key = key and c.state <> 'disconnected'
$$;
-- For a launch from the matter system's own screens: which firms authorised this account.
create function find_connections_of_account(wanted_connector text, account text) returns table (firm_id uuid, connection_id uuid)
  language sql stable security definer set search_path = public, pg_temp as $$
  select c.firm_id, c.id from connection c
  where c.connector = wanted_connector and c.external_account_id = account and c.state <> 'disconnected'
$$;
revoke execute on function search_statements(text[], boolean, date, uuid, integer), find_connection_by_webhook_key(text),
  find_connections_of_account(text, text) from public;
grant execute on function search_statements(text[], boolean, date, uuid, integer), find_connection_by_webhook_key(text),
  find_connections_of_account(text, text) to sfp_app;
reset role;
revoke create on schema public from sfp_resolver;
