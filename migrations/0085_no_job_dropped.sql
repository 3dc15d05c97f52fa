-- A keyed job that is asked for while a runner is just fetching its waiting twin: the queue sees the twin as waiting, waits for the
-- runner's commit, and then finds it locked, so that it neither replaces it nor adds another. Asked once more it sees that the twin has
-- begun, and adds one that follows it. So what gave no row is asked for again. (Jobs without a key always give one.)
grant create on schema public to sfp_queue;
set role sfp_queue;
create or replace function enqueue_jobs(jobs json, keep_run_at boolean) returns bigint
  language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
  wanted graphile_worker.job_spec[];
  kept text[];
  rows_given bigint;
  total bigint := 0;
begin
  select coalesce(array_agg(row (job ->> 'task', job -> 'payload', job ->> 'queue', (job ->> 'runAt')::timestamptz,
      (job ->> 'tries')::integer, job ->> 'key', (job ->> 'priority')::integer, null)::graphile_worker.job_spec order by n), '{}')
    into wanted from json_array_elements(jobs) with ordinality as listed (job, n);
  for attempt in 1 .. 10 loop
    if cardinality(wanted) = 0 then
      return total;
    end if;
    select count(*), coalesce(array_agg(given.key) filter (where given.key is not null), '{}') into rows_given, kept
    from graphile_worker.add_jobs(wanted, keep_run_at) given;
    total := total + rows_given;
    select coalesce(array_agg(spec), '{}') into wanted
    from unnest(wanted) spec where spec.job_key is not null and spec.job_key <> all (kept);
  end loop;
  raise exception 'jobs were dropped again and again: %', (select array_agg(spec.job_key) from unnest(wanted) spec)
    using errcode = 'serialization_failure';
end $$;
reset role;
revoke create on schema public from sfp_queue;
