-- Who refreshes a grant, who reads for a connection, and which connection an authorisation is meant to renew.

-- One refresh at a time: the holder alone may use the refresh token, until it is done or the time is over.
alter table connection
  add column refresh_holder uuid,
  add column refresh_held_until timestamptz;

-- One reader at a time: the holder goes on page by page, each page holds anew. Over the time, anyone may take the run over.
alter table sync_run
  add column holder uuid,
  add column held_until timestamptz not null default now();

-- Set when an existing connection is authorised again: the grant must be for the same account at the vendor.
alter table authorization_state
  add column connection_id uuid,
  add constraint authorization_state_connection foreign key (firm_id, connection_id) references connection (firm_id, id);

-- Zero is what a spread total leaves for the lines that it does not reach.
alter table basket_line drop constraint basket_line_amount;
alter table basket_line add constraint basket_line_amount check (amount_minor >= 0);
