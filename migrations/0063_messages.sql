-- The firm's message for a request becomes its template in English; the record is read by person and by time.

-- The walls between firms would hide the rows from the owner of the tables, too; they stand again before anybody else can look.
alter table firm_settings no force row level security;
alter table message_template no force row level security;
insert into message_template (firm_id, use, language, subject, body)
  select firm_id, 'request', 'en', 'Payment request from {firm}',
    left(replace(replace(replace(request_message, '{payer}', '{payer name}'), '{client}', '{matter}'),
      '{due}', 'on {due date}'), 5000)
  from firm_settings where trim(request_message) <> '';
alter table firm_settings force row level security;
alter table message_template force row level security;

alter table firm_settings drop column request_message;

-- Fifteen minutes are no multiple of a ten-thousandth of a day.
alter table firm_settings alter column link_lifetime_days type numeric(12, 8);

create index audit_event_at on audit_event (firm_id, at, id);
create index audit_event_actor on audit_event (firm_id, actor_id, at, id) where actor_id is not null;
