-- How often a request was emailed, and one link per account for each request.

-- Counts up with the first sending and with each resend; the emails of one sending carry its number in their intent, so that
-- a job or a form that comes twice sends once.
alter table payment_link add column send_count integer not null default 0
  constraint payment_link_send_count check (send_count >= 0);

-- A request is one form that a member sent: the same form again finds its links and makes no others.
alter table payment_link add constraint payment_link_request_once unique (firm_id, request_id, merchant_account_id);
