-- Deposits: what the processor pays out to a bank account, and what each is made of.

-- The day on which the processor lets the money go; it is in a deposit from then on.
alter table payment add column expected_on date;

create table deposit (
  firm_id uuid not null,
  id uuid not null,
  reference text not null,
  merchant_account_id uuid not null,
  account_kind text not null constraint deposit_account_kind check (account_kind in ('operating', 'trust')),
  processor_account text not null,
  payout_id text not null,
  state text not null constraint deposit_state check (state in ('pending', 'in_transit', 'paid', 'failed', 'cancelled')),
  -- Below zero where the processor takes money from the bank account.
  amount_minor bigint not null,
  currency text not null constraint deposit_currency_form check (currency ~ '^[A-Z]{3}$'),
  -- Made by the processor's own timetable. Of others it does not say what they are made of.
  automatic boolean not null,
  arrives_on date not null,
  made_at timestamptz not null,
  -- The bank's own reference, once it is known.
  bank_reference text,
  failure_reason text,
  -- Whether its lines are known: not yet told, being read page by page, all read, never told.
  contents text not null constraint deposit_contents check (contents in ('waiting', 'reading', 'complete', 'not_told')),
  -- The last line that was kept: reading goes on behind it.
  lines_cursor text,
  -- What the lines add up to, what our own books say that they should, and how many of them our books do not explain.
  lines_minor bigint not null default 0,
  expected_minor bigint not null default 0,
  unexplained_count integer not null default 0 constraint deposit_unexplained check (unexplained_count >= 0),
  difference_minor bigint not null generated always as (amount_minor - expected_minor) stored,
  -- Null while it cannot be told.
  ties boolean generated always as (
    case when contents = 'complete' then amount_minor = lines_minor and amount_minor = expected_minor and unexplained_count = 0 end) stored,
  -- Just before the processor was asked: an answer to an earlier question never overwrites a later one.
  read_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (firm_id, id),
  foreign key (firm_id, merchant_account_id) references merchant_account (firm_id, id),
  constraint deposit_payout_unique unique (firm_id, payout_id),
  constraint deposit_reference_unique unique (firm_id, reference)
);
call guard_tenant('deposit');
create index deposit_list on deposit (firm_id, arrives_on desc, id desc);
create index deposit_account_list on deposit (firm_id, merchant_account_id, arrives_on desc, id desc);
create index deposit_unsettled on deposit (firm_id, arrives_on) where ties is not true;

-- The account's kind is copied to the deposit; it must be the account's.
create function check_deposit_account() returns trigger language plpgsql as $$
begin
  if not exists (
    select from merchant_account a
    where a.firm_id = new.firm_id and a.id = new.merchant_account_id and a.kind = new.account_kind
      and a.processor_account = new.processor_account
  ) then
    raise exception 'the deposit and its merchant account differ'
      using errcode = 'check_violation', constraint = 'deposit_account_agrees';
  end if;
  return new;
end $$;
create trigger deposit_account_agrees before insert or update of merchant_account_id, account_kind, processor_account on deposit
  for each row execute function check_deposit_account();

-- One movement of the processor's balance. What comes in is above zero, what goes out below.
create table deposit_line (
  firm_id uuid not null,
  id uuid not null,
  deposit_id uuid not null,
  transaction_id text not null,
  kind text not null constraint deposit_line_kind check (kind in
    ('payment', 'refund', 'refund_failure', 'fee', 'dispute', 'dispute_reversal', 'adjustment', 'returned_deposit', 'other')),
  -- The processor's own word for it.
  processor_type text not null,
  source_id text,
  payment_intent_id text,
  gross_minor bigint not null,
  fee_minor bigint not null,
  net_minor bigint not null,
  description text not null default '',
  happened_at timestamptz not null,
  -- Of ours, where it is known there.
  payment_id uuid,
  returned_deposit_id uuid,
  -- What our books say that it should bring, and why that is another amount, or that they do not know it at all.
  expected_minor bigint not null default 0,
  problem text constraint deposit_line_problem check (problem in
    ('not_ours', 'amount_differs', 'fee_differs', 'not_refunded', 'not_disputed', 'not_returned', 'unknown_kind')),
  -- A bookkeeper's word for what our books do not explain.
  note text,
  noted_by uuid,
  noted_at timestamptz,
  primary key (firm_id, id),
  foreign key (firm_id, deposit_id) references deposit (firm_id, id),
  foreign key (firm_id, payment_id) references payment (firm_id, id),
  foreign key (firm_id, returned_deposit_id) references deposit (firm_id, id),
  foreign key (firm_id, noted_by) references member (firm_id, id),
  -- A movement of money is in one deposit.
  constraint deposit_line_once unique (firm_id, transaction_id),
  constraint deposit_line_adds_up check (net_minor = gross_minor - fee_minor),
  constraint deposit_line_noted check ((note is null) = (noted_at is null) and (note is null) = (noted_by is null))
);
call guard_tenant('deposit_line');
create index deposit_line_list on deposit_line (firm_id, deposit_id, happened_at, id);
create index deposit_line_payment on deposit_line (firm_id, payment_id);
create index deposit_line_returned on deposit_line (firm_id, returned_deposit_id);
