-- A figure of Today: what was written into matter systems, by the day of it.
create index posting_written_list on posting (firm_id, posted_at desc, id desc) include (attempts, posted_by)
  where state = 'posted' and attempts > 0;

-- Why a link was cancelled, for the people of the firm; its payer never reads it.
alter table payment_link add column cancel_reason text
  constraint payment_link_cancel_reason check (length(cancel_reason) between 1 and 200);
alter table link_action
  add column reason text constraint link_action_reason check (length(reason) between 1 and 200),
  add constraint link_action_reason_of_cancel check (reason is null or verb = 'cancel');

-- Which step of the plan the next reminder is.
alter table payment_link
  add column next_reminder_position smallint constraint payment_link_next_reminder_position
    check (next_reminder_position between 1 and 6),
  add constraint payment_link_next_reminder_dated check (next_reminder_position is null or next_reminder_at is not null);
create function forget_next_reminder() returns trigger language plpgsql as $$
begin
  new.next_reminder_position := null;
  return new;
end $$;
-- Named so that it comes after the trigger that takes the date away.
create trigger payment_link_forgets_next_reminder before update on payment_link
  for each row when (new.next_reminder_at is null and new.next_reminder_position is not null)
  execute function forget_next_reminder();
-- The timetable looks once more at the links that have a date by now, and notes the step.
alter table payment_link no force row level security;
update payment_link set reminder_check_at = 'epoch' where next_reminder_at is not null;
set constraints all immediate;
alter table payment_link force row level security;
