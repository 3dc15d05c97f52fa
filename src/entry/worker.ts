import { ConfigError } from "../base/config.ts";
import { build } from "../build.ts";
import { runJobs } from "./run-jobs.ts";
import { onStop, stopWith } from "./stop.ts";
import { joinSurroundings } from "./surroundings.ts";

// A job runner alone, beside web servers of the same database. Start as many as there is work.
try {
  const { config, stop } = await joinSurroundings(process.env);
  onStop("database", stop);
  const { cx, close } = build(config, undefined, console.error);
  onStop("connections", close);
  const runner = await runJobs(config, cx);
  console.log(`The runner is ready (process ${process.pid})`);
  await runner.done;
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  await stopWith(1);
}
