-- Firms, people, sessions, settings, audit. Roles are made before the first migration (src/db/roles.ts):
--   the owner runs this file; sfp_app runs the service; sfp_resolver owns the few look-ups that need no firm.

create extension if not exists pg_trgm;
create extension if not exists btree_gin;

revoke create on schema public from public;
grant usage on schema public to sfp_app, sfp_resolver;
grant create on schema public to sfp_resolver; -- taken back at the end of each migration that makes functions as that role

-- The firm of the transaction; null outside of one, so that every policy fails closed.
create function current_firm() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.firm_id', true), '')::uuid;

-- Row-level security for one tenant table: only the firm of the transaction, for everybody, the owner included.
create procedure guard_tenant(target regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format(
    'create policy firm_wall on %s using (firm_id = current_firm()) with check (firm_id = current_firm())', target);
  execute format('grant select, insert, update, delete on %s to sfp_app', target);
end $$;

create table firm (
  id uuid primary key,
  name text not null constraint firm_name_length check (length(name) between 1 and 200),
  slug text not null constraint firm_slug_unique unique constraint firm_slug_form check (slug ~ '^[a-z0-9-]{1,60}$'),
  time_zone text not null default 'America/Chicago',
  locale text not null default 'en-US',
  currency text not null default 'USD' constraint firm_currency_form check (currency ~ '^[A-Z]{3}$'),
  created_at timestamptz not null default now()
);
alter table firm enable row level security;
alter table firm force row level security;
create policy firm_wall on firm using (id = current_firm()) with check (id = current_firm());
grant select, insert, update on firm to sfp_app;

create table firm_settings (
  firm_id uuid primary key references firm (id),
  address text not null default '',
  phone text not null default '',
  contact_email text not null default '',
  brand_color text not null default '#1f4a40' constraint firm_settings_brand_color_form check (brand_color ~ '^#[0-9a-f]{6}$'),
  disclaimer text not null default '',
  request_message text not null default '',
  link_lifetime_days numeric(8, 4) not null default 30
    constraint firm_settings_link_lifetime check (link_lifetime_days between 0.0104 and 366),
  part_payments_allowed boolean not null default false,
  least_part_payment_minor bigint not null default 5000 constraint firm_settings_least_part check (least_part_payment_minor > 0),
  updated_at timestamptz not null default now()
);
call guard_tenant('firm_settings');

-- A person may be a member of several firms; the address is who they are.
create table person (
  id uuid primary key,
  email text not null constraint person_email_unique unique constraint person_email_lower check (email = lower(email)),
  name text not null,
  created_at timestamptz not null default now()
);
grant select, insert, update on person to sfp_app;

create table member (
  firm_id uuid not null references firm (id),
  id uuid not null,
  person_id uuid not null references person (id),
  role text not null constraint member_role check (role in ('staff', 'bookkeeper', 'admin')),
  state text not null constraint member_state check (state in ('invited', 'active', 'removed')),
  created_at timestamptz not null default now(),
  primary key (firm_id, id),
  constraint member_person_unique unique (firm_id, person_id)
);
call guard_tenant('member');
create index member_person on member (person_id);

-- The token is not stored: it is the id and a MAC of it.
create table sign_in_link (
  id uuid primary key,
  person_id uuid not null references person (id),
  firm_id uuid references firm (id),
  next_path text not null default '/',
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
grant select, insert, update, delete on sign_in_link to sfp_app;

create table session (
  firm_id uuid not null,
  id uuid not null,
  secret_hash bytea not null constraint session_secret_unique unique,
  member_id uuid not null,
  kind text not null constraint session_kind check (kind in ('direct', 'embed')),
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  primary key (firm_id, id),
  foreign key (firm_id, member_id) references member (firm_id, id)
);
call guard_tenant('session');

-- One round trip to an authorisation server. `purpose` signIn has no firm yet.
create table authorization_state (
  state_hash bytea primary key,
  purpose text not null constraint authorization_state_purpose check (purpose in ('connection', 'signIn')),
  connector text not null,
  firm_id uuid references firm (id),
  member_id uuid,
  code_verifier_sealed text not null,
  browser_hash bytea not null,
  next_path text not null default '/',
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint authorization_state_firm check (purpose = 'signIn' or (firm_id is not null and member_id is not null))
);
grant select, insert, update, delete on authorization_state to sfp_app;

create table launch_used (
  firm_id uuid not null references firm (id),
  launch_id text not null,
  expires_at timestamptz not null,
  primary key (firm_id, launch_id)
);
call guard_tenant('launch_used');

create table merchant_account (
  firm_id uuid not null references firm (id),
  id uuid not null,
  name text not null,
  kind text not null constraint merchant_account_kind check (kind in ('operating', 'trust')),
  processor_account text not null,
  last4 text not null constraint merchant_account_last4 check (last4 ~ '^[0-9]{4}$'),
  currency text not null constraint merchant_account_currency_form check (currency ~ '^[A-Z]{3}$'),
  methods text[] not null default '{card,bank_debit}'
    constraint merchant_account_methods check (methods <@ '{card,bank_debit}' and cardinality(methods) > 0),
  fees_payer text not null constraint merchant_account_fees_payer check (fees_payer in ('account', 'platform')),
  is_default boolean not null default false,
  ledger_code text not null default '',
  created_at timestamptz not null default now(),
  archived_at timestamptz,
  primary key (firm_id, id),
  -- Fees never come out of client money: an account that pays its own fees cannot hold trust.
  constraint merchant_account_trust_fees check (kind = 'operating' or fees_payer = 'platform'),
  constraint merchant_account_processor_unique unique (firm_id, processor_account)
);
call guard_tenant('merchant_account');
create unique index merchant_account_one_default on merchant_account (firm_id, kind) where is_default and archived_at is null;
-- One processor account belongs to one firm, or an event could be laid at the wrong door.
create unique index merchant_account_processor_owner on merchant_account (processor_account);

-- An account never changes its kind or owner account: money already lies in it.
create function keep_account_kind() returns trigger language plpgsql as $$
begin
  if new.kind <> old.kind or new.processor_account <> old.processor_account then
    raise exception 'a merchant account keeps its kind and its processor account'
      using errcode = 'check_violation', constraint = 'merchant_account_keeps_kind';
  end if;
  return new;
end $$;
create trigger merchant_account_keeps_kind before update on merchant_account for each row execute function keep_account_kind();

-- Who did what, when, before and after. Rows are only ever added.
create table audit_event (
  firm_id uuid not null references firm (id),
  id bigint generated always as identity,
  at timestamptz not null default clock_timestamp(),
  actor_kind text not null constraint audit_event_actor_kind check (actor_kind in ('member', 'payer', 'system', 'processor', 'matter_system', 'mail')),
  actor_id text,
  actor_name text not null,
  action text not null,
  object_kind text not null,
  object_id text not null,
  link_id uuid,
  before jsonb,
  after jsonb,
  request_id text,
  primary key (firm_id, id)
);
call guard_tenant('audit_event');
revoke update, delete on audit_event from sfp_app;
create index audit_event_object on audit_event (firm_id, object_kind, object_id, id);
create index audit_event_link on audit_event (firm_id, link_id, id) where link_id is not null;
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are only ever added', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger audit_event_append_only before update or delete on audit_event for each row execute function refuse_change();
create trigger audit_event_no_truncate before truncate on audit_event for each statement execute function refuse_change();

-- Counters for tabs: each change adds a row, reading adds up a few, a job folds them.
create table tally (
  firm_id uuid not null references firm (id),
  family text not null,
  state text not null,
  delta bigint not null
);
call guard_tenant('tally');
create index tally_read on tally (firm_id, family, state) include (delta);
create function keep_tally() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into tally values (new.firm_id, tg_argv[0], new.state, 1);
  elsif tg_op = 'DELETE' then
    insert into tally values (old.firm_id, tg_argv[0], old.state, -1);
  elsif new.state <> old.state then
    insert into tally values (new.firm_id, tg_argv[0], old.state, -1), (new.firm_id, tg_argv[0], new.state, 1);
  end if;
  return null;
end $$;

-- Look-ups before the firm is known. They return ids only.
create policy resolver on session for select to sfp_resolver using (true);
create policy resolver on member for select to sfp_resolver using (true);
create policy resolver on firm for select to sfp_resolver using (true);
create policy resolver on merchant_account for select to sfp_resolver using (true);
grant select on session, member, firm, merchant_account to sfp_resolver;

set role sfp_resolver;
create function find_session(hash bytea) returns table (firm_id uuid, session_id uuid)
  language sql stable security definer set search_path = public, pg_temp as $$
  select s.firm_id, s.id from session s where s.secret_hash = hash and s.ended_at is null and s.expires_at > now()
$$;
create function find_memberships(person uuid) returns table (firm_id uuid, member_id uuid)
  language sql stable security definer set search_path = public, pg_temp as $$
  select m.firm_id, m.id from member m where m.person_id = person and m.state <> 'removed' order by m.created_at, m.id
$$;
create function find_firm_by_slug(wanted text) returns uuid
  language sql stable security definer set search_path = public, pg_temp as $$
  select f.id from firm f where f.slug = wanted
$$;
create function find_firm_of_processor_account(account text) returns uuid
  language sql stable security definer set search_path = public, pg_temp as $$
  select a.firm_id from merchant_account a where a.processor_account = account
$$;
create function list_firm_ids() returns setof uuid
  language sql stable security definer set search_path = public, pg_temp as $$
  select f.id from firm f order by f.id
$$;
revoke execute on function find_session(bytea), find_memberships(uuid), find_firm_by_slug(text),
  find_firm_of_processor_account(text), list_firm_ids() from public;
grant execute on function find_session(bytea), find_memberships(uuid), find_firm_by_slug(text),
  find_firm_of_processor_account(text), list_firm_ids() to sfp_app;
reset role;
revoke create on schema public from sfp_resolver;
