-- Bulk Upload: a file of requests as a draft that is reviewed, corrected and then turned into links, row by row.

create table bulk_batch (
  firm_id uuid not null references firm (id),
  id uuid not null,
  -- Made with the form: the same form sent twice is one upload.
  form_id uuid not null,
  file_name text not null constraint bulk_batch_file_name_length check (length(file_name) between 1 and 200),
  -- Of the file's bytes. The file itself is not kept.
  file_sha256 text not null,
  encoding text not null,
  delimiter text not null,
  state text not null constraint bulk_batch_state check (state in ('mapping', 'review', 'issuing', 'paused')),
  -- The first row of the file as it stands there; the headings, unless somebody says that it is a row like the others.
  header text[] not null,
  header_line integer not null,
  has_header boolean not null default true,
  -- Column to its place in the file, counted from 0.
  places jsonb not null,
  merchant_account_id uuid not null,
  date_order text not null constraint bulk_batch_date_order check (date_order in ('month_first', 'day_first')),
  ambiguous_dates integer not null default 0,
  other_dates integer not null default 0,
  -- Counts up with each change of a row, so that what is sent is what was seen.
  version integer not null default 1,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  issued_by uuid,
  issued_at timestamptz,
  finished_at timestamptz,
  primary key (firm_id, id),
  foreign key (firm_id, merchant_account_id) references merchant_account (firm_id, id),
  foreign key (firm_id, created_by) references member (firm_id, id),
  foreign key (firm_id, issued_by) references member (firm_id, id),
  constraint bulk_batch_form_once unique (firm_id, form_id)
);
call guard_tenant('bulk_batch');
create index bulk_batch_list on bulk_batch (firm_id, created_at desc, id desc);
create index bulk_batch_file on bulk_batch (firm_id, file_sha256);

create table bulk_row (
  firm_id uuid not null,
  -- Also the request of the row's link, of which there is at most one.
  id uuid not null,
  batch_id uuid not null,
  -- As a spreadsheet counts the rows of the file; rows that were added go on behind the last.
  line integer not null,
  raw text[] not null,
  -- What was typed over the file's cells, by column.
  edits jsonb not null default '{}',
  -- Why the cells may stand in the wrong columns; gone once somebody has saved the row.
  misread text,
  state text not null constraint bulk_row_state check (state in ('to_fix', 'ready', 'repeated', 'queued', 'made', 'failed')),
  faults jsonb not null default '{}',
  notes jsonb not null default '{}',
  version integer not null default 1,
  invoice_number text not null default '',
  invoiced_on date,
  due_on date,
  payer_name text not null default '',
  payer_emails text[] not null default '{}',
  amount_minor bigint constraint bulk_row_amount check (amount_minor between 50 and 99999999),
  merchant_account_id uuid not null,
  message text not null default '',
  matter_id uuid,
  matter_label text not null default '',
  client_name text not null default '',
  language text constraint bulk_row_language check (language in ('en', 'es', 'fr')),
  duplicate_key text,
  -- The earlier row of the file that asks for the same.
  duplicate_of integer,
  -- An open link for the same invoice.
  open_link_id uuid,
  fingerprint text not null,
  -- The link that another upload made of the same row; it holds this row back until somebody says that it is meant.
  repeats_link_id uuid,
  repeat_confirmed boolean not null default false,
  delivery text constraint bulk_row_delivery check (delivery in ('email', 'copy')),
  link_id uuid,
  reason text,
  settled_at timestamptz,
  -- Rows to fix first, then those held back, then possible duplicates, then the file's order.
  review_rank smallint not null generated always as (
    case when state = 'to_fix' then 0 when state = 'repeated' then 1
      when duplicate_of is not null or open_link_id is not null then 2 else 3 end) stored,
  primary key (firm_id, id),
  foreign key (firm_id, batch_id) references bulk_batch (firm_id, id) on delete cascade,
  foreign key (firm_id, merchant_account_id) references merchant_account (firm_id, id),
  foreign key (firm_id, matter_id) references matter (firm_id, id),
  foreign key (firm_id, link_id) references payment_link (firm_id, id),
  constraint bulk_row_line_once unique (firm_id, batch_id, line),
  constraint bulk_row_link_once unique (firm_id, link_id),
  constraint bulk_row_made check ((state = 'made') = (link_id is not null)),
  constraint bulk_row_asks check (state in ('to_fix', 'failed') or amount_minor is not null)
);
call guard_tenant('bulk_row');
create index bulk_row_review on bulk_row (firm_id, batch_id, review_rank, line);
create index bulk_row_state_list on bulk_row (firm_id, batch_id, state, line);
create index bulk_row_fingerprint on bulk_row (firm_id, fingerprint) where link_id is not null;
