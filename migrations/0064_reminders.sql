-- Smart Reminders: a firm's plan in versions, what came of each step for each link, and when a link is to be looked at again.

-- A plan is never changed: saving makes the next version. A link keeps the one that stood when it was made.
create table reminder_plan (
  firm_id uuid not null references firm (id),
  version integer not null constraint reminder_plan_version_counts check (version > 0),
  is_on boolean not null,
  -- Of the day, in the firm's time zone.
  hour smallint not null constraint reminder_plan_hour check (hour between 0 and 23),
  -- Where a day goes that is no business day.
  shift text not null constraint reminder_plan_shift check (shift in ('before', 'after')),
  skips_holidays boolean not null,
  saved_by uuid,
  created_at timestamptz not null default now(),
  primary key (firm_id, version),
  foreign key (firm_id, saved_by) references member (firm_id, id)
);
call guard_tenant('reminder_plan');

create table reminder_step (
  firm_id uuid not null,
  version integer not null,
  position smallint not null constraint reminder_step_position check (position between 1 and 6),
  side text not null constraint reminder_step_side check (side in ('before', 'on', 'after')),
  days smallint not null constraint reminder_step_days check (days between 0 and 180),
  is_on boolean not null,
  primary key (firm_id, version, position),
  foreign key (firm_id, version) references reminder_plan (firm_id, version),
  constraint reminder_step_days_of_side check ((side = 'on') = (days = 0)),
  constraint reminder_step_differs unique (firm_id, version, side, days)
);
call guard_tenant('reminder_step');

-- A step of a link that was sent or passed over, or a reminder that somebody sent by hand.
create table reminder (
  firm_id uuid not null references firm (id),
  id uuid not null,
  link_id uuid not null,
  version integer,
  position smallint,
  -- What asked for it, when it was sent by hand: the same asked twice is one reminder.
  occurrence text,
  state text not null constraint reminder_state check (state in ('sent', 'skipped')),
  reason text constraint reminder_reason check (reason in ('off', 'processing', 'bounced', 'no_address', 'missed', 'overtaken',
    'same_day', 'already_today')),
  -- The firm's day on which it was sent or passed over.
  day date not null,
  planned_at timestamptz,
  settled_at timestamptz not null,
  created_by uuid,
  primary key (firm_id, id),
  foreign key (firm_id, link_id) references payment_link (firm_id, id),
  foreign key (firm_id, version, position) references reminder_step (firm_id, version, position),
  foreign key (firm_id, created_by) references member (firm_id, id),
  constraint reminder_once_per_step unique (firm_id, link_id, version, position),
  constraint reminder_once_per_occurrence unique (firm_id, link_id, occurrence),
  constraint reminder_of_step_or_hand check (
    (version is null) = (position is null) and (position is null) = (occurrence is not null)),
  constraint reminder_skipped_for_reason check ((state = 'skipped') = (reason is not null))
);
call guard_tenant('reminder');
-- At most one a day, whoever or whatever sends it.
create unique index reminder_once_a_day on reminder (firm_id, link_id, day) where state = 'sent';

alter table payment_link
  add column reminders_on boolean not null default true,
  -- The plan that stood when the link was made; null when the firm sent no reminders then.
  add column reminder_plan_version integer,
  -- When the request last went out; null for when it was made.
  add column asked_at timestamptz,
  -- For people: when the next reminder goes out; null when none will.
  add column next_reminder_at timestamptz,
  -- For the timetable: when to look at the link again, also to note why nothing went out. 1970 is at once, whatever the clock says.
  add column reminder_check_at timestamptz,
  -- Whether the sender heard that this link is about to expire on this day.
  add column expiry_noticed boolean not null default false,
  add constraint payment_link_reminder_plan foreign key (firm_id, reminder_plan_version)
    references reminder_plan (firm_id, version);
create index payment_link_reminder_check on payment_link (firm_id, reminder_check_at) where reminder_check_at is not null;
create index payment_link_next_reminder on payment_link (firm_id, next_reminder_at) where next_reminder_at is not null;
create index payment_link_unnoticed on payment_link (firm_id, expires_at) where state = 'outstanding' and not expiry_noticed;

-- A new link takes the firm's plan of the moment, whichever way it is made.
create function take_reminder_plan() returns trigger language plpgsql as $$
begin
  if new.reminder_plan_version is null and new.state = 'outstanding' then
    select p.version into new.reminder_plan_version
    from (select version, is_on from reminder_plan where firm_id = new.firm_id order by version desc limit 1) p where p.is_on;
    if new.reminder_plan_version is not null then
      new.reminder_check_at := 'epoch';
    end if;
  end if;
  return new;
end $$;
create trigger payment_link_takes_plan before insert on payment_link for each row execute function take_reminder_plan();

-- Whatever moves a link's reminders, or stops them, is seen here: no writer of links can forget it.
create function follow_reminders() returns trigger language plpgsql as $$
begin
  if new.expires_at <> old.expires_at then
    new.expiry_noticed := false;
  end if;
  if new.send_count <> old.send_count then
    new.asked_at := new.updated_at;
  end if;
  if new.state not in ('outstanding', 'processing') then
    new.next_reminder_at := null;
    new.reminder_check_at := null;
  elsif new.reminder_plan_version is not null and (
    new.state <> old.state or new.send_count <> old.send_count or new.expires_at <> old.expires_at
    or new.due_on is distinct from old.due_on or new.payer_emails <> old.payer_emails
    or new.reminders_on <> old.reminders_on or new.reminder_plan_version is distinct from old.reminder_plan_version
    or (new.delivery = 'bounced') <> (old.delivery = 'bounced')
  ) then
    new.reminder_check_at := 'epoch';
    if new.state = 'processing' or new.delivery = 'bounced' or not new.reminders_on or new.payer_emails = '{}' then
      new.next_reminder_at := null;
    end if;
  end if;
  return new;
end $$;
create trigger payment_link_follows_reminders
  before update of state, send_count, expires_at, due_on, payer_emails, reminders_on, reminder_plan_version, delivery on payment_link
  for each row execute function follow_reminders();
