import pg, { type Pool } from "pg";
import type { Log } from "../base/log.ts";

/** A dead runner's jobs are free after two looks: 5 to 10 seconds. */
const LOOK_INTERVAL_MS = 5_000;
const RECONNECT_PAUSE_MS = 1_000;

export type Watch = {
  /** Says that the runner with this id is alive for as long as this process is. */
  guard: (runnerId: string) => void;
  end: () => Promise<void>;
};

const LOCK_KEY = "hashtextextended('runner ' || $1, 0)";

/**
 * The queue's library holds a dead runner's jobs for hours. So each runner keeps a session lock named after itself, which
 * PostgreSQL drops the moment its process is gone, and every runner looks for jobs held by a name whose lock nobody has. Seen
 * twice in a row, they are freed: the first look might come between a runner's first job and its lock. The connection is one of its own
 * beside the pool: a session lock lives as long as its connection.
 */
export async function standWatch(pool: Pool, log: Log): Promise<Watch> {
  const guarded = new Set<string>();
  let suspects = new Set<string>();
  let isOver = false;
  let client = new pg.Client(pool.options);
  await client.connect();
  let reconnecting: Promise<void> | undefined;

  const recover = async () => {
    while (!isOver) {
      const next = new pg.Client(pool.options);
      try {
        next.on("error", watchErrors);
        await next.connect();
        for (const id of guarded) await next.query(`select pg_advisory_lock(${LOCK_KEY})`, [id]);
        client = next;
        return;
      } catch (error) {
        // One that waits for a lock in vain is not left behind; nobody waits for its end.
        next
          .end()
          .catch((late) => log.debug("a connection of the watch did not end", { reason: String(late) }));
        log.warn("the runner's watch cannot reach the database", { reason: String(error) });
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_PAUSE_MS));
      }
    }
  };
  const watchErrors = () => {
    reconnecting ??= recover().finally(() => {
      reconnecting = undefined;
    });
  };
  client.on("error", watchErrors);

  const look = async () => {
    const found = await findAbandoned(client, [...guarded]);
    const dead = found.filter((id) => suspects.has(id));
    suspects = new Set(found);
    if (dead.length === 0) return;
    await client.query("select graphile_worker.force_unlock_workers($1::text[])", [dead]);
    log.warn("took over the jobs of runners that are gone", { runners: dead.length });
  };
  const timer = setInterval(() => {
    if (!isOver && !reconnecting)
      look().catch((error) => log.warn("the runner's watch failed to look", { reason: String(error) }));
  }, LOOK_INTERVAL_MS);

  return {
    guard(runnerId) {
      guarded.add(runnerId);
      client.query(`select pg_advisory_lock(${LOCK_KEY})`, [runnerId]).catch(watchErrors);
    },
    async end() {
      isOver = true;
      clearInterval(timer);
      await reconnecting;
      await client.end();
    },
  };
}

/** The names that hold jobs or queues while nobody holds the lock of that name. */
async function findAbandoned(client: pg.Client, own: string[]): Promise<string[]> {
  const { rows } = await client.query<{ locked_by: string }>(
    `select distinct locked_by from (
       select locked_by from graphile_worker._private_jobs where locked_at is not null
       union all select locked_by from graphile_worker._private_job_queues where locked_at is not null
     ) held where locked_by <> all ($1)`,
    [own],
  );
  const abandoned: string[] = [];
  for (const row of rows) {
    const answer = await client.query<{ free: boolean }>(`select pg_try_advisory_lock(${LOCK_KEY}) as free`, [
      row.locked_by,
    ]);
    if (!answer.rows[0]?.free) continue;
    await client.query(`select pg_advisory_unlock(${LOCK_KEY})`, [row.locked_by]);
    abandoned.push(row.locked_by);
  }
  return abandoned;
}
