-- Sent Pages: the columns and views that members keep, and one action on many links.

-- The columns that a member sees, in order. Without a row: the product's own.
create table sent_columns (
  firm_id uuid not null,
  member_id uuid not null,
  columns text[] not null constraint sent_columns_count check (cardinality(columns) between 1 and 40),
  updated_at timestamptz not null default now(),
  primary key (firm_id, member_id),
  foreign key (firm_id, member_id) references member (firm_id, id)
);
call guard_tenant('sent_columns');

-- A list that a member comes back to: its filters and order as they stand in an address, and its columns.
create table sent_view (
  firm_id uuid not null,
  id uuid not null,
  member_id uuid not null,
  name text not null constraint sent_view_name_length check (length(name) between 1 and 60),
  query text not null constraint sent_view_query_length check (length(query) <= 2000),
  columns text[] not null constraint sent_view_columns_count check (cardinality(columns) between 1 and 40),
  -- Whether the other members of the firm find it, too. Only its owner changes it.
  is_shared boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (firm_id, id),
  foreign key (firm_id, member_id) references member (firm_id, id),
  constraint sent_view_name_unique unique (firm_id, member_id, name)
);
call guard_tenant('sent_view');

-- One thing done to many links: which ones is settled when it is asked for, and each is a step of its own.
create table link_action (
  firm_id uuid not null references firm (id),
  -- Made with the form: the same form sent twice is one action.
  id uuid not null,
  verb text not null constraint link_action_verb check (verb in ('remind', 'extend', 'cancel')),
  expires_on date,
  extend_days integer constraint link_action_extend_days check (extend_days between 1 and 365),
  -- What was chosen, in words.
  chosen text not null,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (firm_id, id),
  foreign key (firm_id, created_by) references member (firm_id, id),
  constraint link_action_extension check ((verb = 'extend') = (num_nonnulls(expires_on, extend_days) = 1))
);
call guard_tenant('link_action');
create table link_action_item (
  firm_id uuid not null,
  action_id uuid not null,
  link_id uuid not null,
  position integer not null,
  state text not null constraint link_action_item_state check (state in ('waiting', 'done', 'refused')),
  reason text,
  primary key (firm_id, action_id, link_id),
  foreign key (firm_id, action_id) references link_action (firm_id, id),
  foreign key (firm_id, link_id) references payment_link (firm_id, id),
  constraint link_action_item_position_unique unique (firm_id, action_id, position),
  constraint link_action_item_reason check ((state = 'refused') = (reason is not null))
);
call guard_tenant('link_action_item');
create index link_action_item_state_list on link_action_item (firm_id, action_id, state, position);

-- What is open is looked at by due date before anything else.
create index payment_link_open_due on payment_link (firm_id, (coalesce(due_on, 'infinity'::date)), id) where state = 'outstanding';

-- More matches than before are looked at; the list says when there are more still.
grant create on schema public to sfp_resolver;
set role sfp_resolver;
create or replace function search_links(words text[], most integer) returns table (link_id uuid)
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
  limit least(most, 10001);
end $$;
reset role;
revoke create on schema public from sfp_resolver;
