-- When the processor was last asked, and up to when its events are known.

-- The moment at which the last applied reading was begun: an answer to an earlier question never overwrites a later one, and the
-- sweep asks less often the longer nothing changes.
alter table checkout add column read_at timestamptz;
alter table payment add column read_at timestamptz;
create index checkout_payable on checkout (firm_id, created_at) where state in ('preparing', 'open');
create index payment_processing on payment (firm_id, created_at) where state = 'processing';

-- Webhooks may never come; the processor's own list of events is read from here on.
create table processor_cursor (
  firm_id uuid not null,
  merchant_account_id uuid not null,
  seen_until timestamptz not null,
  read_at timestamptz not null,
  primary key (firm_id, merchant_account_id),
  foreign key (firm_id, merchant_account_id) references merchant_account (firm_id, id)
);
call guard_tenant('processor_cursor');
