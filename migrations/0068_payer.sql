-- What a payer's page leaves for the firm: a wish for a fresh link, and a captcha whose keys do not work.

-- When the payer of an expired link last asked for a fresh one.
alter table payment_link add column fresh_asked_at timestamptz;
create index payment_link_fresh_asked on payment_link (firm_id, fresh_asked_at desc)
  where fresh_asked_at is not null;

alter table firm_settings
  -- What is wrong with the captcha's keys, since when; null while payers pass.
  add column captcha_trouble text
    constraint firm_settings_captcha_trouble check (captcha_trouble in ('secret', 'keys_differ', 'test_keys')),
  add column captcha_trouble_at timestamptz,
  add constraint firm_settings_captcha_trouble_whole check ((captcha_trouble is null) = (captcha_trouble_at is null));
