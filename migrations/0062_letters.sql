-- Further kinds of letters, and in which language each was asked for.

alter table email drop constraint email_kind;
alter table email add constraint email_kind
  check (kind in ('request', 'reminder', 'receipt', 'on_its_way', 'bank_failed', 'invite', 'copy', 'notice', 'test', 'refund'));
-- What a notice tells of, or which template a test shows.
alter table email add column topic text;
alter table email add column reminder_id uuid;
-- The language in which a letter was asked for; null for the link's own or English.
alter table email add column language text constraint email_language check (language in ('en', 'es', 'fr'));
