-- Which accounts are in use is asked with every sweep.
create index checkout_account on checkout (firm_id, merchant_account_id, created_at);
