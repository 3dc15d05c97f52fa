-- What the processor, our books and the matter system do not agree on, each once; and alarms about client money.

create table discrepancy (
  firm_id uuid not null references firm (id),
  id uuid not null default gen_random_uuid(),
  kind text not null constraint discrepancy_kind check (kind in (
    -- Between the processor and us.
    'payment_missing', 'payment_unknown', 'payment_differs', 'refund_differs', 'dispute_differs', 'deposit_differs', 'deposit_untied',
    -- The bank sent it back, and its money is in no other deposit yet.
    'deposit_failed',
    -- Between the matter system and us.
    'posting_gone', 'posting_double', 'posting_differs',
    -- Within our own books.
    'payment_unposted', 'posting_stuck',
    -- Alarms: money that may not leave a trust account did. Only a bookkeeper closes them.
    'trust_fee', 'trust_dispute')),
  -- What it is about; together with the kind it is raised once.
  object_id text not null,
  merchant_account_id uuid,
  connection_id uuid,
  payment_id uuid,
  posting_id uuid,
  deposit_id uuid,
  -- What each side says, amounts in minor units as text.
  facts jsonb not null default '{}',
  found_at timestamptz not null default now(),
  closed_at timestamptz,
  -- It agreed again by itself, or a bookkeeper closed it with a note.
  closed_how text constraint discrepancy_closed_how check (closed_how in ('agrees', 'member')),
  closed_by uuid,
  note text,
  primary key (firm_id, id),
  foreign key (firm_id, merchant_account_id) references merchant_account (firm_id, id),
  foreign key (firm_id, connection_id) references connection (firm_id, id),
  foreign key (firm_id, payment_id) references payment (firm_id, id),
  foreign key (firm_id, posting_id) references posting (firm_id, id),
  foreign key (firm_id, deposit_id) references deposit (firm_id, id),
  foreign key (firm_id, closed_by) references member (firm_id, id),
  constraint discrepancy_once unique (firm_id, kind, object_id),
  constraint discrepancy_closed check ((closed_at is null) = (closed_how is null)),
  constraint discrepancy_note check ((closed_how is not distinct from 'member') = (note is not null)
    and (note is null) = (closed_by is null)),
  constraint discrepancy_alarm_by_hand check (kind not in ('trust_fee', 'trust_dispute') or closed_how is distinct from 'agrees')
);
call guard_tenant('discrepancy');
create index discrepancy_list on discrepancy (firm_id, found_at desc, id desc);
create index discrepancy_open on discrepancy (firm_id, found_at, id) where closed_at is null;
create index discrepancy_payment on discrepancy (firm_id, payment_id) where closed_at is null;

-- When a side was last compared, and where the next run goes on.
create table comparison (
  firm_id uuid not null references firm (id),
  -- What was looked at: `payouts:<account>`, `account:<account>`, `connection:<connection>` or `books`.
  subject text not null,
  -- Null while no look has come to an end.
  ran_at timestamptz,
  cursor text,
  -- Why the last look came to nothing.
  failure text,
  primary key (firm_id, subject)
);
call guard_tenant('comparison');

-- An alarm is raised where the money is written down, so that no way of writing it passes by. The same facts again change nothing,
-- also when a bookkeeper has closed it; other facts open it anew.
create procedure raise_alarm(firm uuid, alarm text, object text, account uuid, of_payment uuid, of_deposit uuid, said jsonb)
language sql as $$
  insert into discrepancy (firm_id, kind, object_id, merchant_account_id, payment_id, deposit_id, facts)
  values (firm, alarm, object, account, of_payment, of_deposit, said)
  on conflict on constraint discrepancy_once do update
    set facts = excluded.facts, found_at = now(), closed_at = null, closed_how = null, closed_by = null, note = null,
        deposit_id = coalesce(excluded.deposit_id, discrepancy.deposit_id)
    where discrepancy.facts <> excluded.facts
$$;

create function watch_trust_payment() returns trigger language plpgsql as $$
begin
  call raise_alarm(new.firm_id, 'trust_fee', new.id::text, new.merchant_account_id, new.id, null,
    jsonb_build_object('feeMinor', new.fee_minor::text));
  return null;
end $$;
create trigger payment_trust_fee_seen after insert or update of fee_minor on payment
  for each row when (new.account_kind = 'trust' and new.fee_minor > 0) execute function watch_trust_payment();

create function watch_trust_line() returns trigger language plpgsql as $$
declare
  home deposit;
  paid uuid := new.payment_id;
  fee bigint := case when new.kind = 'fee' then -new.net_minor else new.fee_minor end;
begin
  select * into strict home from deposit d where d.firm_id = new.firm_id and d.id = new.deposit_id;
  if home.account_kind <> 'trust' then
    return null;
  end if;
  -- A line is written before it is linked; the payment's own alarm about the same fee is the same alarm.
  if paid is null then
    select p.id into paid from payment p where p.firm_id = new.firm_id and p.payment_intent_id = new.payment_intent_id;
  end if;
  if new.kind in ('dispute', 'dispute_reversal') then
    call raise_alarm(new.firm_id, 'trust_dispute', new.transaction_id, home.merchant_account_id, paid, home.id,
      jsonb_build_object('netMinor', new.net_minor::text));
  elsif fee <> 0 then
    call raise_alarm(new.firm_id, 'trust_fee',
      case when new.kind = 'payment' then coalesce(paid::text, new.transaction_id) else new.transaction_id end,
      home.merchant_account_id, paid, home.id, jsonb_build_object('feeMinor', fee::text));
  end if;
  return null;
end $$;
create trigger deposit_line_trust_seen after insert or update of payment_id, fee_minor, net_minor on deposit_line
  for each row execute function watch_trust_line();
