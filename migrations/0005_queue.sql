-- The service may add jobs, in the transaction that decides on them, and nothing else of the queue.
grant create on schema public to sfp_queue;
set role sfp_queue;
create function enqueue_job(
  task text, payload json, queue_name text, run_at timestamptz, max_attempts integer, job_key text, job_key_mode text, priority integer
) returns bigint
  language sql volatile security definer set search_path = public, pg_temp as $$
  select (graphile_worker.add_job(
    identifier => task, payload => payload, queue_name => queue_name, run_at => run_at, max_attempts => max_attempts,
    job_key => job_key, priority => priority, job_key_mode => coalesce(job_key_mode, 'replace'))).id
$$;
revoke execute on function enqueue_job(text, json, text, timestamptz, integer, text, text, integer) from public;
grant execute on function enqueue_job(text, json, text, timestamptz, integer, text, text, integer) to sfp_app;
reset role;
revoke create on schema public from sfp_queue;
