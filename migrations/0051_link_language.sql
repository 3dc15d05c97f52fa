-- The language that the sender chose for a payer; null leaves it to the payer's browser.
alter table payment_link add column language text constraint payment_link_language check (language in ('en', 'es', 'fr'));
