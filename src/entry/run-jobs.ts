import type { Config } from "../base/config.ts";
import type { Context } from "../context.ts";
import { openQueuePool } from "../db/open.ts";
import { type Runner, startRunner } from "../queue/runner.ts";
import { tasks } from "../tasks.ts";
import { onStop } from "./stop.ts";

/** Starts a runner with connections of its own in this process, and sees to it that both end with the process. */
export async function runJobs(config: Config, cx: Context): Promise<Runner> {
  const pool = openQueuePool({
    url: config.DATABASE_URL,
    size: config.RUNNER_CONCURRENCY + 2,
    onError: (error) => cx.log.warn("a queue connection broke", { reason: error.message }),
  });
  onStop("queue connections", () => pool.end());
  const runner = await startRunner({
    pool,
    cx,
    handlers: tasks,
    concurrency: config.RUNNER_CONCURRENCY,
    log: cx.log,
  });
  onStop("runner", runner.stop);
  return runner;
}
