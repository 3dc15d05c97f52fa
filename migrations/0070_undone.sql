-- What is undone after it was paid: refunds, returns of bank debits and disputes, and the postings that follow from them.

-- Money that goes back to the payer. Stored before the processor is asked; its id is the idempotency key there.
create table refund (
  firm_id uuid not null,
  id uuid not null,
  payment_id uuid not null,
  -- Asked for here, or made at the processor's own screens.
  origin text not null constraint refund_origin check (origin in ('firm', 'processor')),
  state text not null constraint refund_state
    check (state in ('requested', 'pending', 'succeeded', 'failed', 'cancelled', 'refused')),
  processor_refund_id text,
  amount_minor bigint not null constraint refund_amount check (amount_minor > 0),
  currency text not null,
  note text not null default '' constraint refund_note_length check (length(note) <= 500),
  failure_reason text,
  requested_by uuid,
  -- From before the processor is first asked: a later try looks there first.
  asked_at timestamptz,
  -- How often its money has moved: odd is gone, even is here (never gone, or come back).
  turn integer not null default 0 constraint refund_turn check (turn >= 0),
  moved_at timestamptz,
  -- Whether it is known on which parts of the payment it lies.
  is_laid boolean not null,
  -- What went beyond the payment itself, such as a refund after a dispute took the same money.
  excess_minor bigint not null default 0 constraint refund_excess check (excess_minor between 0 and amount_minor),
  read_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (firm_id, id),
  foreign key (firm_id, payment_id) references payment (firm_id, id),
  foreign key (firm_id, requested_by) references member (firm_id, id),
  constraint refund_processor_unique unique (firm_id, processor_refund_id),
  constraint refund_of_payment unique (firm_id, payment_id, id),
  constraint refund_asker check ((origin = 'firm') = (requested_by is not null)),
  constraint refund_known check (state not in ('pending', 'succeeded') or processor_refund_id is not null),
  constraint refund_moved check (turn = 0 or moved_at is not null)
);
call guard_tenant('refund');
create index refund_payment on refund (firm_id, payment_id, created_at);
create index refund_open on refund (firm_id, created_at) where state in ('requested', 'pending');
create index refund_unlaid on refund (firm_id, created_at) where not is_laid;

-- Money that the payer's bank takes back, or asks about.
create table dispute (
  firm_id uuid not null,
  id uuid not null,
  payment_id uuid not null,
  processor_dispute_id text not null,
  -- A return of a bank debit cannot be answered.
  kind text not null constraint dispute_kind check (kind in ('chargeback', 'bank_return')),
  -- An inquiry asks only: no money moves.
  state text not null constraint dispute_state check (state in ('inquiry', 'open', 'won', 'lost', 'closed')),
  reason text not null default '',
  amount_minor bigint not null constraint dispute_amount check (amount_minor > 0),
  currency text not null,
  evidence_due_at timestamptz,
  turn integer not null default 0 constraint dispute_turn check (turn >= 0),
  moved_at timestamptz,
  is_laid boolean not null,
  excess_minor bigint not null default 0 constraint dispute_excess check (excess_minor between 0 and amount_minor),
  opened_at timestamptz not null,
  closed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (firm_id, id),
  foreign key (firm_id, payment_id) references payment (firm_id, id),
  constraint dispute_processor_unique unique (firm_id, processor_dispute_id),
  constraint dispute_of_payment unique (firm_id, payment_id, id),
  constraint dispute_moved check (turn = 0 or moved_at is not null),
  constraint dispute_closed check ((state in ('inquiry', 'open')) = (closed_at is null))
);
call guard_tenant('dispute');
create index dispute_payment on dispute (firm_id, payment_id, opened_at);
create index dispute_open on dispute (firm_id, evidence_due_at) where state in ('inquiry', 'open');
create index dispute_unlaid on dispute (firm_id, opened_at) where not is_laid;

-- On which parts of its payment a refund or a dispute lies: the original allocation, turned round.
create table undone_part (
  firm_id uuid not null,
  id uuid not null,
  payment_id uuid not null,
  allocation_id uuid not null,
  refund_id uuid,
  dispute_id uuid,
  amount_minor bigint not null constraint undone_part_amount check (amount_minor > 0),
  primary key (firm_id, id),
  foreign key (firm_id, payment_id, allocation_id) references payment_allocation (firm_id, payment_id, id),
  foreign key (firm_id, payment_id, refund_id) references refund (firm_id, payment_id, id),
  foreign key (firm_id, payment_id, dispute_id) references dispute (firm_id, payment_id, id),
  constraint undone_part_cause check (num_nonnulls(refund_id, dispute_id) = 1)
);
call guard_tenant('undone_part');
create unique index undone_part_refund on undone_part (firm_id, refund_id, allocation_id) where refund_id is not null;
create unique index undone_part_dispute on undone_part (firm_id, dispute_id, allocation_id) where dispute_id is not null;
create index undone_part_allocation on undone_part (firm_id, allocation_id);
create index undone_part_payment on undone_part (firm_id, payment_id);

-- At the end of each transaction: what is laid adds up, and no part of a payment is undone beyond its amount.
create function check_undone() returns trigger language plpgsql as $$
declare
  about uuid := (to_jsonb(coalesce(new, old)) ->> 'payment_id')::uuid;
begin
  if exists (
    select from refund r
    where r.firm_id = coalesce(new.firm_id, old.firm_id) and r.payment_id = about and r.is_laid
      and r.amount_minor <> r.excess_minor + coalesce((
        select sum(u.amount_minor) from undone_part u where u.firm_id = r.firm_id and u.refund_id = r.id), 0)
    union all
    select from dispute d
    where d.firm_id = coalesce(new.firm_id, old.firm_id) and d.payment_id = about and d.is_laid
      and d.amount_minor <> d.excess_minor + coalesce((
        select sum(u.amount_minor) from undone_part u where u.firm_id = d.firm_id and u.dispute_id = d.id), 0)
  ) then
    raise exception 'what is undone of payment % does not add up', about
      using errcode = 'check_violation', constraint = 'undone_sum';
  end if;
  if exists (
    select from payment_allocation a
    where a.firm_id = coalesce(new.firm_id, old.firm_id) and a.payment_id = about
      and a.amount_minor < coalesce((
        select sum(u.amount_minor)
        from undone_part u
        left join refund r on r.firm_id = u.firm_id and r.id = u.refund_id
        left join dispute d on d.firm_id = u.firm_id and d.id = u.dispute_id
        where u.firm_id = a.firm_id and u.allocation_id = a.id
          and (r.state in ('pending', 'succeeded') or d.turn % 2 = 1)), 0)
  ) then
    raise exception 'more than was paid is undone of payment %', about
      using errcode = 'check_violation', constraint = 'undone_within';
  end if;
  return null;
end $$;
create constraint trigger undone_part_sum after insert or update or delete on undone_part
  deferrable initially deferred for each row execute function check_undone();
create constraint trigger refund_sum after insert or update of amount_minor, excess_minor, is_laid, state on refund
  deferrable initially deferred for each row execute function check_undone();
create constraint trigger dispute_sum after insert or update of amount_minor, excess_minor, is_laid, turn on dispute
  deferrable initially deferred for each row execute function check_undone();
create constraint trigger payment_allocation_undone after update of amount_minor on payment_allocation
  deferrable initially deferred for each row execute function check_undone();

-- When the money of a reversal or a posting anew moved: its date there, where the payment's date is taken for payments.
alter table posting add column occurred_at timestamptz;
-- The reversal that a posting anew makes good: its money came back.
alter table posting add column restores_posting_id uuid;
alter table posting add constraint posting_restores foreign key (firm_id, restores_posting_id) references posting (firm_id, id),
  add constraint posting_restoring check (restores_posting_id is null or kind <> 'reversal');
-- Set aside by itself because its money was given back: it goes back to work by itself when the money comes back.
alter table posting add column is_undone boolean not null default false
  constraint posting_undone check (not is_undone or state = 'set_aside');
-- One posting per allocation, kind and cause: what was undone and came back is posted anew beside the first.
drop index posting_once;
create unique index posting_once on posting (firm_id, allocation_id, kind, cause) where kind <> 'reversal';
alter table posting drop constraint posting_problem;
alter table posting add constraint posting_problem check (problem in ('no_statement', 'no_connection', 'statement_closed',
  'balance_changed', 'rejected', 'unclear', 'surplus', 'unsupported', 'double_entry', 'trust_guard'));

-- A dispute is never written against trust by the service: a person covers it from another account, or enters it by hand.
create function check_posting_trust() returns trigger language plpgsql as $$
begin
  if new.kind = 'reversal' and new.cause like 'dispute:%'
    and (new.state in ('ready', 'posting') or (new.state = 'posted' and new.posted_by = 'api'))
    and exists (
      select from payment p where p.firm_id = new.firm_id and p.id = new.payment_id and p.account_kind = 'trust')
  then
    raise exception 'a dispute is not posted against trust'
      using errcode = 'check_violation', constraint = 'posting_trust_guard';
  end if;
  return new;
end $$;
create trigger posting_trust_guard before insert or update of state, cause, kind on posting
  for each row execute function check_posting_trust();
