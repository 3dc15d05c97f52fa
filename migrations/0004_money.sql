-- Payments, their allocations, postings, the inbox.

create table payment (
  firm_id uuid not null,
  id uuid not null,
  reference text not null,
  link_id uuid not null,
  checkout_id uuid,
  merchant_account_id uuid not null,
  account_kind text not null constraint payment_account_kind check (account_kind in ('operating', 'trust')),
  processor_account text not null,
  payment_intent_id text not null,
  charge_id text,
  state text not null constraint payment_state check (state in ('processing', 'succeeded', 'failed')),
  -- A second payment of one link that the processor took in spite of all: kept apart, for a person to refund.
  is_surplus boolean not null default false,
  amount_minor bigint not null constraint payment_amount check (amount_minor > 0),
  currency text not null,
  fee_minor bigint not null default 0,
  refunded_minor bigint not null default 0,
  dispute text not null default 'none' constraint payment_dispute check (dispute in ('none', 'open', 'won', 'lost')),
  method text not null constraint payment_method check (method in ('card', 'bank_debit')),
  method_label text not null default '',
  payer_name text not null,
  payer_email text,
  failure_reason text,
  created_at timestamptz not null default now(),
  received_at timestamptz,
  primary key (firm_id, id),
  foreign key (firm_id, link_id) references payment_link (firm_id, id),
  foreign key (firm_id, checkout_id) references checkout (firm_id, id),
  foreign key (firm_id, merchant_account_id) references merchant_account (firm_id, id),
  constraint payment_intent_unique unique (firm_id, payment_intent_id),
  constraint payment_reference_unique unique (firm_id, reference),
  constraint payment_refunded_within check (refunded_minor between 0 and amount_minor),
  constraint payment_received check (state <> 'succeeded' or received_at is not null)
);
call guard_tenant('payment');
create index payment_list on payment (firm_id, created_at desc, id desc);
-- A link takes at most one payment.
create unique index payment_one_per_link on payment (firm_id, link_id) where state in ('processing', 'succeeded') and not is_surplus;

-- The account's kind is copied to the payment; it must be the account's.
create function check_payment_account() returns trigger language plpgsql as $$
begin
  if not exists (
    select from merchant_account a
    where a.firm_id = new.firm_id and a.id = new.merchant_account_id and a.kind = new.account_kind
      and a.processor_account = new.processor_account
  ) then
    raise exception 'the payment and its merchant account differ'
      using errcode = 'check_violation', constraint = 'payment_account_agrees';
  end if;
  return new;
end $$;
create trigger payment_account_agrees before insert or update of merchant_account_id, account_kind, processor_account on payment
  for each row execute function check_payment_account();

create table payment_allocation (
  firm_id uuid not null,
  id uuid not null,
  payment_id uuid not null,
  -- Null while nobody has said what it is for: such a part waits in Needs attention.
  statement_id uuid,
  position integer not null,
  amount_minor bigint not null constraint payment_allocation_amount check (amount_minor > 0),
  primary key (firm_id, id),
  foreign key (firm_id, payment_id) references payment (firm_id, id),
  foreign key (firm_id, statement_id) references statement (firm_id, id),
  constraint payment_allocation_position_unique unique (firm_id, payment_id, position),
  constraint payment_allocation_of_payment unique (firm_id, payment_id, id)
);
call guard_tenant('payment_allocation');
create index payment_allocation_payment on payment_allocation (firm_id, payment_id);
create index payment_allocation_statement on payment_allocation (firm_id, statement_id);

create function check_payment_allocation_kind() returns trigger language plpgsql as $$
declare
  paid payment;
  laid_on statement;
begin
  if new.statement_id is null then
    return new;
  end if;
  select * into strict paid from payment where firm_id = new.firm_id and id = new.payment_id;
  select * into strict laid_on from statement where firm_id = new.firm_id and id = new.statement_id;
  if (laid_on.kind = 'trust_request') <> (paid.account_kind = 'trust') then
    raise exception 'statement % may not be paid into a % account', laid_on.number, paid.account_kind
      using errcode = 'check_violation', constraint = 'payment_allocation_kind';
  end if;
  if laid_on.currency <> paid.currency then
    raise exception 'statement % is in %, the payment in %', laid_on.number, laid_on.currency, paid.currency
      using errcode = 'check_violation', constraint = 'payment_allocation_currency';
  end if;
  return new;
end $$;
create trigger payment_allocation_kind before insert or update on payment_allocation
  for each row execute function check_payment_allocation_kind();

-- Allocations of a payment always add up to the payment.
create function check_payment_sum() returns trigger language plpgsql as $$
declare
  wanted uuid[] := case
    when tg_table_name = 'payment' then array[(to_jsonb(new) ->> 'id')::uuid]
    -- A row that moves to another payment leaves one that must still add up.
    else array[(to_jsonb(new) ->> 'payment_id')::uuid, (to_jsonb(old) ->> 'payment_id')::uuid]
  end;
  broken uuid;
begin
  select p.id into broken
  from payment p
  where p.firm_id = coalesce(new.firm_id, old.firm_id) and p.id = any (wanted)
    and p.amount_minor <> coalesce((
      select sum(a.amount_minor) from payment_allocation a where a.firm_id = p.firm_id and a.payment_id = p.id), 0)
  limit 1;
  if found then
    raise exception 'the allocations of payment % do not add up to it', broken
      using errcode = 'check_violation', constraint = 'payment_allocation_sum';
  end if;
  return null;
end $$;
create constraint trigger payment_allocation_sum after insert or update or delete on payment_allocation
  deferrable initially deferred for each row execute function check_payment_sum();
create constraint trigger payment_sum after insert or update of amount_minor on payment
  deferrable initially deferred for each row execute function check_payment_sum();

create table posting (
  firm_id uuid not null,
  id uuid not null,
  -- Ours, unique for ever; by it an earlier write is found again in the matter system.
  reference text not null,
  payment_id uuid not null,
  allocation_id uuid not null,
  kind text not null constraint posting_kind check (kind in ('payment', 'trust_deposit', 'reversal')),
  -- What a reversal undoes, and which event asked for it: one reversal per event and posting.
  reverses_posting_id uuid,
  cause text not null default 'payment',
  connection_id uuid,
  statement_id uuid,
  amount_minor bigint not null constraint posting_amount check (amount_minor > 0),
  currency text not null,
  state text not null constraint posting_state check (state in ('needs_attention', 'ready', 'posting', 'posted', 'set_aside')),
  problem text constraint posting_problem check (problem in ('no_statement', 'no_connection', 'statement_closed', 'balance_changed',
    'rejected', 'unclear', 'surplus', 'unsupported', 'double_entry')),
  problem_text text,
  -- True from before the write until its outcome is known: then it must be looked up before any retry.
  outcome_unknown boolean not null default false,
  attempts integer not null default 0,
  released_at timestamptz,
  released_by uuid,
  posted_by text constraint posting_posted_by check (posted_by in ('api', 'file', 'hand')),
  external_id text,
  posted_on date,
  posted_at timestamptz,
  confirmed_at timestamptz,
  set_aside_reason text,
  next_try_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (firm_id, id),
  foreign key (firm_id, payment_id) references payment (firm_id, id),
  foreign key (firm_id, payment_id, allocation_id) references payment_allocation (firm_id, payment_id, id),
  foreign key (firm_id, connection_id) references connection (firm_id, id),
  foreign key (firm_id, statement_id) references statement (firm_id, id),
  foreign key (firm_id, reverses_posting_id) references posting (firm_id, id),
  foreign key (firm_id, released_by) references member (firm_id, id),
  constraint posting_reference_unique unique (firm_id, reference),
  constraint posting_reversal check ((kind = 'reversal') = (reverses_posting_id is not null)),
  constraint posting_posted check (state <> 'posted' or (posted_by is not null and posted_at is not null)),
  constraint posting_set_aside check (state <> 'set_aside' or set_aside_reason is not null),
  constraint posting_needs_attention check (state <> 'needs_attention' or problem is not null),
  constraint posting_has_target check (state not in ('ready', 'posting') or (connection_id is not null and statement_id is not null))
);
call guard_tenant('posting');
-- One posting per allocation and kind; one reversal per posting and cause.
create unique index posting_once on posting (firm_id, allocation_id, kind) where kind <> 'reversal';
create unique index posting_reversal_once on posting (firm_id, reverses_posting_id, cause) where kind = 'reversal';
create index posting_list on posting (firm_id, created_at desc, id desc);
create index posting_state_list on posting (firm_id, state, created_at desc, id desc);
create index posting_payment on posting (firm_id, payment_id);
create index posting_unconfirmed on posting (firm_id, connection_id) where state = 'posted' and confirmed_at is null;
create index posting_statement on posting (firm_id, statement_id);
create trigger posting_tally after insert or delete or update of state on posting for each row execute function keep_tally('posting');

-- What outside systems told us, kept before it is acted upon. Once per source and event.
create table inbox_event (
  firm_id uuid not null references firm (id),
  id uuid not null,
  source text not null constraint inbox_event_source check (source in ('stripe', 'postmark', 'connector')),
  external_id text not null,
  type text not null,
  account text,
  payload jsonb not null,
  received_at timestamptz not null default now(),
  handled_at timestamptz,
  outcome text,
  primary key (firm_id, id),
  constraint inbox_event_once unique (firm_id, source, external_id)
);
call guard_tenant('inbox_event');
create index inbox_event_unhandled on inbox_event (firm_id, received_at) where handled_at is null;

-- Events that belong to no firm we know: counted and shown to the operator, without their content.
create table inbox_parked (
  source text not null,
  external_id text not null,
  type text not null,
  account text,
  received_at timestamptz not null default now(),
  primary key (source, external_id)
);
grant select, insert on inbox_parked to sfp_app;

create policy resolver on payment_link for select to sfp_resolver using (true);
grant select on payment_link to sfp_resolver;
grant create on schema public to sfp_resolver;
set role sfp_resolver;
create function find_link(wanted uuid) returns table (firm_id uuid, token_version integer)
  language sql stable security definer set search_path = public, pg_temp as $$
  select l.firm_id, l.token_version from payment_link l where l.id = wanted
$$;
revoke execute on function find_link(uuid) from public;
grant execute on function find_link(uuid) to sfp_app;
reset role;
revoke create on schema public from sfp_resolver;
create unique index payment_link_id on payment_link (id);
