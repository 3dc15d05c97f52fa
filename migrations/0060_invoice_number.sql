-- What a request that was typed by hand names: by it the payment finds its statement, and the firm finds the request.

alter table payment_link add column invoice_number text not null default ''
  constraint payment_link_invoice_number_length check (length(invoice_number) <= 60);

alter table payment_link alter column search_text set expression as (
  link_search_text(array[reference, client_name, matter_label, payer_name, description, invoice_number] || payer_emails));
