-- What the search box of Sent Pages looks through, and the way to it.

-- The matter as it was called when the link was sent: shown and searched without reading the matter again.
alter table payment_link add column matter_label text not null default '';

-- array_to_string is only called stable because of types whose text may change; that of text never does.
create function link_search_text(parts text[]) returns text language sql immutable parallel safe
  return lower(array_to_string(parts, ' '));

alter table payment_link add column search_text text not null generated always as (
  link_search_text(array[reference, client_name, matter_label, payer_name, description] || payer_emails)) stored;
create index payment_link_search on payment_link using gin (firm_id, search_text gin_trgm_ops);

grant create on schema public to sfp_resolver;
set role sfp_resolver;
-- LIKE is not leakproof, so under row-level security its index is out of reach: this one function filters by firm itself.
-- Every word must occur. The newest `most` links; whoever finds more types another word. Planned anew for each call, so that the
-- index fits the words.
create function search_links(words text[], most integer) returns table (link_id uuid)
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
  select l.id
  from payment_link l
  where l.firm_id = firm and l.search_text like patterns[1] and l.search_text like all (patterns)
  order by l.created_at desc, l.id desc
  limit least(most, 5000);
end $$;
revoke execute on function search_links(text[], integer) from public;
grant execute on function search_links(text[], integer) to sfp_app;
reset role;
revoke create on schema public from sfp_resolver;
