-- What the search box of Manage Postings looks through, and the ways to it.

alter table payment add column search_text text not null generated always as (
  lower(reference || ' ' || payer_name || ' ' || method_label)) stored;
create index payment_search on payment using gin (firm_id, search_text gin_trgm_ops);
create index payment_received_list on payment (firm_id, received_at desc);

grant select on payment to sfp_resolver;
create policy resolver on payment for select to sfp_resolver using (true);
grant create on schema public to sfp_resolver;
set role sfp_resolver;
-- LIKE is not leakproof, so under row-level security its index is out of reach: this one function filters by firm itself.
-- Every word must occur. The newest `most` payments; whoever finds more types another word. Planned anew for each call, so that the
-- index fits the words.
create function search_payments(words text[], most integer) returns table (payment_id uuid)
  language plpgsql stable security definer set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  firm uuid := current_firm();
  patterns text[] := array(
    select '%' || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%'
    from unnest(words) word where word <> '' order by length(word) desc limit 10);
begin
  if patterns[1] is null then
    return;
  end if;
  return query
  select p.id
  from payment p
  where p.firm_id = firm and p.search_text like patterns[1] and p.search_text like all (patterns)
  order by p.created_at desc, p.id desc
  limit least(most, 5000);
end $$;
revoke execute on function search_payments(text[], integer) from public;
grant execute on function search_payments(text[], integer) to sfp_app;
reset role;
revoke create on schema public from sfp_resolver;

-- The invoice number that a link named leads to its payments.
create index payment_link_invoice on payment_link (firm_id, invoice_number) where invoice_number <> '';
create index payment_of_link on payment (firm_id, link_id);

-- Suggestions by the payer's own address.
create index payer_email on payer (firm_id, lower(email)) where email is not null;
