-- What an administrator may set: letters, logo, captcha, the rest after a part payment, who hears of what.

alter table firm_settings
  -- Where a payer's answer goes; the contact address when empty.
  add column reply_to text not null default '',
  -- Whether who sends a request gets a copy of it, without a working link.
  add column copies_to_sender boolean not null default false,
  -- What is left after a part payment: asked for by a member, or by itself.
  add column successor text not null default 'by_hand'
    constraint firm_settings_successor check (successor in ('by_hand', 'by_itself')),
  add column captcha text not null default 'off'
    constraint firm_settings_captcha check (captcha in ('off', 'recaptcha', 'turnstile', 'hcaptcha')),
  add column captcha_site_key text not null default '',
  -- Sealed: table firm_settings, column captcha_secret, row the firm's id.
  add column captcha_secret_sealed text,
  -- When the verifier does not answer: nobody goes on, or payers go on unchecked and the record says so.
  add column captcha_outage text not null default 'refuse'
    constraint firm_settings_captcha_outage check (captcha_outage in ('refuse', 'let_through')),
  -- A staff session ends after so much time without a request.
  add column session_idle_minutes integer not null default 480
    constraint firm_settings_session_idle check (session_idle_minutes between 15 and 10080),
  -- How long before a link expires its sender hears of it; 0 for never.
  add column expiry_notice_days integer not null default 3
    constraint firm_settings_expiry_notice check (expiry_notice_days between 0 and 30),
  add constraint firm_settings_captcha_complete
    check (captcha = 'off' or (captcha_site_key <> '' and captcha_secret_sealed is not null));

-- Shown on the payer's pages and in letters. The hash names its address, so that a browser may keep it for ever.
create table firm_logo (
  firm_id uuid primary key references firm (id),
  media_type text not null constraint firm_logo_media_type check (media_type in ('image/png', 'image/jpeg', 'image/svg+xml')),
  content bytea not null constraint firm_logo_size check (octet_length(content) between 1 and 1048576),
  hash text not null constraint firm_logo_hash_form check (hash ~ '^[0-9a-f]{32}$'),
  width integer not null,
  height integer not null,
  updated_at timestamptz not null default now()
);
call guard_tenant('firm_logo');

-- A firm's own words for a letter, per use and language. Without a row the product's own words stand.
create table message_template (
  firm_id uuid not null references firm (id),
  use text not null constraint message_template_use
    check (use in ('request', 'reminder_before', 'reminder_after', 'receipt', 'on_its_way', 'bank_failed')),
  language text not null constraint message_template_language check (language in ('en', 'es', 'fr')),
  subject text not null constraint message_template_subject_length check (length(subject) between 1 and 200),
  body text not null constraint message_template_body_length check (length(body) between 1 and 5000),
  updated_at timestamptz not null default now(),
  updated_by uuid,
  primary key (firm_id, use, language),
  foreign key (firm_id, updated_by) references member (firm_id, id)
);
call guard_tenant('message_template');

-- Who gets an email about what. Without rows: the sender of the link hears of it.
create table notification_rule (
  firm_id uuid not null references firm (id),
  event text not null constraint notification_rule_event
    check (event in ('payment', 'payment_failed', 'bounce', 'dispute', 'expiring', 'posting_problem')),
  to_sender boolean not null,
  primary key (firm_id, event)
);
call guard_tenant('notification_rule');
create table notification_member (
  firm_id uuid not null,
  event text not null,
  member_id uuid not null,
  primary key (firm_id, event, member_id),
  foreign key (firm_id, event) references notification_rule (firm_id, event) on delete cascade,
  foreign key (firm_id, member_id) references member (firm_id, id)
);
call guard_tenant('notification_member');

-- Bulk Upload asks whether an open link names an invoice already.
create index payment_link_open_invoice on payment_link (firm_id, invoice_number)
  where state in ('outstanding', 'processing') and invoice_number <> '';
