-- What the desk of postings needs: money held on no statement, entries that people type in, files to import, systems that are down.

-- A file that a matter system imports, kept as it was taken, so that it can be taken again and nothing is in two of them.
create table posting_file (
  firm_id uuid not null references firm (id),
  id uuid not null,
  connection_id uuid not null,
  name text not null constraint posting_file_name_length check (length(name) between 1 and 200),
  media_type text not null,
  content bytea not null constraint posting_file_size check (octet_length(content) between 1 and 10485760),
  made_at timestamptz not null default now(),
  made_by uuid not null,
  -- Set when somebody said that it was never imported: its postings may go into another.
  dropped_at timestamptz,
  primary key (firm_id, id),
  foreign key (firm_id, connection_id) references connection (firm_id, id),
  foreign key (firm_id, made_by) references member (firm_id, id)
);
call guard_tenant('posting_file');
create index posting_file_list on posting_file (firm_id, connection_id, made_at desc);

alter table posting
  -- Set aside as money that stays with the firm until somebody says what it is for.
  add column is_unapplied boolean not null default false,
  add column file_id uuid,
  -- The statement's balance and total when a person was asked to enter the posting there, and since when entries of others may be
  -- in the balance or not. A watch without a balance is over: the statement changed in a way that proves nothing.
  add column watched_balance_minor bigint,
  add column watched_total_minor bigint,
  add column watched_from timestamptz,
  add column watch_note text,
  add constraint posting_unapplied check (not is_unapplied or state = 'set_aside'),
  add constraint posting_in_file foreign key (firm_id, file_id) references posting_file (firm_id, id);
create index posting_of_file on posting (firm_id, file_id) where file_id is not null;
create index posting_watched on posting (firm_id, connection_id) where watched_balance_minor is not null;
create index posting_problem_list on posting (firm_id, problem) where state = 'needs_attention';
create index posting_external on posting (firm_id, external_id) where external_id is not null;
create index posting_unapplied_list on posting (firm_id, payment_id) where is_unapplied;
create index posting_system_list on posting (firm_id, connection_id, state, payment_id);

-- Whatever makes a posting one that is entered by hand, the watch over its statement begins with it.
create function watch_assisted_posting() returns trigger language plpgsql as $$
begin
  if new.state <> 'needs_attention' or new.problem is distinct from 'unsupported' or new.statement_id is null then
    new.watched_balance_minor := null;
    new.watched_total_minor := null;
    new.watched_from := null;
    new.watch_note := null;
  elsif tg_op = 'INSERT' or old.watched_from is null or old.statement_id is distinct from new.statement_id
    or old.amount_minor <> new.amount_minor then
    select s.balance_minor, s.total_minor into new.watched_balance_minor, new.watched_total_minor
    from statement s where s.firm_id = new.firm_id and s.id = new.statement_id;
    select coalesce(max(r.started_at), 'epoch') into new.watched_from
    from sync_run r where r.firm_id = new.firm_id and r.connection_id = new.connection_id and r.state = 'done';
    new.watch_note := null;
  end if;
  return new;
end $$;
create trigger posting_watch before insert or update of state, problem, statement_id, amount_minor on posting
  for each row execute function watch_assisted_posting();

-- Two counts that states do not give: reversals that were posted, and money held as unapplied.
create function keep_posting_marks() returns trigger language plpgsql as $$
declare
  was_reversed integer := case when tg_op <> 'INSERT' and old.kind = 'reversal' and old.state = 'posted' then 1 else 0 end;
  is_reversed integer := case when tg_op <> 'DELETE' and new.kind = 'reversal' and new.state = 'posted' then 1 else 0 end;
  was_held integer := case when tg_op <> 'INSERT' and old.is_unapplied then 1 else 0 end;
  is_held integer := case when tg_op <> 'DELETE' and new.is_unapplied then 1 else 0 end;
  firm uuid := case when tg_op = 'DELETE' then old.firm_id else new.firm_id end;
begin
  if was_reversed <> is_reversed then
    insert into tally values (firm, 'posting_mark', 'reversed', is_reversed - was_reversed);
  end if;
  if was_held <> is_held then
    insert into tally values (firm, 'posting_mark', 'unapplied', is_held - was_held);
  end if;
  return null;
end $$;
create trigger posting_marks after insert or delete or update of state, kind, is_unapplied on posting
  for each row execute function keep_posting_marks();

-- Until when nothing is written through a connection, because its system asked to wait or could not be reached: the postings behind
-- the one that learned it keep their order, and do not each wait for an answer that does not come.
create table posting_hold (
  firm_id uuid not null references firm (id),
  connection_id uuid not null,
  held_until timestamptz not null,
  reason text not null,
  since timestamptz not null default now(),
  primary key (firm_id, connection_id),
  foreign key (firm_id, connection_id) references connection (firm_id, id)
);
call guard_tenant('posting_hold');

-- Suggestions by amount.
create index statement_open_balance on statement (firm_id, balance_minor, kind)
  where state = 'open' and deleted_at is null and balance_minor > 0;
