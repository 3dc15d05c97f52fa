-- Search with filters, in the order of an index.

-- The list without words: oldest due first, statements without a due date last.
create index statement_open_list on statement (firm_id, (coalesce(due_on, 'infinity'::date)), id)
  where state = 'open' and deleted_at is null and balance_minor > 0;

grant create on schema public to sfp_resolver;
set role sfp_resolver;
drop function search_statements(text[], boolean, date, uuid, integer);

-- LIKE is not leakproof, so under row-level security its index is out of reach: this one function filters by firm itself.
-- Every word must occur; the longest leads the index. Oldest due first; `after_*` is the last row of the page before.
-- Planned anew for each call: only with the values in sight do the absent filters fall away and the indexes fit.
create function search_statements(
  words text[], only_open boolean, wanted_kind text, due_before date, after_due date, after_id uuid, page_size integer
) returns table (statement_id uuid)
  language plpgsql stable security definer set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  firm uuid := current_firm();
  patterns text[] := array(
    select '%' || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%'
    from unnest(words) word where word <> '' order by length(word) desc limit 10);
  -- What is read no longer is not offered.
  connections uuid[] := array(select c.id from connection c where c.firm_id = firm and c.state <> 'disconnected');
begin
  return query
  select s.id
  from statement s
  where s.firm_id = firm
    and s.deleted_at is null
    and s.connection_id = any (connections)
    and (patterns[1] is null or (s.search_text like patterns[1] and s.search_text like all (patterns)))
    and (not only_open or (s.state = 'open' and s.balance_minor > 0))
    and (wanted_kind is null or s.kind = wanted_kind)
    and (due_before is null or s.due_on < due_before)
    and (after_id is null or (coalesce(s.due_on, 'infinity'), s.id) > (coalesce(after_due, 'infinity'), after_id))
  order by coalesce(s.due_on, 'infinity'), s.id
  limit least(page_size, 500);
end $$;
revoke execute on function search_statements(text[], boolean, text, date, date, uuid, integer) from public;
grant execute on function search_statements(text[], boolean, text, date, date, uuid, integer) to sfp_app;
reset role;
revoke create on schema public from sfp_resolver;
