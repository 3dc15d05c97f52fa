import { ConfigError } from "../base/config.ts";
import { build } from "../build.ts";
import { openQueuePool } from "../db/open.ts";
import { startRunner } from "../queue/runner.ts";
import { tasks } from "../tasks.ts";
import { onStop, stopWith } from "./stop.ts";
import { joinSurroundings } from "./surroundings.ts";

// A job runner alone, beside web servers of the same database. Start as many as there is work.
try {
  const { config, stop } = await joinSurroundings(process.env);
  onStop("database", stop);
  const { cx, close } = build(config, undefined, console.error);
  onStop("connections", close);
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
  console.log(`The runner is ready (process ${process.pid})`);
  await runner.done;
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  await stopWith(1);
}
