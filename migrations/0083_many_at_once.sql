-- What a firm's events, postings and jobs are done by: many at once.

-- Jobs of any kind in one call. The one call for them all: one job is a list of one.
drop function enqueue_job(text, json, text, timestamptz, integer, text, text, integer);
drop function enqueue_jobs(text, json, integer, integer);
grant create on schema public to sfp_queue;
set role sfp_queue;
create function enqueue_jobs(jobs json, keep_run_at boolean) returns bigint
  language sql volatile security definer set search_path = public, pg_temp as $$
  select count(*) from graphile_worker.add_jobs(array(
    select row (job ->> 'task', job -> 'payload', job ->> 'queue', (job ->> 'runAt')::timestamptz, (job ->> 'tries')::integer,
      job ->> 'key', (job ->> 'priority')::integer, null)::graphile_worker.job_spec
    from json_array_elements(jobs) with ordinality as listed (job, n) order by n), keep_run_at)
$$;
revoke execute on function enqueue_jobs(json, boolean) from public;
grant execute on function enqueue_jobs(json, boolean) to sfp_app;
reset role;
revoke create on schema public from sfp_queue;

-- When an event failed among others and was given a job of its own; until then it is taken with whatever else is new.
alter table inbox_event add column set_apart_at timestamptz;
create index inbox_event_new on inbox_event (firm_id, source, received_at, id) where handled_at is null and set_apart_at is null;

-- The postings of a connection that are on their way, in their order.
create index posting_under_way on posting (firm_id, connection_id, created_at, id) where state in ('ready', 'posting');
