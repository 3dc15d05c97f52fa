-- Payment links, their allocations, emails and checkouts.

create table payment_link (
  firm_id uuid not null references firm (id),
  id uuid not null,
  reference text not null,
  source text not null constraint payment_link_source check (source in ('matters', 'quick', 'bulk', 'api')),
  -- Links that were sent together in one email share it.
  request_id uuid not null,
  merchant_account_id uuid not null,
  account_kind text not null constraint payment_link_account_kind check (account_kind in ('operating', 'trust')),
  currency text not null constraint payment_link_currency_form check (currency ~ '^[A-Z]{3}$'),
  amount_minor bigint not null constraint payment_link_amount check (amount_minor between 50 and 99999999),
  state text not null constraint payment_link_state
    check (state in ('outstanding', 'processing', 'payment_received', 'part_paid', 'cancelled', 'expired')),
  delivery text not null constraint payment_link_delivery check (delivery in ('not_emailed', 'queued', 'sent', 'delivered', 'bounced')),
  delivery_reason text,
  -- What the link is for, in the firm's words; the payer reads it.
  description text not null,
  client_name text not null default '',
  matter_id uuid,
  payer_name text not null,
  payer_emails text[] not null default '{}',
  message text not null default '',
  due_on date,
  part_payment_allowed boolean not null default false,
  least_amount_minor bigint,
  token_version integer not null default 1,
  predecessor_id uuid,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  closed_at timestamptz,
  first_viewed_at timestamptz,
  last_viewed_at timestamptz,
  tried_at timestamptz,
  tried_reason text,
  updated_at timestamptz not null default now(),
  primary key (firm_id, id),
  foreign key (firm_id, merchant_account_id) references merchant_account (firm_id, id),
  foreign key (firm_id, matter_id) references matter (firm_id, id),
  foreign key (firm_id, created_by) references member (firm_id, id),
  foreign key (firm_id, predecessor_id) references payment_link (firm_id, id),
  constraint payment_link_reference_unique unique (firm_id, reference),
  constraint payment_link_one_successor unique (firm_id, predecessor_id),
  constraint payment_link_least_amount check (least_amount_minor is null or least_amount_minor between 50 and amount_minor)
);
call guard_tenant('payment_link');
create index payment_link_list on payment_link (firm_id, created_at desc, id desc);
create index payment_link_state_list on payment_link (firm_id, state, created_at desc, id desc);
create index payment_link_request on payment_link (firm_id, request_id);
create index payment_link_expiring on payment_link (firm_id, expires_at) where state = 'outstanding';
create trigger payment_link_tally after insert or delete or update of state on payment_link
  for each row execute function keep_tally('link');

create table link_allocation (
  firm_id uuid not null,
  id uuid not null,
  link_id uuid not null,
  statement_id uuid not null,
  position integer not null,
  amount_minor bigint not null constraint link_allocation_amount check (amount_minor > 0),
  balance_at_sending_minor bigint not null,
  -- Above the balance at the time of sending only with the member's word.
  above_balance_confirmed boolean not null default false,
  primary key (firm_id, id),
  foreign key (firm_id, link_id) references payment_link (firm_id, id),
  foreign key (firm_id, statement_id) references statement (firm_id, id),
  constraint link_allocation_statement_unique unique (firm_id, link_id, statement_id),
  constraint link_allocation_position_unique unique (firm_id, link_id, position),
  constraint link_allocation_within_balance check (amount_minor <= balance_at_sending_minor or above_balance_confirmed)
);
call guard_tenant('link_allocation');
create index link_allocation_statement on link_allocation (firm_id, statement_id);

-- Trust with trust only: the kind of the account agrees with the kind of each statement, and so do the currencies.
create function check_allocation_kind() returns trigger language plpgsql as $$
declare
  link payment_link;
  laid_on statement;
begin
  select * into strict link from payment_link where firm_id = new.firm_id and id = new.link_id;
  select * into strict laid_on from statement where firm_id = new.firm_id and id = new.statement_id;
  if (laid_on.kind = 'trust_request') <> (link.account_kind = 'trust') then
    raise exception 'statement % may not be paid into a % account', laid_on.number, link.account_kind
      using errcode = 'check_violation', constraint = 'link_allocation_kind';
  end if;
  if laid_on.currency <> link.currency then
    raise exception 'statement % is in %, the link in %', laid_on.number, laid_on.currency, link.currency
      using errcode = 'check_violation', constraint = 'link_allocation_currency';
  end if;
  return new;
end $$;
create trigger link_allocation_kind before insert or update on link_allocation for each row execute function check_allocation_kind();

-- The account's kind is copied to the link; it must be the account's.
create function check_link_account() returns trigger language plpgsql as $$
begin
  if not exists (
    select from merchant_account a
    where a.firm_id = new.firm_id and a.id = new.merchant_account_id and a.kind = new.account_kind and a.currency = new.currency
  ) then
    raise exception 'the link and its merchant account differ in kind or currency'
      using errcode = 'check_violation', constraint = 'payment_link_account_agrees';
  end if;
  return new;
end $$;
create trigger payment_link_account_agrees before insert or update of merchant_account_id, account_kind, currency on payment_link
  for each row execute function check_link_account();

-- Allocations add up to the amount. Links without any (Quick Link, Bulk Upload) are laid on statements when they are paid.
create function check_link_sum() returns trigger language plpgsql as $$
declare
  wanted uuid[] := case
    when tg_table_name = 'payment_link' then array[(to_jsonb(new) ->> 'id')::uuid]
    -- A row that moves to another link leaves one that must still add up.
    else array[(to_jsonb(new) ->> 'link_id')::uuid, (to_jsonb(old) ->> 'link_id')::uuid]
  end;
  broken uuid;
begin
  select l.id into broken
  from payment_link l
  left join lateral (
    select sum(a.amount_minor) as laid from link_allocation a where a.firm_id = l.firm_id and a.link_id = l.id
  ) sums on true
  where l.firm_id = coalesce(new.firm_id, old.firm_id) and l.id = any (wanted)
    and (l.amount_minor <> sums.laid or (sums.laid is null and l.source = 'matters'))
  limit 1;
  if found then
    raise exception 'the allocations of link % do not add up to its amount', broken
      using errcode = 'check_violation', constraint = 'link_allocation_sum';
  end if;
  return null;
end $$;
create constraint trigger link_allocation_sum after insert or update or delete on link_allocation
  deferrable initially deferred for each row execute function check_link_sum();
create constraint trigger payment_link_sum after insert or update of amount_minor on payment_link
  deferrable initially deferred for each row execute function check_link_sum();

-- What was or is to be emailed. The text is made when it is sent, so that no stored row opens a link.
create table email (
  firm_id uuid not null references firm (id),
  id uuid not null,
  kind text not null constraint email_kind check (kind in ('request', 'receipt', 'on_its_way', 'bank_failed', 'invite')),
  -- One email per intent: the same intent twice is one row.
  intent text not null,
  request_id uuid,
  link_id uuid,
  payment_id uuid,
  member_id uuid,
  to_address text not null,
  subject text not null default '',
  state text not null constraint email_state check (state in ('queued', 'sending', 'sent', 'delivered', 'bounced', 'complained', 'failed', 'unclear')),
  reason text,
  message_id text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  opened_at timestamptz,
  primary key (firm_id, id),
  foreign key (firm_id, link_id) references payment_link (firm_id, id),
  constraint email_intent_unique unique (firm_id, intent, to_address)
);
call guard_tenant('email');
create index email_link on email (firm_id, link_id);
create index email_request on email (firm_id, request_id);
create index email_message on email (firm_id, message_id);

-- One try of a payer at the processor. `preparing` is stored before the processor is asked.
create table checkout (
  firm_id uuid not null,
  id uuid not null,
  link_id uuid not null,
  merchant_account_id uuid not null,
  processor_account text not null,
  amount_minor bigint not null constraint checkout_amount check (amount_minor between 50 and 99999999),
  currency text not null,
  method text not null constraint checkout_method check (method in ('card', 'bank_debit')),
  receipt_email text,
  language text not null default 'en',
  state text not null constraint checkout_state check (state in ('preparing', 'open', 'completed', 'expired', 'abandoned')),
  session_id text,
  session_url text,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (firm_id, id),
  foreign key (firm_id, link_id) references payment_link (firm_id, id),
  foreign key (firm_id, merchant_account_id) references merchant_account (firm_id, id),
  constraint checkout_session_unique unique (firm_id, session_id)
);
call guard_tenant('checkout');
create index checkout_link on checkout (firm_id, link_id);
-- At most one payable checkout per link at any moment.
create unique index checkout_one_payable on checkout (firm_id, link_id) where state in ('preparing', 'open');
