-- Many jobs of one kind in one call: one at a time they cost more than what they are for.

grant create on schema public to sfp_queue;
set role sfp_queue;
create function enqueue_jobs(task text, payloads json, max_attempts integer, priority integer) returns bigint
  language sql volatile security definer set search_path = public, pg_temp as $$
  select count(*) from graphile_worker.add_jobs(array(
    select row (task, payload, null, null, max_attempts, null, priority, null)::graphile_worker.job_spec
    from json_array_elements(payloads) payload))
$$;
revoke execute on function enqueue_jobs(text, json, integer, integer) from public;
grant execute on function enqueue_jobs(text, json, integer, integer) to sfp_app;
reset role;
revoke create on schema public from sfp_queue;
